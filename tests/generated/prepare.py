"""Prepare what the matrix needs: Python packages, PostgreSQL and MariaDB.

    python3 tests/generated/prepare.py --into target/generated

makes, from the pins in `tests/python` and through the package index that pip is configured for:

    tools/          an environment with uv in it
    packages/       uv's cache, from which the environments of the cases are made offline
    env/            an environment with all pinned packages: ruff, mypy, basedpyright, schemathesis
    stamp.json      what all of this was made from

and takes PostgreSQL and MariaDB from Debian's packages where they aren't there yet (as root, or
with sudo). The
environments are of Python 3.11 where there is one, else of the Python that runs this. A second run
with the same pins finds the stamp and does nothing, offline too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import mysql
from environments import CACHE, PINS, python_of, uv
from postgres import programs

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parent / "python" / "requirements-tools.txt"
DEBIAN = HERE.parent / "python" / "debian.py"
STAMP = "stamp.json"

#: MariaDB's programs, without a service that starts by itself.
MARIADB = ("mariadb-server-core", "mariadb-client-core")


def main() -> int:
    """Prepare the folder named on the command line; 0 when it is ready, 2 when it can't be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--into", type=Path, required=True, help="the folder to make or bring up to date"
    )
    into: Path = parser.parse_args().into.resolve()
    try:
        if programs() is None:
            subprocess.run([sys.executable, str(DEBIAN), "postgresql"], check=True)
        if not mysql.is_installed():
            subprocess.run([sys.executable, str(DEBIAN), *MARIADB], check=True)
        prepare(into)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 2
    print(f"{into} is ready")
    return 0


def prepare(into: Path) -> None:
    """Make all of it anew, unless an earlier run did; the stamp comes last."""
    python = interpreter()
    wanted = stamp(python)
    try:
        if json.loads((into / STAMP).read_text(encoding="utf-8")) == wanted:
            return
    except (OSError, ValueError):
        pass
    (into / STAMP).unlink(missing_ok=True)
    for made in ("tools", "env", "envs", "mypy", CACHE):
        shutil.rmtree(into / made, ignore_errors=True)
    into.mkdir(parents=True, exist_ok=True)
    tools = python_of(into / "tools")
    venv.create(into / "tools", with_pip=True)
    command = [tools, "-m", "pip", "install", "--quiet", "--requirement", TOOLS]
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)
    uv(into, "venv", "--quiet", "--python", python, into / "env")
    uv(
        into, "pip", "install", "--quiet", "--compile-bytecode",
        "--python", python_of(into / "env"), "--requirement", PINS,
    )  # fmt: skip
    (into / STAMP).write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")


def interpreter() -> str:
    """Python 3.11 where it is installed and runs, else this one."""
    found = shutil.which("python3.11")
    if found is not None:
        ask = [found, "-c", "import sys; print(sys.executable)"]
        answer = subprocess.run(ask, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return answer.stdout.strip()
    return sys.executable


def stamp(python: str) -> dict[str, str]:
    """Everything the result depends on: the pins, this program, the interpreter."""
    digest = hashlib.sha256()
    for source in (TOOLS, PINS, Path(__file__)):
        digest.update(source.read_bytes())
    version = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    return {"python": version.stdout.strip(), "inputs": digest.hexdigest()}


if __name__ == "__main__":
    sys.exit(main())
