"""Prepare what the editors' tests need: Neovim, and the packages of the VS Code extension.

    python3 tests/editors/prepare.py

makes, from the pins in `tests/editors/requirements.txt` and `editors/vscode/package-lock.json`,
through the registries that pip and npm are configured for:

    target/editors/venv             an environment with Neovim in it
    editors/vscode/node_modules     what the extension is built, checked and packaged with

A second run with the same pins does nothing, offline too.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "tests" / "editors" / "requirements.txt"
ENVIRONMENT = ROOT / "target" / "editors" / "venv"
EXTENSION = ROOT / "editors" / "vscode"
STAMP = "prepared.sha256"


def main() -> int:
    """Prepare both; 0 when they are ready, 2 when they can't be made."""
    try:
        bring_up_to_date(ENVIRONMENT, PINS, install_neovim)
        bring_up_to_date(EXTENSION / "node_modules", EXTENSION / "package-lock.json", install_node)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 2
    return 0


def bring_up_to_date(folder: Path, pins: Path, install: Callable[[], None]) -> None:
    """Install anew unless the folder's stamp says that it was made from these pins."""
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    stamp = folder / STAMP
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    install()
    stamp.write_text(wanted, encoding="utf-8")


def install_neovim() -> None:
    """Make the environment; the editor comes as a wheel."""
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    run(ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "--requirement", PINS)


def install_node() -> None:
    """Install the extension's packages; none of them needs a script of its own to be run."""
    npm = shutil.which("npm")
    if npm is None:
        raise OSError("npm is not on PATH: install Node.js 20 or later")
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", EXTENSION)


def run(*command: str | Path) -> None:
    """Run a command to its end; `CalledProcessError` when it fails, its own words on stderr."""
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
