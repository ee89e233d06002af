"""Prepare what the oracle needs: the projects, the environment that imports some of them.

    python tests/oracle/prepare.py --into target/oracle

makes, from the pins in `tests/python` and through the package index that pip is configured for:

    tools/              an environment with uv in it
    sdist/              the source distribution of FastAPI, as downloaded
    fastapi/            the same, unpacked: its `docs_src` and its own `tests`
    docs/docs_src       the documentation apps alone, a project like a user's
    docs/.venv          the environment they are imported in
    scratch/            the working folder of the imports: the files that the apps expect to find
    tests/tests         FastAPI's own tests, less those of the documentation; the same environment
    versions/           one small app under several versions of FastAPI, each with an environment
    competitor/         an environment with the program that ours is compared with
    stamp.json          what all of this was made from
    corpora/            the source of the public projects of `corpora.toml`, each with a stamp

A second run with the same pins finds the stamps and does nothing, offline too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from corpora import Corpus, all_corpora, fetch, mark_root, python_of, run, uv_of

HERE = Path(__file__).resolve().parent
PINS = HERE.parent / "python"
TOOLS = PINS / "requirements-tools.txt"
PACKAGES = PINS / "requirements-oracle.txt"
COMPETITOR = PINS / "requirements-benches.txt"
CORPUS = HERE / "docs_src.json"
VERSIONS = HERE / "versions"
STAMP = "stamp.json"


def main() -> int:
    """Prepare the folder named on the command line; 0 when it is ready, 2 when it can't be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--into", type=Path, required=True, help="the folder to make or bring up to date"
    )
    into: Path = parser.parse_args().into.resolve()
    if sys.version_info < (3, 11):  # noqa: UP036
        print("prepare: FastAPI's documentation apps need Python 3.11 or later", file=sys.stderr)
        return 2
    wanted = stamp()
    try:
        if not is_ready(into, wanted):
            prepare(into, wanted)
        fetch_corpora(into)
    except (OSError, subprocess.CalledProcessError, tarfile.TarError) as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 2
    print(f"{into} is ready")
    return 0


def stamp() -> dict[str, str]:
    """Everything the result depends on: the pins, this program, the interpreter."""
    digest = hashlib.sha256()
    versions = sorted(path for path in VERSIONS.rglob("*") if path.suffix in (".py", ".txt"))
    for source in (TOOLS, PACKAGES, COMPETITOR, CORPUS, Path(__file__), *versions):
        digest.update(source.read_bytes())
    return {
        "fastapi": pinned("fastapi"),
        "python": sys.version.split()[0],
        "inputs": digest.hexdigest(),
    }


def is_ready(into: Path, wanted: dict[str, str]) -> bool:
    """Whether an earlier run finished with the same inputs and its interpreter is still there."""
    try:
        found = json.loads((into / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return found == wanted and python_of(into / "docs" / ".venv").exists()


def prepare(into: Path, wanted: dict[str, str]) -> None:
    """Make all but the corpora anew; the stamp comes last, so that a broken run is repeated."""
    if into.exists() and any(into.iterdir()) and not (into / STAMP).exists():
        raise OSError(f"{into} is not empty and wasn't made by this program")
    into.mkdir(parents=True, exist_ok=True)
    for made in ("tools", "sdist", "fastapi", "docs", "scratch", "tests", "versions", "competitor"):
        shutil.rmtree(into / made, ignore_errors=True)
    (into / STAMP).write_text("{}\n", encoding="utf-8")
    tools = into / "tools"
    venv.create(tools, with_pip=True)
    run(python_of(tools), "-m", "pip", "install", "--quiet", "--requirement", TOOLS)
    source = fetch_sdist(into, tools)
    docs = into / "docs"
    shutil.copytree(source / "docs_src", docs / "docs_src")
    install(tools, docs / ".venv", PACKAGES)
    mark_root(docs)
    tests = into / "tests"
    own = shutil.ignore_patterns("test_tutorial")
    shutil.copytree(source / "tests", tests / "tests", ignore=own)
    (tests / ".venv").symlink_to(docs / ".venv")
    mark_root(tests)
    install(tools, into / "competitor", COMPETITOR)
    for pins in VERSIONS.glob("*.txt"):
        folder = into / "versions" / pins.stem
        shutil.copytree(VERSIONS / "app", folder / "app")
        install(tools, folder / ".venv", pins)
        mark_root(folder)
    furnish(into / "scratch")
    (into / STAMP).write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")


def fetch_sdist(into: Path, tools: Path) -> Path:
    """Download and unpack FastAPI's source distribution; the folder that holds its files."""
    run(
        python_of(tools), "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "fastapi",
        "--dest", into / "sdist", f"fastapi=={pinned('fastapi')}",
    )  # fmt: skip
    (archive,) = (into / "sdist").glob("fastapi-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter="data")
    return (into / archive.name.removesuffix(".tar.gz")).rename(into / "fastapi")


def install(tools: Path, environment: Path, pins: Path) -> None:
    """Make an environment with pinned packages."""
    uv = uv_of(tools)
    run(uv, "venv", "--quiet", "--python", sys.executable, environment)
    run(uv, "pip", "install", "--quiet", "--python", python_of(environment), "--requirement", pins)


def fetch_corpora(into: Path) -> None:
    """Bring the source of the public projects up to date, several at once."""

    def fetch_one(corpus: Corpus) -> Path:
        return fetch(corpus, into / "corpora", into / "tools")

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(fetch_one, all_corpora().values()))


def furnish(scratch: Path) -> None:
    """Put down the folders and files that some documentation apps open when they are imported."""
    corpus = json.loads(CORPUS.read_text(encoding="utf-8"))
    for folder in corpus["folders"]:
        (scratch / folder).mkdir(parents=True, exist_ok=True)
    for name, text in corpus["files"].items():
        (scratch / name).write_text(text, encoding="utf-8")


def pinned(package: str) -> str:
    """The version of a package that the pins name."""
    text = PACKAGES.read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(package)}==(\S+)", text, flags=re.MULTILINE)
    if found is None:
        raise OSError(f"{PACKAGES} doesn't pin {package}")
    return found.group(1)


if __name__ == "__main__":
    sys.exit(main())
