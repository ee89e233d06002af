"""Ask FastAPI itself: import apps and print, as JSON lines, what the framework knows of them.

    python tests/oracle/routes.py --root PROJECT --app app.main:app
    python tests/oracle/routes.py --root PROJECT --app app.main:create_app()
    python tests/oracle/routes.py --root PROJECT --app "app.main:create() = create('test')"
    python tests/oracle/routes.py --root PROJECT --scan docs_src --scratch DIR --setenv NAME=VALUE

Run it with the interpreter of the project's environment; it needs nothing but FastAPI (0.100 and
later) there. Modules are imported by their dotted name with PROJECT in front of `sys.path`, each
in a process of its own (forked from one that has FastAPI loaded, so POSIX only), with a clean
environment and with `--scratch` (or PROJECT) as its working folder.

Each line is an object with a `record`:

- `app`: a FastAPI instance: `app` (`module:attribute`, the first name that its module gives it),
  `file`, `line` of the module's statement that makes it, `mounted` when another app of the module
  mounts it, middleware in order, exception handlers, lifespan, what it mounts;
- `route`: what one method of one route does, in the order in which the app tries them; the fields
  are those of `routewright routes --format json` and more (`describe.py`);
- `openapi`: the app's OpenAPI document, with `--openapi`;
- `error`: a module that can't be imported or an app that can't be read, with the exception.

Files are relative to PROJECT; `<site>/…` is an installed package, `<stdlib>/…` Python's own.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from describe import Sources, describe_app, describe_routes, mounted_apps
from fastapi import FastAPI
from watch import Birth, Watch

Record = dict[str, Any]

#: What to import, and what then yields its records.
Job = tuple[str, Callable[[], Iterator[Record]]]

#: Imported before the first fork, where installed, because many modules need them.
PRELOADED = ("fastapi", "fastapi.testclient", "pydantic_settings", "sqlmodel", "strawberry.fastapi")


def main() -> int:
    """Print the records that the command line asks for; 2 when it can't be understood."""
    options = parse_arguments()
    root: Path = options.root.resolve()
    enter_clean_process(root, (options.scratch or root).resolve(), options.setenv)
    oracle = Oracle(root, options.openapi)
    jobs: list[Job] = [(name, partial(oracle.named, name)) for name in options.app]
    jobs += [
        (name, partial(oracle.module, name))
        for folder in options.scan
        for name in modules_under(root, folder)
    ]
    for line in run_forked(jobs, options.jobs, options.patience):
        sys.stdout.write(line)
    return 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--root", type=Path, required=True, help="the project's source root")
    parser.add_argument("--app", action="append", default=[], metavar="MODULE:ATTRIBUTE")
    parser.add_argument("--scan", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--scratch", type=Path, help="working folder of the imports")
    parser.add_argument("--setenv", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--openapi", action="store_true", help="also print OpenAPI documents")
    parser.add_argument("--patience", type=int, default=60, help="seconds for each import")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    if not options.app and not options.scan:
        parser.error("name an --app or a folder to --scan")
    return options


def enter_clean_process(root: Path, scratch: Path, setenv: list[str]) -> None:
    """Forget the caller's environment, keep what finds programs, and stand in `scratch`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = dict(pair.split("=", 1) for pair in setenv)
    os.environ.clear()
    os.environ.update(kept | given)
    os.chdir(scratch)
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    for name in PRELOADED:
        with contextlib.suppress(ImportError, RuntimeError):
            importlib.import_module(name)


def modules_under(root: Path, folder: str) -> list[str]:
    """Dotted names of all modules in a folder of the root, sorted."""
    names = []
    for file in sorted((root / folder).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


class Oracle:
    """Imports what is asked for and describes the apps it finds."""

    def __init__(self, root: Path, openapi: bool) -> None:
        self.sources = Sources(root)
        self.watch = Watch(self.sources)
        self.openapi = openapi

    def module(self, name: str) -> Iterator[Record]:
        """Import a module and describe the apps that are its own, not those it imports."""
        module = importlib.import_module(name)
        apps: dict[int, tuple[str, FastAPI]] = {}
        for attribute, value in vars(module).items():
            if isinstance(value, FastAPI):
                apps.setdefault(id(value), (attribute, value))
        mounted = {id(inner) for _, app in apps.values() for inner in mounted_apps(app)}
        for attribute, app in apps.values():
            birth = self.watch.birth(app)
            if birth is None or owner(birth, name) == name:
                yield from self.app(f"{name}:{attribute}", app, mounted=id(app) in mounted)

    def named(self, name: str) -> Iterator[Record]:
        """Import and describe what `module:attribute` or `module:factory()` names.

        `module:factory() = factory(argument)` says how to get it. Expressions are evaluated among
        the module's own names.
        """
        name, _, instead = name.partition(" = ")
        module, _, expression = name.partition(":")
        value = eval(instead or expression, dict(vars(importlib.import_module(module))))
        yield from self.app(name, value, mounted=False)

    def app(self, name: str, app: Any, mounted: bool) -> Iterator[Record]:
        """All records of one app."""
        module = name.partition(":")[0]
        birth = self.watch.birth(app)
        about: Record = {
            "app": name,
            "file": self.sources.relative(sys.modules[module].__file__),
            "line": birth.line if birth is not None and birth.module == module else None,
            "mounted": mounted,
        }
        yield {"record": "app", **about, **describe_app(app, self.sources)}
        calls = self.watch.calls(app)
        for order, route in enumerate(describe_routes(app, self.sources, calls)):
            yield {"record": "route", "app": name, "order": order, **route}
        if self.openapi:
            yield {"record": "openapi", "app": name, "document": app.openapi()}


def owner(birth: Birth, importer: str) -> str:
    """The module an app belongs to: the one that made it if it also has a name for it."""
    maker = sys.modules.get(birth.module)
    named = maker is not None and any(value is birth.app for value in vars(maker).values())
    return birth.module if named else importer


def run_forked(jobs: list[Job], width: int, patience: int) -> Iterator[str]:
    """Run each job in a fork of this process, `width` at once; their lines in the jobs' order."""
    with tempfile.TemporaryDirectory() as folder:
        running: dict[int, int] = {}
        ended: dict[int, int] = {}
        started = shown = 0
        while shown < len(jobs):
            while started < len(jobs) and len(running) < width:
                running[start(jobs[started], Path(folder) / str(started), patience)] = started
                started += 1
            if running:
                pid, status = os.wait()
                ended[running.pop(pid)] = status
            while shown in ended:
                yield from lines_of(jobs[shown][0], Path(folder) / str(shown), ended.pop(shown))
                shown += 1


def start(job: Job, output: Path, patience: int) -> int:
    """Fork a process that writes a job's records to a file; its process id."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        signal.alarm(patience)
        silence()
        output.write_text("".join(line(record) for record in guarded(job)), encoding="utf-8")
        os._exit(0)
    return pid


def guarded(job: Job) -> list[Record]:
    """Run a job's records, or the one record that says why there are none."""
    name, produce = job
    try:
        return list(produce())
    except BaseException as error:  # a module may raise anything, SystemExit included
        cause = traceback.format_exception_only(error)[-1].strip()
        return [{"record": "error", "module": name, "error": cause}]


def lines_of(name: str, output: Path, status: int) -> list[str]:
    """Read what a finished process wrote, or say that it died."""
    if status == 0 and output.exists():
        return output.read_text(encoding="utf-8").splitlines(keepends=True)
    cause = f"the import ended its process (status {os.waitstatus_to_exitcode(status)})"
    return [line({"record": "error", "module": name, "error": cause})]


def silence() -> None:
    """Send whatever the imported code prints nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


def line(record: Record) -> str:
    """One record as a line."""
    return json.dumps(record, ensure_ascii=False, default=str) + "\n"


if __name__ == "__main__":
    sys.exit(main())
