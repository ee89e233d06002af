"""The Python environments of generated projects: what each declares, in the pinned versions.

A project that uses what it doesn't declare fails here as it would on a colleague's machine. There
is one environment for all projects that declare the same.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import threading
import tomllib
from pathlib import Path
from typing import Any

PINS = Path(__file__).resolve().parents[1] / "python" / "requirements-generated.txt"

#: uv's cache below the folder that is prepared.
CACHE = "packages"

#: What judges a project is taken from the prepared environment.
JUDGES = frozenset({"basedpyright", "mypy", "ruff"})

_LOCK = threading.Lock()


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / "bin" / "python"


def uv(into: Path, *arguments: str | Path) -> None:
    """Run the prepared uv with its own cache; `OSError` with its words when it fails."""
    command = [str(into / "tools" / "bin" / "uv"), *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    ended = subprocess.run(
        command,
        check=False,
        env=environment | {"UV_CACHE_DIR": str(into / CACHE)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ended.returncode != 0:
        raise OSError(f"$ {' '.join(command)}\n{ended.stdout}")


def environment_of(project: Path, into: Path) -> Path:
    """The environment with what a project declares; made where there is none yet."""
    requirements = declared(project)
    text = "\n".join(requirements) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    environment = into / "envs" / digest
    with _LOCK:
        if not (environment / "complete").exists():
            make(environment, text, into)
    return environment


def make(environment: Path, requirements: str, into: Path) -> None:
    """Make an environment out of what is prepared, offline."""
    shutil.rmtree(environment, ignore_errors=True)
    uv(into, "venv", "--quiet", "--offline", "--python", python_of(into / "env"), environment)
    listed = environment / "requirements.txt"
    listed.write_text(requirements, encoding="utf-8")
    uv(
        into, "pip", "install", "--quiet", "--offline", "--python", python_of(environment),
        "--constraint", PINS, "--requirement", listed,
    )  # fmt: skip
    (environment / "complete").touch()


def declared(project: Path) -> list[str]:
    """What pyproject.toml and requirements*.txt require, for development too, sorted."""
    found: set[str] = set()
    for listed in project.glob("requirements*.txt"):
        lines = (line.split("#")[0].strip() for line in listed.read_text("utf-8").splitlines())
        found.update(line for line in lines if line and not line.startswith("-"))
    pyproject = project / "pyproject.toml"
    if pyproject.exists():
        table: dict[str, Any] = tomllib.loads(pyproject.read_text("utf-8"))
        own: dict[str, Any] = table.get("project", {})
        groups: dict[str, list[Any]] = table.get("dependency-groups", {})
        for listed_there in (
            own.get("dependencies", []),
            *own.get("optional-dependencies", {}).values(),
            *groups.values(),
        ):
            found.update(entry for entry in listed_there if isinstance(entry, str))
    return sorted(line for line in found if name_of(line) not in JUDGES)


def name_of(requirement: str) -> str:
    """The package of a requirement, `fastapi[standard]>=1` → `fastapi`."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name.group()).lower() if name else requirement
