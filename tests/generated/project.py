"""One generated project: a copy of a base, and what the commands made of it."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from cases import Case
from environments import environment_of

#: What is in a checkout and not committed: what programs leave behind, and what a developer has.
LEFT_BEHIND = (
    ".git", ".env", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".schemathesis",
    "__pycache__", "*.db",
)  # fmt: skip


#: When everything is generated, in seconds since 1970, so that migrations are the same each time.
GENERATED_AT = 1_790_000_000


class CheckError(Exception):
    """A check that failed: what was run, and what it said."""

    def __init__(self, command: str, output: str) -> None:
        """The command as one would type it."""
        super().__init__(command)
        self.command = command
        self.output = output


@dataclass(frozen=True)
class Project:
    """A case's own folder."""

    case: Case
    #: The project itself.
    root: Path
    #: What the checks write.
    scratch: Path
    #: The base, file by file.
    before: dict[str, str]

    @classmethod
    def copy(cls, case: Case, into: Path) -> Project:
        """Copy the base; what an earlier run left is gone."""
        home = into / "cases" / case.name
        shutil.rmtree(home, ignore_errors=True)
        root = home / "project"
        shutil.copytree(case.base.folder, root, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
        # So that no program takes the folders above for a part of the project.
        (root / ".git").mkdir()
        (home / "scratch").mkdir()
        return cls(case, root, home / "scratch", texts(root))

    def add(self, binary: Path, into: Path) -> str:
        """Run the case's commands; what the last scaffold's changed, as a diff.

        What one of them adds to the packages is installed before the next one.
        """
        before = self.before
        for scaffold in self.case.scaffolds:
            before = texts(self.root)
            for arguments in self.case.arguments(scaffold):
                self.routewright(binary, arguments, environment_of(self.root, into))
        return diff(before, texts(self.root))

    def generate(self, binary: Path, into: Path) -> str:
        """Add everything; then again, which has to change nothing and say why."""
        last = self.add(binary, into)
        generated = texts(self.root)
        if self.case.scaffolds and generated == self.before:
            raise CheckError("routewright add", "nothing was generated")
        for arguments in self.case.commands():
            said = self.routewright(binary, arguments, environment_of(self.root, into))
            command = f"routewright {' '.join(arguments)}  # a second time"
            again = texts(self.root)
            if again != generated:
                raise CheckError(command, f"{said}\n{diff(generated, again)}")
            if not said.strip():
                raise CheckError(command, "it changed nothing and didn't say why")
        return last

    def routewright(self, binary: Path, arguments: list[str], environment: Path) -> str:
        """Run the real binary in the project; what it said."""
        variables = {"VIRTUAL_ENV": str(environment), "SOURCE_DATE_EPOCH": str(GENERATED_AT)}
        return run([str(binary), *arguments], self.root, variables)

    def diff(self) -> str:
        """What is different from the base."""
        return diff(self.before, texts(self.root))

    def python_files(self) -> list[Path]:
        """All modules."""
        return [self.root / name for name in texts(self.root) if name.endswith(".py")]


def texts(root: Path) -> dict[str, str]:
    """All files of a project by their path."""
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files(root)}


def files(folder: Path) -> Iterator[Path]:
    """The files below a folder that the team would commit, in order."""
    for path in sorted(folder.iterdir()):
        if not any(fnmatch(path.name, pattern) for pattern in LEFT_BEHIND):
            if path.is_dir():
                yield from files(path)
            else:
                yield path


def diff(before: dict[str, str], after: dict[str, str]) -> str:
    """A unified diff of all files."""
    found: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        from_name = "/dev/null" if old is None else f"a/{name}"
        to_name = "/dev/null" if new is None else f"b/{name}"
        if not old and not new:
            found.append(f"--- {from_name}\n+++ {to_name}\n")
        found.extend(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in difflib.unified_diff(
                (old or "").splitlines(keepends=True),
                (new or "").splitlines(keepends=True),
                from_name,
                to_name,
            )
        )
    return "".join(found)


def run(command: list[str], folder: Path, variables: dict[str, str], limit: float = 180) -> str:
    """Run a command to its end; all it said, or `CheckError` when it fails or takes too long."""
    clean = {"HOME", "LANG", "PATH", "TMPDIR"}
    environment = {name: value for name, value in os.environ.items() if name in clean} | variables
    shown = " ".join([*(f"{name}={value}" for name, value in variables.items()), *command])
    try:
        ended = subprocess.run(
            command,
            check=False,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=limit,
        )
    except subprocess.TimeoutExpired as late:
        said = (late.output or b"").decode(errors="replace")
        raise CheckError(shown, f"{said}\nnot done after {limit:.0f} s") from late
    said = ended.stdout.decode(errors="replace")
    if ended.returncode != 0:
        raise CheckError(shown, f"{said}\nexit code {ended.returncode}")
    return said
