"""Record what FastAPI says of the public projects of `corpora.toml`.

    python tests/oracle/record.py --oracle target/oracle NAME…
    python tests/oracle/record.py --oracle target/oracle --all

Installs each project with its dependencies into an environment of its own, imports its apps there
and writes what `routes.py` prints to `recorded/NAME.jsonl.gz`, behind a line that says which
packages were installed. A project that was recorded before gets the same packages again, unless
`--upgrade` lets the installer choose. The environment is removed afterwards, unless `--keep`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from corpora import HERE, Corpus, all_corpora, fetch, python_of, run, uv_of

#: Seconds that an import may take.
PATIENCE = 900

#: What is not compared and would only take room.
DROPPED = ("unique_id", "summary", "responses")


def main() -> int:
    """Record what the command line names; 1 when one of them can't be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--all", action="store_true", help="every project of the manifest")
    parser.add_argument("--oracle", type=Path, required=True, help="what prepare.py made")
    parser.add_argument("--upgrade", action="store_true", help="choose versions anew")
    parser.add_argument("--keep", action="store_true", help="keep the environments")
    options = parser.parse_args()
    known = all_corpora()
    names: list[str] = list(known) if options.all else options.names
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        parser.error(f"name some of {', '.join(known)}")
    failed = []
    for name in names:
        try:
            record(known[name], options.oracle.resolve(), options.upgrade, options.keep)
        except (OSError, subprocess.CalledProcessError, RecordingError) as error:
            print(f"record: {name}: {error}", file=sys.stderr)
            failed.append(name)
    return 1 if failed else 0


class RecordingError(Exception):
    """An app can't be imported."""


def record(corpus: Corpus, oracle: Path, upgrade: bool, keep: bool) -> None:
    """Record one project, and fetch its source in the versions of the recording."""
    tools = oracle / "tools"
    folder = fetch(corpus, oracle / "corpora", tools)
    environment = oracle / "environments" / corpus.name
    packages = {} if upgrade else corpus.packages()
    install_all(corpus, environment, packages, tools)
    try:
        records = ask(corpus, folder, environment)
        about = {
            "record": "corpus",
            "project": corpus.project,
            "python": version_of_python(environment),
            "packages": installed(environment, tools),
        }
    finally:
        if not keep:
            shutil.rmtree(environment, ignore_errors=True)
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in [about, *records]]
    corpus.recording.parent.mkdir(exist_ok=True)
    corpus.recording.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    fetch(corpus, oracle / "corpora", tools)
    print(f"{corpus.name}: {sum(one['record'] == 'route' for one in records)} routes")


def install_all(corpus: Corpus, environment: Path, packages: dict[str, str], tools: Path) -> None:
    """Make the environment with the project and everything it depends on."""
    uv = uv_of(tools)
    run(uv, "venv", "--quiet", "--clear", "--python", corpus.python, environment)
    pins = [f"{name}=={version}" for name, version in packages.items()]
    what = ["--no-deps", *pins] if pins else [*corpus.project, *corpus.install]
    run(uv, "pip", "install", "--quiet", "--python", python_of(environment), *what)


def ask(corpus: Corpus, folder: Path, environment: Path) -> list[dict[str, Any]]:
    """What the oracle prints of the project's apps, less what isn't compared."""
    with tempfile.TemporaryDirectory() as scratch:
        given = {"HOME": scratch} | corpus.environment
        command: list[str | Path] = [python_of(environment), HERE / "routes.py", "--root", folder]
        command += ["--scratch", scratch, "--patience", str(PATIENCE)]
        for name, value in given.items():
            command += ["--setenv", f"{name}={value.replace('{scratch}', scratch)}"]
        for app in corpus.apps:
            command += ["--app", app]
        output = subprocess.run(
            [str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True
        ).stdout
    records = [json.loads(line) for line in output.splitlines()]
    for one in records:
        if one["record"] == "error":
            raise RecordingError(f"{one['module']}: {one['error']}")
    return [trimmed(one) for one in records]


def trimmed(one: dict[str, Any]) -> dict[str, Any]:
    """A record without what isn't compared."""
    dropped = DROPPED if one["record"] == "route" else ()
    return {key: value for key, value in one.items() if key not in dropped}


def installed(environment: Path, tools: Path) -> dict[str, str]:
    """Versions of what is installed."""
    listed = subprocess.run(
        [uv_of(tools), "pip", "list", "--format", "json", "--python", python_of(environment)],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip
    return {one["name"]: one["version"] for one in json.loads(listed)}


def version_of_python(environment: Path) -> str:
    """The full version of an environment's interpreter."""
    script = "import platform; print(platform.python_version())"
    return subprocess.run(
        [python_of(environment), "-c", script], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
