"""Prepare what the tests of `routewright graph` need: Chromium, Graphviz, and Node packages.

    python3 tests/graph/prepare.py

takes the two programs from Debian's packages where they aren't there yet (as root, or with sudo),
and the packages that `tests/graph/package-lock.json` pins from the registry that npm is configured
for, into `tests/graph/node_modules`. A second run does nothing, offline too.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
DEBIAN = FOLDER.parent / "python" / "debian.py"
LOCK = FOLDER / "package-lock.json"
STAMP = FOLDER / "node_modules" / "prepared.sha256"

#: Debian's packages by the program that each brings.
PROGRAMS = {"chromium": "chromium", "dot": "graphviz"}


def main() -> int:
    """Prepare everything; 0 when it is ready, 2 when it can't be made."""
    try:
        install_programs([package for name, package in PROGRAMS.items() if not shutil.which(name)])
        install_packages()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 2
    return 0


def install_programs(packages: list[str]) -> None:
    """Install Debian's packages."""
    if packages:
        command = [sys.executable, str(DEBIAN), *packages]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def install_packages() -> None:
    """Install the pinned packages unless they are there; none needs a script of its own to run."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise OSError("npm is not on PATH: install Node.js 20 or later")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(FOLDER)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    STAMP.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
