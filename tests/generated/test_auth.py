"""That the judges of auth see what is wrong: in a project whose auth was weakened in one place."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import forgeries
import logins
import passwords
import pytest
from accounts import Accounts
from cases import Matrix
from checks import Checks, Judges
from joserfc.jwk import OctKey
from mysql import Mysql
from postgres import Postgres
from project import CheckError, Project

CASE = Matrix.read().case("flat+auth")
SECRET = OctKey.import_key(CASE.environment()["SECRET_KEY"])

#: What is weakened, by what in which place, and who has to see it.
WEAKNESSES: dict[str, tuple[str, str, Callable[[Accounts], None]]] = {
    "any type of token is taken": (
        "if claims.type != kind:",
        "if False:",
        partial(forgeries.judge, key=SECRET),
    ),
    "tokens need no claims": (
        'options={"require": required}',
        "options={}",
        partial(forgeries.judge, key=SECRET),
    ),
    "tokens are valid for ever": (
        'options={"require": required}',
        'options={"require": required, "verify_exp": False}',
        partial(forgeries.judge, key=SECRET),
    ),
    "signatures are not verified": (
        'options={"require": required}',
        'options={"require": required, "verify_signature": False, "verify_exp": True}',
        partial(forgeries.judge, key=SECRET),
    ),
    "tokens are stored as they are": (
        "return hashlib.sha256(token.encode()).hexdigest()",
        "return token",
        passwords.secrets_are_hashed,
    ),
    "unknown accounts cost nothing": (
        "user = await self._find(email)\n        is_right,",
        "user = await self._find(email)\n        if user is None:\n"
        '            raise HTTPException(401, "Wrong e-mail address or password")\n'
        "        is_right,",
        passwords.a_failed_login_tells_nothing,
    ),
    "an older reset works too": (
        "delete(PasswordReset).where(outdated)",
        "delete(PasswordReset).where(PasswordReset.expires_at <= now)",
        passwords.a_reset_works_once,
    ),
    "a reset ends no session": (
        "await self._end_sessions(user_id)\n        await self.session.execute(",
        "await self.session.execute(",
        passwords.a_reset_works_once,
    ),
    "a reset never expires": (
        "where(is_token, PasswordReset.expires_at > datetime.now(UTC))",
        "where(is_token)",
        passwords.a_reset_expires,
    ),
    "nobody counts tries": (
        "if len(tries) >= self.limit:",
        "if False:",
        passwords.tries_are_limited,
    ),
    "a second use of a refresh token ends nothing": (
        "await self.log_out(claims)\n            logger",
        "logger",
        logins.used_again,
    ),
    "a logout ends nothing": (
        "delete(AuthSession).where(AuthSession.id == claims.sid)",
        "delete(AuthSession).where(AuthSession.token_hash == str(claims.sid))",
        logins.logged_out,
    ),
}


def weaken(project: Project, old: str, new: str) -> None:
    """Replace something in the one module that has it."""
    [path] = [path for path in project.python_files() if old in path.read_text("utf-8")]
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("name", WEAKNESSES)
def test_each_weakness_is_seen(name: str, into: Path, server: Postgres) -> None:
    """The judge says what is wrong."""
    old, new, judge = WEAKNESSES[name]
    binary = Path(os.environ["ROUTEWRIGHT"]).resolve()
    project = Project.copy(CASE, into)
    project.generate(binary, into)
    weaken(project, old, new)
    checks = Checks(project, Judges(into, binary, server, Mysql(into)))
    serving = checks.serving(f"weak{list(WEAKNESSES).index(name)}")
    with serving(checks.environment_variables()) as app, pytest.raises(CheckError) as caught:
        judge(Accounts(app))
    assert caught.value.command
