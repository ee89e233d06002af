"""The public projects of `corpora.toml`: where they are kept, and how their source gets there.

Each is a folder like a user's: what the package ships, installed without its dependencies, and a
`.venv` that holds only those libraries whose source the wiring leads into. Its `pyvenv.cfg` lets
system packages in, so that nothing that is absent there counts as not installed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "corpora.toml"
RECORDED = HERE / "recorded"

#: What every environment has: the framework decides by its version what is true.
FRAMEWORK = ("fastapi", "starlette", "pydantic")


@dataclass
class Corpus:
    """A project as the manifest describes it."""

    name: str
    #: Pinned packages that are the project.
    project: list[str]
    #: Python as the recording ran it, `3.12`.
    python: str
    #: `module:attribute` or `module:factory()`, as `routes.py` takes them.
    apps: list[str]
    #: Names of installed libraries that are read; their versions are those of the recording.
    libraries: list[str] = field(default_factory=list)
    #: Further requirements of the recording.
    install: list[str] = field(default_factory=list)
    #: Variables of the recording's environment; `{scratch}` is its working folder.
    environment: dict[str, str] = field(default_factory=dict)
    #: The folder of the source distribution that is the project, where the wheel has it not.
    folder: str | None = None
    #: What is special about how it was recorded.
    note: str = ""

    @property
    def recording(self) -> Path:
        """What the oracle said."""
        return RECORDED / f"{self.name}.jsonl.gz"

    def packages(self) -> dict[str, str]:
        """Versions of what was installed when it was recorded; nothing before it was."""
        if not self.recording.exists():
            return {}
        with gzip.open(self.recording, "rt", encoding="utf-8") as lines:
            packages: dict[str, str] = json.loads(next(lines))["packages"]
        return packages

    def library_pins(self) -> list[str]:
        """The libraries with the versions of the recording."""
        packages = self.packages()
        names = [*FRAMEWORK, *self.libraries] if packages else []
        return [f"{name}=={packages[name]}" for name in names]


def all_corpora() -> dict[str, Corpus]:
    """The corpora of the manifest by name."""
    entries: dict[str, Any] = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    return {name: Corpus(name=name, **entry) for name, entry in entries.items()}


def fetch(corpus: Corpus, into: Path, tools: Path) -> Path:
    """Bring a corpus up to date below `into`; its folder. Nothing is done where it is."""
    folder = into / corpus.name
    stamp = into / f"{corpus.name}.stamp"
    wanted = fingerprint(corpus)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return folder
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if corpus.folder is None:
        install(corpus.project, folder, corpus.python, tools)
    else:
        unpack(corpus, folder, tools)
    environment = folder / ".venv"
    site = environment / "lib" / f"python{corpus.python}" / "site-packages"
    site.mkdir(parents=True)
    settings = f"version = {corpus.python}\ninclude-system-site-packages = true\n"
    (environment / "pyvenv.cfg").write_text(settings, encoding="utf-8")
    if corpus.library_pins():
        install(corpus.library_pins(), site, corpus.python, tools)
    mark_root(folder)
    stamp.write_text(wanted, encoding="utf-8")
    return folder


def mark_root(folder: Path) -> None:
    """Make a folder look like a checkout, for programs that look for a project's root above it."""
    (folder / ".git").mkdir(exist_ok=True)


def fingerprint(corpus: Corpus) -> str:
    """Everything that a corpus's folder depends on."""
    parts = [corpus.project, corpus.python, corpus.folder, corpus.library_pins()]
    program = Path(__file__).read_bytes()
    return hashlib.sha256(json.dumps(parts).encode() + program).hexdigest()


def install(requirements: list[str], folder: Path, python: str, tools: Path) -> None:
    """Install packages into a folder, without what they depend on."""
    run(
        uv_of(tools), "pip", "install", "--quiet", "--no-deps", "--target", folder,
        "--python", python_of(tools), "--python-version", python,
        "--python-platform", "x86_64-manylinux_2_28", "--only-binary", ":all:",
        *requirements,
    )  # fmt: skip


def unpack(corpus: Corpus, folder: Path, tools: Path) -> None:
    """Take a folder out of a source distribution."""
    with tempfile.TemporaryDirectory() as scratch:
        run(
            python_of(tools), "-m", "pip", "download", "--quiet", "--no-deps",
            "--no-binary", ":all:", "--dest", scratch, *corpus.project,
        )  # fmt: skip
        (archive,) = Path(scratch).glob("*.tar.gz")
        with tarfile.open(archive) as opened:
            opened.extractall(scratch, filter="data")
        (top,) = (path for path in Path(scratch).iterdir() if path.is_dir())
        shutil.copytree(top / (corpus.folder or "."), folder, dirs_exist_ok=True)


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def uv_of(tools: Path) -> Path:
    """The uv of the tools' environment."""
    return python_of(tools).with_name("uv")


def run(*command: str | Path) -> None:
    """Run a command to its end; `CalledProcessError` when it fails, its own words on stderr."""
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)
