"""Generate into the bases, and have everything that comes out judged.

    python3 tests/generated/matrix.py --into target/generated --binary target/debug/routewright

takes the pairwise selection of `matrix.toml`; `--all` everything; names such as `flat+resource` or
`flat*` those cases; `flat --with 'add router tags'` a command that is not in it. What is wrong with
a case is kept in `failed/CASE` below the folder.
"""

from __future__ import annotations

import argparse
import fnmatch
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import goldens
from cases import Case, Matrix, Scaffold, distinct
from checks import Checks, Judges
from mysql import mysql
from postgres import postgres
from project import CheckError, Project

#: How many cases run at a time.
WORKERS = 2

#: Lines of each part of a report that are printed.
SHOWN = 150

_PRINTING = threading.Lock()


@dataclass
class Outcome:
    """How a case ended."""

    case: Case
    #: Seconds by check.
    times: dict[str, float] = field(default_factory=dict)
    #: What failed.
    broken: dict[str, CheckError] = field(default_factory=dict)
    diff: str = ""

    def line(self) -> str:
        """The case, its time, and the time of each check."""
        word = f"FAILED in {', '.join(self.broken)}" if self.broken else "ok"
        parts = " ".join(f"{name} {seconds:.1f}" for name, seconds in self.times.items())
        return f"{self.case.name} ... {word} ({sum(self.times.values()):.1f} s: {parts})"

    def report(self) -> str:
        """What failed, with the exact commands, and what was generated."""
        failures = [
            f"== {self.case.name}: {name}\n$ {broken.command}\n{broken.output.rstrip()}\n"
            for name, broken in self.broken.items()
        ]
        return "\n".join([*failures, f"== {self.case.name}: generated\n{self.diff}"])


def main() -> int:
    """Run the cases; 0 when all of them pass, 1 when one fails, 2 when they can't be run."""
    arguments = parse()
    # So that the services that were started are stopped.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    into: Path = arguments.into.resolve()
    matrix = Matrix.read()
    try:
        cases = select(matrix, arguments.names, everything=arguments.all)
        if arguments.commands:
            cases = [tried(case, arguments.commands) for case in cases]
        if arguments.list:
            print("\n".join(case.name for case in cases))
            return 0
        with postgres(into) as server, mysql(into) as other:
            judges = Judges(into, arguments.binary.resolve(), server, other)
            outcomes = run_all(cases, judges)
    except KeyError as error:
        print(f"matrix: {error.args[0]} is not in matrix.toml", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"matrix: {error}", file=sys.stderr)
        return 2
    failed = [outcome for outcome in outcomes if outcome.broken]
    for outcome in failed:
        print(f"\n{shortened(keep(outcome, into))}")
        print(f"all of it is in {into / 'failed' / outcome.case.name}")
    print(f"\n{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="cases, `*` stands for anything")
    parser.add_argument("--all", action="store_true", help="every base, scaffold and pair")
    parser.add_argument(
        "--with", action="append", dest="commands", help="one more command in each case"
    )
    parser.add_argument("--list", action="store_true", help="only print the names")
    parser.add_argument("--into", type=Path, required=True, help="the prepared folder")
    parser.add_argument("--binary", type=Path, required=True, help="routewright")
    return parser.parse_args()


def select(matrix: Matrix, names: list[str], *, everything: bool) -> list[Case]:
    """The cases that are asked for."""
    if not names:
        return matrix.all() if everything else matrix.pairwise()
    found: list[Case] = []
    for name in names:
        if "*" in name:
            some = distinct([*matrix.bare(), *matrix.singles(), *matrix.pairwise()])
            found += [case for case in some if fnmatch.fnmatchcase(case.name, name)]
        else:
            found.append(matrix.case(name))
    return distinct(found)


def tried(case: Case, commands: list[str]) -> Case:
    """The case with commands that are not in the manifest."""
    return Case(case.base, (*case.scaffolds, Scaffold("tried", commands)))


def run_all(cases: list[Case], judges: Judges) -> list[Outcome]:
    """Run several at a time, each bare base before all that builds on it."""
    begin = time.monotonic()
    bare = [case for case in cases if not case.scaffolds]
    rest = [case for case in cases if case.scaffolds]
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        outcomes = [
            outcome
            for some in (bare, rest)
            for outcome in pool.map(lambda case: run_case(case, judges), some)
        ]
    seconds = time.monotonic() - begin
    print(f"{len(outcomes)} cases in {seconds // 60:.0f} min {seconds % 60:.0f} s")
    return outcomes


def run_case(case: Case, judges: Judges) -> Outcome:
    """Generate, then check everything, whatever fails."""
    outcome = Outcome(case)
    project = Project.copy(case, judges.into)
    begin = time.monotonic()
    try:
        goldens.compare(case, project.generate(judges.binary, judges.into))
    except CheckError as broken:
        outcome.broken["generate"] = broken
    outcome.diff = project.diff()
    outcome.times["generate"] = time.monotonic() - begin
    for name, check in Checks(project, judges).each():
        begin = time.monotonic()
        try:
            check()
        except CheckError as broken:
            outcome.broken[name] = broken
        outcome.times[name] = time.monotonic() - begin
    with _PRINTING:
        print(outcome.line(), flush=True)
    return outcome


def keep(outcome: Outcome, into: Path) -> str:
    """Keep what is wrong with a case, in `failed/CASE`; the same as text."""
    folder = into / "failed" / outcome.case.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    report = outcome.report()
    (folder / "report.txt").write_text(report, encoding="utf-8")
    (folder / "generated.diff").write_text(outcome.diff, encoding="utf-8")
    return report


def shortened(report: str) -> str:
    """A report of bearable length: the first lines of each part."""
    parts = report.split("\n== ")
    return "\n== ".join(
        "\n".join([*lines[:SHOWN], f"({len(lines) - SHOWN} more lines)"])
        if len(lines := part.splitlines()) > SHOWN
        else part
        for part in parts
    )


if __name__ == "__main__":
    sys.exit(main())
