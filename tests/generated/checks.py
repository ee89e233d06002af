"""What must be true of a generated project, each thing asked of the program that judges it."""

from __future__ import annotations

import ast
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import forgeries
import keys
import logins
import passwords
from accounts import Accounts
from endpoints import Operations
from environments import declared, environment_of, name_of, python_of
from joserfc.jwk import OctKey, RSAKey
from mysql import Mysql
from postgres import Postgres
from project import CheckError, Project, run
from served import served
from watched import Serving, modules

#: What schemathesis tries: few examples, always the same.
FUZZING = [
    "--checks=not_a_server_error",
    "--phases=examples,coverage,fuzzing,stateful",
    "--max-examples=5",
    "--seed=1",
    "--generation-database=none",
    "--suppress-health-check=all",
    "--warnings=off",
    "--no-color",
    # It has no end.
    "--exclude-path-regex=/events$",
]

#: The key that tokens are signed with where a key of RSA signs them.
RSA_KEY = RSAKey.generate_key(2048, private=True)

#: The driver for MySQL that is added.
MYSQL = "asyncmy"

#: Scaffolds that put a guard before what is inserted: who may do it is judged by `auth` and `keys`.
GUARDING = {"auth", "api-key"}

#: What is known of a judge in Python that hands on how Node.js ended, -11.
SEGMENTATION_FAULT = "\nexit code 245"

_KEEPING = threading.Lock()


@dataclass(frozen=True)
class Judges:
    """The programs that judge."""

    #: The folder that is prepared.
    into: Path
    #: Routewright itself.
    binary: Path
    postgres: Postgres
    mysql: Mysql

    def program(self, name: str) -> str:
        """A program of the prepared environment."""
        return str(self.into / "env" / "bin" / name)


class Checks:
    """The checks of one project."""

    def __init__(self, project: Project, judges: Judges) -> None:
        """Those of `project`."""
        self.project = project
        self.judges = judges
        self.root = project.root
        self.base = project.case.base

    def each(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """The checks by name, those first that take no time."""
        yield "parse", self.parse
        yield "ruff", self.ruff
        yield "check", self.findings
        yield "mypy", self.mypy
        yield "basedpyright", self.basedpyright
        if any(path.name.startswith("test_") for path in self.project.python_files()):
            yield "pytest", self.pytest
            if self.knows_postgresql():
                yield "postgresql", self.pytest_on_postgresql
            if self.knows_mysql():
                yield "mysql", self.pytest_on_mysql
        if (self.root / "alembic.ini").exists():
            yield "alembic", self.alembic
        yield "serve", self.serve
        watched = modules(self.project)
        if "passwords" in watched:
            yield "auth", self.auth
        if "keys" in watched:
            yield "keys", self.keys
        added = {scaffold.name for scaffold in self.project.case.scaffolds}
        if "endpoints" in added and not added & GUARDING:
            yield "endpoints", self.endpoints

    def parse(self) -> None:
        """Every module parses as Python 3.11."""
        for path in self.project.python_files():
            try:
                ast.parse(path.read_text("utf-8"), path.name, feature_version=(3, 11))
            except SyntaxError as error:
                raise CheckError(f"python -m ast {path}", str(error)) from error

    def ruff(self) -> None:
        """Formatted and without findings, as the project's own settings have it."""
        ruff = self.judges.program("ruff")
        self.run(ruff, "format", "--no-cache", "--diff")
        self.run(ruff, "check", "--no-cache", "--output-format=full")

    def findings(self) -> None:
        """None of our own rules finds anything."""
        variables = {"VIRTUAL_ENV": str(self.environment())}
        run([str(self.judges.binary), "check"], self.root, variables)

    def mypy(self) -> None:
        """No errors with `--strict`; what it knows of libraries comes from the base's first run."""
        cache = self.project.scratch / "mypy"
        kept = self.judges.into / "mypy" / self.base.name
        if known := self.known_to_mypy(kept):
            shutil.copytree(known, cache)
        self.run(
            self.judges.program("mypy"), "--strict", f"--cache-dir={cache}",
            f"--python-executable={self.python()}",
        )  # fmt: skip
        with _KEEPING:
            if kept.exists():
                shutil.rmtree(cache)
            else:
                kept.parent.mkdir(exist_ok=True)
                cache.rename(kept)

    def known_to_mypy(self, kept: Path) -> Path | None:
        """What is kept of this base, or else of another one: most libraries are the same."""
        others = sorted(kept.parent.glob("*"))
        return kept if kept.exists() else next(iter(others), None)

    def basedpyright(self) -> None:
        """No errors; where a signal ends Node.js before a word is said, nothing is judged yet."""
        judge = self.judges.program("basedpyright")
        command = (judge, "--level=error", f"--pythonpath={self.python()}")
        try:
            self.run(*command)
        except CheckError as broken:
            if broken.output != SEGMENTATION_FAULT:
                raise
            self.run(*command)

    def pytest(self) -> None:
        """The tests pass as they are."""
        self.run_tests({})

    def pytest_on_postgresql(self) -> None:
        """The tests pass with a real PostgreSQL."""
        self.run_tests({"DATABASE_URL": self.postgresql("tests")})

    def pytest_on_mysql(self) -> None:
        """The tests pass with a real MariaDB."""
        self.run_tests({"DATABASE_URL": self.mysql("tests")})

    def alembic(self) -> None:
        """The migrations lead to what the models say, and back, in either database."""
        databases = [self.sqlite("migrated")]
        if self.knows_postgresql():
            databases.append(self.postgresql("migrated"))
        if self.knows_mysql():
            databases.append(self.mysql("migrated"))
        for url in databases:
            self.migrate(url, "upgrade head", "check", "downgrade base", "upgrade head")

    def serve(self) -> None:
        """The app starts and no request makes it fail."""
        url = self.mysql("served") if self.knows_mysql() else self.sqlite("served")
        variables = self.environment_variables() | {"DATABASE_URL": url}
        example = self.root / ".env.example"
        if example.exists():
            shutil.copy(example, self.root / ".env")
        if (self.root / "alembic.ini").exists():
            self.migrate(variables["DATABASE_URL"], "upgrade head")
        log = self.project.scratch / "uvicorn.log"
        with served(self.uvicorn(), self.root, variables, log) as address:
            judge = self.judges.program("schemathesis")
            headers = [f"--header={name}: {value}" for name, value in self.base.headers.items()]
            self.run(judge, "run", f"{address}/openapi.json", *headers, *FUZZING)

    def auth(self) -> None:
        """Nobody gets in who should not, and nobody learns what they should not, over HTTP."""
        serving, variables = self.serving("auth"), self.environment_variables()
        key = self.signing_key()
        with serving(variables) as app:
            accounts = Accounts(app)
            logins.judge(accounts)
            forgeries.judge(accounts, key)
            passwords.judge(accounts)
        if isinstance(key, RSAKey):
            keys.judge_rotation(serving, variables, key)

    def keys(self) -> None:
        """API keys open what they are for, over HTTP."""
        keys.judge_api_keys(self.serving("keys"), self.environment_variables())

    def serving(self, purpose: str) -> Serving:
        """How the app is served to be watched, with a new database."""
        server = self.judges.postgres if self.knows_postgresql() else None
        url = self.postgresql(purpose) if server else self.sqlite(purpose)
        if (self.root / "alembic.ini").exists():
            self.migrate(url, "upgrade head")
        return Serving(self.project, self.python(), server, url)

    def environment_variables(self) -> dict[str, str]:
        """What the app needs to be told."""
        needed = self.project.case.environment()
        return {name: value.format(rsa_key=keys.pem(RSA_KEY)) for name, value in needed.items()}

    def signing_key(self) -> OctKey | RSAKey:
        """What its tokens are signed with."""
        variables = self.project.case.environment()
        secret = variables.get("SECRET_KEY")
        return OctKey.import_key(secret) if secret else RSA_KEY

    def endpoints(self) -> None:
        """The inserted path operations do what their kinds promise."""
        url = self.sqlite("endpoints")
        if (self.root / "alembic.ini").exists():
            self.migrate(url, "upgrade head")
        shutil.rmtree(self.root / "uploads", ignore_errors=True)
        variables = self.project.case.environment() | {"DATABASE_URL": url}
        log = self.project.scratch / "endpoints.log"
        with served(self.uvicorn(), self.root, variables, log) as address:
            Operations.of(address, self.root).check()

    def uvicorn(self) -> list[str]:
        """The command that serves the app."""
        return [
            self.python(), "-m", "uvicorn", self.base.app, f"--app-dir={self.base.source}",
            "--host=127.0.0.1", "--port=0", "--no-access-log",
        ]  # fmt: skip

    def migrate(self, url: str, *commands: str) -> None:
        """Run commands of Alembic, all in one process."""
        program = "import sys, alembic.config as c; [c.main(a.split()) for a in sys.argv[1:]]"
        variables = self.environment_variables() | {"DATABASE_URL": url}
        self.run(self.python(), "-c", program, *commands, variables=variables)

    def run_tests(self, variables: dict[str, str]) -> None:
        """Run the project's tests with what it declares."""
        self.run(
            self.python(),
            "-m",
            "pytest",
            "-q",
            "--tb=short",
            "-p",
            "no:cacheprovider",
            variables=variables,
        )

    def run(self, *command: str, variables: dict[str, str] | None = None) -> None:
        """Run a judge in the project's folder."""
        run(list(command), self.root, variables or {})

    def environment(self) -> Path:
        """An environment with what the project declares."""
        return environment_of(self.root, self.judges.into)

    def python(self) -> str:
        """The interpreter of that environment."""
        try:
            return str(python_of(self.environment()))
        except OSError as error:
            raise CheckError("uv pip install", str(error)) from error

    def knows_postgresql(self) -> bool:
        """Whether the project requires a driver for PostgreSQL."""
        driver = self.base.postgresql.partition("+")[2]
        return driver in {name_of(requirement) for requirement in declared(self.root)}

    def knows_mysql(self) -> bool:
        """Whether the project requires a driver for MySQL."""
        return MYSQL in {name_of(requirement) for requirement in declared(self.root)}

    def sqlite(self, purpose: str) -> str:
        """The address of a new SQLite file."""
        return f"{self.base.sqlite}:///{self.project.scratch / purpose}.db"

    def postgresql(self, purpose: str) -> str:
        """The address of a new database in PostgreSQL."""
        address = self.judges.postgres.make_database(self.database_name(purpose))
        return f"{self.base.postgresql}:{address}"

    def mysql(self, purpose: str) -> str:
        """The address of a new database in MariaDB."""
        return f"mysql+{MYSQL}:{self.judges.mysql.make_database(self.database_name(purpose))}"

    def database_name(self, purpose: str) -> str:
        """The name of a database of this case."""
        return re.sub(r"\W", "_", f"{purpose}_{self.project.case.name}")[:63].lower()
