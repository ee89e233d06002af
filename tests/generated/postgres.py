"""A PostgreSQL of the tests' own: on loopback, at a free port, gone when they end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Who runs it where we are root, which PostgreSQL refuses to be.
SERVANTS = ("postgres", "nobody")

USER = "tester"

#: Nothing here has to survive a crash.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "50",
}


class Postgres:
    """A running server."""

    def __init__(self, folder: Path, port: int) -> None:
        """The server with its programs in `folder`, listening on `port`."""
        self.folder = folder
        self.port = port

    def make_database(self, name: str) -> str:
        """Make an empty database; its address without a scheme, `//user@host:port/name`."""
        subprocess.run(
            [
                str(self.folder / "createdb"), "--host=127.0.0.1", f"--port={self.port}",
                f"--username={USER}", "--template=template0", name,
            ],
            check=True,
        )  # fmt: skip
        return f"//{USER}@127.0.0.1:{self.port}/{name}"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, if there is one."""
    initdb = shutil.which("initdb")
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda path: float(path.parent.name))
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def postgres(into: Path) -> Iterator[Postgres]:
    """Start a server with its data below `into`, and stop it in the end."""
    folder = programs()
    if folder is None:
        raise OSError("PostgreSQL is missing: run `cargo xtask test --only prepare` first")
    servant = servant_of_root()
    home = data_folder(into, servant)
    port = free_port()
    settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
    program = str(folder / "pg_ctl")
    control = [program, f"--pgdata={home / 'data'}", "--wait", f"--log={home / 'log'}"]
    make = f"--auth=trust --username={USER} --encoding=UTF8 --no-sync"
    run(servant, [*control, f"--options={make}", "initdb"])
    run(servant, [*control, f"--options=-p {port} {settings}", "start"])
    try:
        yield Postgres(folder, port)
    finally:
        run(servant, [*control, "--mode=immediate", "stop"])
        shutil.rmtree(home)


def servant_of_root() -> pwd.struct_passwd | None:
    """Somebody else to run the server as, where we are root."""
    if os.geteuid() != 0:
        return None
    for name in SERVANTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise OSError(f"none of the users {', '.join(SERVANTS)} exists")


def data_folder(into: Path, servant: pwd.struct_passwd | None) -> Path:
    """An empty folder for the data, below `into` unless the servant can't get there."""
    within = into.resolve()
    is_reached = all(folder.stat().st_mode & 0o1 for folder in (within, *within.parents))
    above = within if servant is None or is_reached else None
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=above))
    if servant is not None:
        os.chown(home, servant.pw_uid, servant.pw_gid)
    return home


def run(servant: pwd.struct_passwd | None, command: list[str]) -> None:
    """Run a program of PostgreSQL; its words are shown only when it fails."""
    ended = subprocess.run(
        command,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **rights_of(servant),
    )
    if ended.returncode != 0:
        raise OSError(f"{command[0]} failed: {ended.stderr.decode(errors='replace')}")


def rights_of(servant: pwd.struct_passwd | None) -> dict[str, Any]:
    """What has a program run as somebody else."""
    if servant is None:
        return {}
    return {"user": servant.pw_uid, "group": servant.pw_gid, "extra_groups": []}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
