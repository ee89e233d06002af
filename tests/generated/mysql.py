"""A MariaDB of the tests' own, which speaks MySQL's protocol: on loopback, gone when they end."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postgres import data_folder, free_port, rights_of, servant_of_root

#: The programs that it takes.
PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb")

#: Nothing here has to survive a crash.
SETTINGS = (
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-buffer-pool-size=64M",
    "--character-set-server=utf8mb4",
)

#: How long it may take to start, in seconds.
PATIENCE = 60.0


class Mysql:
    """A server that is started when the first database is made."""

    def __init__(self, into: Path) -> None:
        """The server with its data below `into`."""
        self.into = into
        self.home: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.lock = threading.Lock()

    def make_database(self, name: str) -> str:
        """Make an empty database; its address without a scheme, `//user@host:port/name`."""
        with self.lock:
            if self.process is None:
                self.start()
        self.query(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        return f"//root@127.0.0.1:{self.port}/{name}?charset=utf8mb4"

    def query(self, statement: str) -> None:
        """Say something to it."""
        ended = subprocess.run(
            [
                program("mariadb"), "--no-defaults", "--host=127.0.0.1", f"--port={self.port}",
                "--user=root", f"--execute={statement}",
            ],
            check=False,
            capture_output=True,
            text=True,
        )  # fmt: skip
        if ended.returncode != 0:
            raise OSError(f"MariaDB refused {statement}: {ended.stderr}")

    def start(self) -> None:
        """Make its data, and start it."""
        servant = servant_of_root()
        self.home = data_folder(self.into, servant)
        self.port = free_port()
        rights = rights_of(servant)
        data = f"--datadir={self.home / 'data'}"
        subprocess.run(
            [
                program("mariadb-install-db"), "--no-defaults", data, "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ],
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **rights,
        )  # fmt: skip
        self.process = subprocess.Popen(
            [
                program("mariadbd"), "--no-defaults", data, f"--port={self.port}", *SETTINGS,
                f"--socket={self.home / 'socket'}", f"--log-error={self.home / 'log'}",
            ],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **rights,
        )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.query("SELECT 1")
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Stop it, if it runs; its data is gone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        if self.home is not None:
            shutil.rmtree(self.home)


def program(name: str) -> str:
    """The path of a program."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        raise OSError(f"{name} is missing: run `cargo xtask test --only prepare` first")
    return found


def is_installed() -> bool:
    """Whether all programs are there."""
    try:
        return all(program(name) for name in PROGRAMS)
    except OSError:
        return False


@contextmanager
def mysql(into: Path) -> Iterator[Mysql]:
    """A server that is there on demand, and stopped in the end."""
    server = Mysql(into)
    try:
        yield server
    finally:
        server.stop()
