"""Passwords, from outside: what answers tell, what is stored, how often one may try."""

from __future__ import annotations

import re

from accounts import OTHER, PASSWORD, Accounts
from forgeries import decoded
from project import CheckError
from watched import Answer, expect, expect_same

#: How often a client may call a path, and anyone an account, in a minute.
CLIENT_LIMIT = 30
ACCOUNT_LIMIT = 5


def judge(accounts: Accounts) -> None:
    """All of it."""
    a_failed_login_tells_nothing(accounts)
    a_forgotten_password_tells_nothing(accounts)
    an_address_is_taken_once(accounts)
    a_reset_works_once(accounts)
    a_reset_expires(accounts)
    secrets_are_hashed(accounts)
    tries_are_limited(accounts)


def a_failed_login_tells_nothing(accounts: Accounts) -> None:
    """Neither by its answer, nor by its work, which is one comparison with a hash."""
    email = accounts.new()
    wrong = accounts.try_login(email, OTHER)
    unknown = accounts.try_login(f"nobody-{email}", OTHER)
    expect(wrong, 401, "a login with a wrong password")
    expect_same(wrong.shown(), unknown.shown(), "a wrong password and an unknown account")
    work = [accounts.app.until_answered(answer) for answer in (wrong, unknown)]
    expect_same(work[0], work[1], "the work for a wrong password and for an unknown account")
    compared = [event for event in work[0] if event.kind == "verify"]
    if len(compared) != 1:
        raise CheckError("a login with a wrong password", f"hashes compared: {compared}")
    too_long = accounts.try_login(email, "L0ng" * 500)
    expect_same(too_long.shown(), wrong.shown(), "a wrong password and one that is too long")


def a_forgotten_password_tells_nothing(accounts: Accounts) -> None:
    """Neither by its answer, nor by its work up to there."""
    email = accounts.new()
    known, unknown = accounts.forget(email), accounts.forget(f"nobody-{email}")
    expect(known, 202, "a forgotten password")
    expect_same(known.shown(), unknown.shown(), "resets of a known and an unknown account")
    accounts.app.mail(known)
    work = [accounts.app.until_answered(answer) for answer in (known, unknown)]
    expect_same(work[0], work[1], "the work for resets of a known and an unknown account")
    if any(event.kind == "mail" for event in accounts.app.events(unknown.number)):
        raise CheckError("a forgotten password of nobody", "a token was sent")


def an_address_is_taken_once(accounts: Accounts) -> None:
    """In whatever case it is written, and what is there stays as it is."""
    email = accounts.new()
    for again in (email, email.upper()):
        taken = accounts.sign_up(again, OTHER, number=next(accounts.app.fresh))
        expect(taken, 409, f"a second sign-up of {again}")
        if "password" in str(taken.body).lower():
            raise CheckError("a second sign-up", f"it tells of the password: {taken.body}")
    expect(accounts.try_login(email, OTHER), 401, "the password of the second sign-up")
    expect(accounts.try_login(email.upper()), 200, "the address in capitals")


def a_reset_works_once(accounts: Accounts) -> None:
    """It sets the password, ends the session, and is used up, as are those sent before."""
    email = accounts.new()
    tokens = accounts.log_in(email)
    older = accounts.app.mail(accounts.forget(email))
    token = accounts.app.mail(accounts.forget(email))
    expect(accounts.reset(older, OTHER), 400, "a reset with a token that another one followed")
    expect(accounts.reset(f"{token}x", OTHER), 400, "a reset with a token that is none")
    expect(accounts.reset(token, "weak"), 422, "a reset to a weak password")
    expect(accounts.reset(token, OTHER), 204, "a reset")
    used, unknown = accounts.reset(token, PASSWORD), accounts.reset("nonsense", PASSWORD)
    expect(used, 400, "a second reset with the same token")
    expect_same(used.shown(), unknown.shown(), "a token that was used and one that is none")
    expect(accounts.me(tokens.access), 401, "an access token after the reset")
    expect(accounts.refresh(tokens.refresh), 401, "a refresh token after the reset")
    expect(accounts.try_login(email, PASSWORD), 401, "the old password after the reset")
    expect(accounts.try_login(email, OTHER), 200, "the new password after the reset")


def a_reset_expires(accounts: Accounts) -> None:
    """After an hour, which the database is told to be over."""
    email = accounts.new()
    database = accounts.app.database
    token = accounts.app.mail(accounts.forget(email))
    table = database.table(r"password_?resets?")
    database.execute(f"UPDATE {table} SET expires_at = '2020-01-01 00:00:00'")
    expect(accounts.reset(token, OTHER), 400, "a reset with an expired token")
    expect(accounts.try_login(email, PASSWORD), 200, "the password after a reset that failed")


def secrets_are_hashed(accounts: Accounts) -> None:
    """Whoever reads the database can neither log in, nor refresh, nor reset."""
    email = accounts.new()
    tokens = accounts.log_in(email)
    reset = accounts.app.mail(accounts.forget(email))
    stored = accounts.app.database.dump()
    if email not in stored:
        raise CheckError("the database of the app", f"{email} is not in it")
    secrets = {
        "the password": PASSWORD,
        "the access token": tokens.access,
        "the refresh token": tokens.refresh,
        "the refresh token's name": decoded(tokens.refresh.split(".")[1])["jti"],
        "the reset token": reset,
    }
    for name, secret in secrets.items():
        if secret in stored:
            raise CheckError("the database of the app", f"{name} is in it: {secret}")
    if not re.search(r"\$argon2id\$|\$2b\$12\$", stored):
        raise CheckError("the database of the app", "no hash of Argon2 or of bcrypt is in it")


def tries_are_limited(accounts: Accounts) -> None:
    """Per account, whoever tries, and per client, whatever is tried."""
    email, stranger = accounts.new(), "nobody-at-all@example.com"
    for name in (email, stranger):
        tried = [accounts.try_login(name, OTHER) for _ in range(ACCOUNT_LIMIT + 1)]
        refused_at_last(tried, 401, f"logins of {name}")
    refused_at_last([accounts.try_login(email)], None, "the right password after too many tries")
    forgotten = [accounts.forget(stranger) for _ in range(ACCOUNT_LIMIT + 1)]
    refused_at_last(forgotten, 202, "forgotten passwords of an account")
    client = accounts.app.client()
    several = [accounts.refresh("nonsense", client) for _ in range(CLIENT_LIMIT + 1)]
    refused_at_last(several, 401, "refreshes of a client")
    weak = [accounts.sign_up(email, "weak", client=client) for _ in range(CLIENT_LIMIT + 1)]
    refused_at_last(weak, 422, "sign-ups of a client")
    resets = [accounts.reset("nonsense", OTHER, client) for _ in range(CLIENT_LIMIT + 1)]
    refused_at_last(resets, 400, "resets of a client")
    expect(accounts.try_login(accounts.new()), 200, "another client's login")


def refused_at_last(answers: list[Answer], before: int | None, what: str) -> None:
    """The last one, and no other, is refused for the number of tries, until some time."""
    *earlier, last = answers
    if any(answer.status != before for answer in earlier):
        raise CheckError(what, str([answer.status for answer in answers]))
    expect(last, 429, f"{what}, once too often")
    if int(last.headers.get("retry-after", "0")) < 1:
        raise CheckError(what, f"Retry-After is missing: {last.headers}")
