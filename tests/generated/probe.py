"""The app of a generated project, watched: runs in the project's own environment, under uvicorn.

    PROBE='{"app": "app.main:app", "log": "…", …}' python -m uvicorn probe:app

What the app does is written to the log, a line of JSON each, with the number of the request that it
is done for; the answer tells that number. Password resets are written there instead of sent. Where
the project knows API keys, `/probe/key` asks for one, and `/probe/revoke` revokes it.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import json
import os
import re
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

SETTINGS: dict[str, str] = json.loads(os.environ["PROBE"])

#: What a hash says of how it is made.
PARAMETERS = re.compile(r"\$2b\$\d+|\$argon2id\$v=\d+\$[^$]+")

REQUEST: ContextVar[int] = ContextVar("request", default=0)
NUMBERS = itertools.count(1)


def note(kind: str, *told: str) -> None:
    """Write down what is done."""
    line = json.dumps({"request": REQUEST.get(), "kind": kind, "told": told})
    with Path(SETTINGS["log"]).open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")


class Watched:
    """An app whose answers are numbered."""

    def __init__(self, inner: Any) -> None:
        """Watch `inner`."""
        self.inner = inner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, and write down when that begins."""
        number = next(NUMBERS)
        REQUEST.set(number)

        async def numbered(message: Any) -> None:
            if message["type"] == "http.response.start":
                note("answer", str(message["status"]))
                headers = [*message.get("headers", []), (b"x-probe", str(number).encode())]
                message = message | {"headers": headers}
            await send(message)

        await self.inner(scope, receive, numbered if scope["type"] == "http" else send)


def watch_statements() -> None:
    """Write down what the database is asked, without the values."""

    @event.listens_for(Engine, "before_cursor_execute")
    def _(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        note("statement", statement)


def watch_passwords(module: Any) -> None:
    """Write down how passwords are compared with hashes."""
    hashes = module.password_hash
    verify = hashes.verify_and_update

    def watched(password: str, hashed: str) -> Any:
        found = PARAMETERS.match(hashed)
        note("verify", found.group() if found else hashed)
        return verify(password, hashed)

    hashes.verify_and_update = watched


def keep_mail(project_app: Any, module: Any) -> None:
    """Write password resets down instead of sending them."""

    async def keep(email: str, token: str) -> None:
        note("mail", email, token)

    def keep_at_once(email: str, token: str) -> None:
        note("mail", email, token)

    is_async = inspect.iscoroutinefunction(module.get_password_reset_sender()) or (
        inspect.iscoroutinefunction(module.PasswordResetSender.__call__)
    )
    sender = keep if is_async else keep_at_once
    project_app.dependency_overrides[module.get_password_reset_sender] = lambda: sender


def guard(project_app: Any, module: Any) -> None:
    """Add what takes an API key."""

    def read_name(key: Any) -> str:
        return str(key.name)

    async def revoke(key: Any, keys: Any) -> None:
        done = keys.revoke(key)
        if inspect.isawaitable(done):
            await done

    read_name.__annotations__ = {"key": module.ApiKeyDep, "return": str}
    revoke.__annotations__ = {"key": module.ApiKeyDep, "keys": module.ApiKeyServiceDep}
    project_app.get("/probe/key")(read_name)
    project_app.post("/probe/revoke", status_code=204, response_model=None)(revoke)


def watched_app() -> Watched:
    """The project's app, with all of this."""
    module, _, name = SETTINGS["app"].partition(":")
    project_app = getattr(importlib.import_module(module), name)
    watch_statements()
    if "passwords" in SETTINGS:
        watch_passwords(importlib.import_module(SETTINGS["passwords"]))
        keep_mail(project_app, importlib.import_module(SETTINGS["mail"]))
    if "keys" in SETTINGS:
        guard(project_app, importlib.import_module(SETTINGS["keys"]))
    return Watched(project_app)


app = watched_app()
