"""A generated project under the probe: asked from outside, with what it did for each answer."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postgres import Postgres
from project import CheckError, Project
from served import served

#: How long the app may take with what it does after an answer, in seconds.
PATIENCE = 20.0

_FRESH = itertools.count(1)

#: What is found of a project's auth, by what its modules say.
MARKS = {
    "passwords": re.compile(r"^password_hash = ", re.MULTILINE),
    "mail": re.compile(r"^def get_password_reset_sender\(", re.MULTILINE),
    "keys": re.compile(r"^ApiKeyDep = ", re.MULTILINE),
    "command": re.compile(r"description=.Issue an API key"),
}


@dataclass(frozen=True)
class Event:
    """Something that the app did: a statement to the database, a hash compared, an answer."""

    kind: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a request got."""

    status: int
    #: The body, parsed where it is JSON.
    body: Any
    headers: dict[str, str]

    @property
    def number(self) -> int:
        """The probe's number of the request."""
        return int(self.headers["x-probe"])

    def shown(self) -> tuple[int, str, list[str]]:
        """What a client can tell it by, but for what differs each time."""
        volatile = re.compile(r'"(request_id|timestamp)":\s*"[^"]*"')
        return self.status, volatile.sub("", json.dumps(self.body)), sorted(self.headers)


class Database:
    """The database of the served app, looked at behind its back."""

    def __init__(self, url: str, postgres: Postgres | None) -> None:
        """The database with an address that SQLAlchemy takes."""
        self.url = url
        self.postgres = postgres

    def dump(self) -> str:
        """All that is stored."""
        if self.postgres is not None:
            return self.program("pg_dump", "--inserts")
        with closing(sqlite3.connect(self.path(), timeout=PATIENCE)) as connection:
            return "\n".join(connection.iterdump())

    def execute(self, statement: str) -> None:
        """Change something."""
        if self.postgres is not None:
            self.program("psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--command={statement}")
            return
        with closing(sqlite3.connect(self.path(), timeout=PATIENCE)) as connection:
            connection.execute(statement)
            connection.commit()

    def table(self, pattern: str) -> str:
        """The table with such a name."""
        found = re.search(rf'CREATE TABLE (?:public\.)?"?({pattern})\b', self.dump(), re.IGNORECASE)
        if found is None:
            raise CheckError("the database of the app", f"there is no table {pattern}")
        return found.group(1)

    def path(self) -> str:
        """The file of SQLite."""
        return self.url.partition(":///")[2]

    def program(self, name: str, *arguments: str) -> str:
        """Run a program of PostgreSQL on the database."""
        folder = self.postgres.folder if self.postgres is not None else Path()
        address = re.sub(r"^postgresql\+\w+:", "postgresql:", self.url)
        command = [str(folder / name), *arguments, address]
        ended = subprocess.run(command, check=False, capture_output=True, text=True)
        if ended.returncode != 0:
            raise CheckError(" ".join(command), ended.stderr)
        return ended.stdout


@dataclass
class App:
    """The app."""

    address: str
    log: Path
    database: Database
    #: Numbers of clients and accounts that nobody was before, of no other app either.
    fresh: Iterator[int] = _FRESH

    def client(self) -> Client:
        """A client from an address of its own, of whom no limit knows."""
        number = next(self.fresh)
        return Client(self, f"10.1.{number // 250}.{number % 250 + 1}")

    def events(self, number: int) -> list[Event]:
        """What was done for a request until now."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        entries = [json.loads(line) for line in lines if line.endswith("}")]
        return [
            Event(entry["kind"], tuple(entry["told"]))
            for entry in entries
            if entry["request"] == number
        ]

    def until_answered(self, answer: Answer) -> list[Event]:
        """What was done for a request up to its answer: what the time to it can tell."""
        events = self.events(answer.number)
        kinds = [event.kind for event in events]
        return events[: kinds.index("answer") + 1]

    def mail(self, answer: Answer) -> str:
        """The token of the password reset that a request sent."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            sent = [event for event in self.events(answer.number) if event.kind == "mail"]
            if sent:
                return sent[0].told[1]
            time.sleep(0.05)
        raise CheckError("POST /auth/forgot-password", "no token was sent")


class Client:
    """Somebody who asks."""

    def __init__(self, app: App, host: str) -> None:
        """Ask from an address, as a proxy says it."""
        self.app = app
        self.host = host

    def get(self, path: str, token: str | None = None) -> Answer:
        """Read, with an access token."""
        return self.ask(path, None, bearing(token))

    def post(self, path: str, body: object = None, token: str | None = None) -> Answer:
        """Send JSON, with an access token."""
        data = b"" if body is None else json.dumps(body).encode()
        return self.ask(path, data, {"Content-Type": "application/json"} | bearing(token))

    def submit(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(path, urllib.parse.urlencode(form).encode(), kind)

    def ask(self, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        """Send a request."""
        request = urllib.request.Request(
            f"{self.app.address}{path}", data, headers | {"X-Forwarded-For": self.host}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return answer_of(response)
        except urllib.error.HTTPError as error:
            return answer_of(error)


def bearing(token: str | None) -> dict[str, str]:
    """The header that has an access token."""
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def answer_of(response: Any) -> Answer:
    """What a response says."""
    text = response.read().decode(errors="replace")
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, body, headers)


@dataclass(frozen=True)
class Serving:
    """How a project is served."""

    project: Project
    python: str
    postgres: Postgres | None
    url: str

    @contextmanager
    def __call__(self, variables: dict[str, str]) -> Iterator[App]:
        """Serve it under the probe."""
        number = sum(1 for _ in self.project.scratch.glob("probe*.jsonl"))
        log = self.project.scratch / f"probe{number}.jsonl"
        log.touch()
        base = self.project.case.base
        settings = {"app": base.app, "log": str(log)} | modules(self.project)
        source = (self.project.root / base.source).resolve()
        environment = variables | {
            "DATABASE_URL": self.url,
            "PROBE": json.dumps(settings),
            "PYTHONPATH": str(source),
        }
        command = [
            self.python, "-m", "uvicorn", "probe:app", f"--app-dir={Path(__file__).parent}",
            "--host=127.0.0.1", "--port=0", "--no-access-log",
        ]  # fmt: skip
        words = self.project.scratch / f"probe{number}.log"
        with served(command, self.project.root, environment, words) as address:
            yield App(address, log, Database(self.url, self.postgres))


def modules(project: Project) -> dict[str, str]:
    """The modules of a project that the probe watches."""
    source = (project.root / project.case.base.source).resolve()
    found: dict[str, str] = {}
    for path in project.python_files():
        text = path.read_text("utf-8")
        for name, mark in MARKS.items():
            if mark.search(text) and path.is_relative_to(source):
                found[name] = ".".join(path.relative_to(source).with_suffix("").parts)
    return found


def expect(answer: Answer, status: int, what: str) -> Answer:
    """The answer, which has to have a status."""
    if answer.status != status:
        raise CheckError(what, f"{answer.status} instead of {status}: {answer.body}")
    return answer


def expect_same(first: object, second: object, what: str) -> None:
    """Two things that nobody may be able to tell apart."""
    if first != second:
        raise CheckError(what, f"they can be told apart:\n{first}\n{second}")
