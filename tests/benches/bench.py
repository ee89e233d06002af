"""Measure the real server on a synthetic workspace, alone and next to its competitor.

    cargo build --release -p routewright-cli
    python tests/benches/bench.py --binary target/release/routewright [--report FILE]

Prints two tables in Markdown; with `--project DIR`, the one of that project alone. Nothing is
asserted: these are figures, of this machine, now.

What is measured, all from the client's side of the pipe:

- cold start: from the start of the process to the answer of a `workspace/symbol` that is asked for
  when the server says that its first index is complete (work-done progress ends);
- an edit: from `didChange` being written to the `publishDiagnostics` of that document and version,
  or of the open document in which it shows; the median of several, less the debounce that the
  server waits of its own decision (ours tells it in `routewright/status`; the competitor doesn't,
  and nothing is taken off);
- code actions: from `textDocument/codeAction` on a decorator to the titles, and from
  `codeAction/resolve` to the edit of one that inserts an endpoint; medians, ours only;
- scaffolds: the titles where the app and a router are made, and the edits of all that is offered
  there, the first and slowest of a session and the slowest from then on; ours only;
- memory: `VmRSS` after the first index and the edits, and the highest it was (`VmHWM`);
- command line: wall time of `routes`, its output read to the end.

The competitor, fastapi-lsp at the version in `tests/python/requirements-benches.txt`, gets the same
files in the same run. Whatever it hasn't finished after `--patience` seconds is given up: such a
figure is a lower bound, marked `>`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import real
from generate import Edit, Workspace, generate
from lsp import Client, GivenUpError, Message

PINS = Path(__file__).resolve().parent.parent / "python" / "requirements-benches.txt"

#: Milliseconds (memory: MiB) that the project has promised for 1,000 modules and 10,000 routes.
TARGETS = {
    "cold": 1_500.0,
    "body": 5.0,
    "path": 20.0,
    "root": 20.0,
    "elsewhere": 20.0,
    "titles": 5.0,
    "scaffold": 50.0,
    "rss": 150.0,
}

#: What is promised of a real project of a million lines.
PROJECT_TARGETS = {"cold": 10_000.0, "body": 10.0, "peak": 500.0}

#: The edits that every server has something to say to.
COMPARED = ("body", "path")

#: How many times faster than the competitor the first index must be.
TARGET_RATIO = 5

LABELS = {
    "cold": "cold start to complete model, ms",
    "body": "edit in a body to diagnostics, beyond the debounce, ms",
    "path": "change of a prefix to diagnostics, beyond the debounce, ms",
    "root": "change of every path to diagnostics, beyond the debounce, ms",
    "elsewhere": "change of a prefix to another file's diagnostics, ms",
    "offers": "code actions at an endpoint, titles, ms",
    "build": "the edit of an endpoint to insert, ms",
    "titles": "code actions at the app and at a router, titles, ms",
    "cold_scaffold": "the slowest edit of a scaffold, first of a session, ms",
    "scaffold": "the slowest edit of a scaffold, ms",
    "rss": "resident memory, MiB",
    "peak": "highest resident memory, MiB",
    "cli": "`routes` on the command line, ms",
    "found": "routes found with their full path",
}


@dataclass
class Server:
    """A server under measurement."""

    name: str
    serve: list[str]
    routes: Callable[[Path], list[str]]
    count: Callable[[str], int]
    #: The request whose answer tells the debounce, if there is one.
    status: str | None = None


@dataclass
class Figures:
    """What was measured of one server on one workspace, by the keys of `LABELS`."""

    values: dict[str, float] = field(default_factory=dict)
    #: Keys whose value is only a lower bound, because the server was given up.
    unfinished: set[str] = field(default_factory=set)

    def give_up(self, keys: list[str], seconds: float) -> None:
        """Note that these took longer than this."""
        for key in keys:
            self.values.setdefault(key, seconds * 1_000)
            self.unfinished.add(key)

    def shown(self, key: str) -> str:
        """A figure as a cell of a table."""
        if key not in self.values:
            return "-"
        value = self.values[key]
        mark = ">" if key in self.unfinished else ""
        return f"{mark}{value:,.1f}" if value < 100 and key != "found" else f"{mark}{value:,.0f}"


def main() -> int:
    """Measure what the command line asks for and print the tables."""
    options = parse_arguments()
    ours = routewright(options.binary.resolve())
    parts = [heading()]
    with tempfile.TemporaryDirectory(prefix="routewright-bench-") as folder:
        if options.project:
            project = options.project.resolve()
            workspace = real.copy(project, Path(folder) / project.name, options.binary.resolve())
            targets = PROJECT_TARGETS
        else:
            workspace = generate(Path(folder) / "own", options.modules, options.routes, "layered")
            targets = TARGETS
        figures = measure(ours, workspace, workspace.edits, options.edits, options.patience)
        parts.append(own_table(workspace, figures, targets))
        if options.against and not options.project:
            theirs = competitor(options.competitor or install_competitor(options.environment))
            sizes = [(modules, "flat") for modules in options.against]
            for modules, shape in [*sizes, (max(options.against), "layered")]:
                routes = modules * options.routes // options.modules
                workspace = generate(Path(folder) / f"{shape}{modules}", modules, routes, shape)
                pair = [
                    measure(server, workspace, COMPARED, options.edits, options.patience)
                    for server in (ours, theirs)
                ]
                parts.append(comparison_table(workspace, shape, theirs.name, *pair))
    report = "\n".join(parts)
    print(report)
    if options.report:
        options.report.write_text(report, encoding="utf-8")
    return 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--binary", type=Path, default=Path("target/release/routewright"))
    parser.add_argument("--modules", type=int, default=1_000)
    parser.add_argument("--routes", type=int, default=10_000)
    parser.add_argument("--project", type=Path, help="measure on the source of a real project")
    parser.add_argument("--against", type=int, nargs="*", default=[200, 2_000], help="modules")
    parser.add_argument("--competitor", type=Path, help="its binary, if there is one already")
    parser.add_argument("--environment", type=Path, default=Path("target/benches/competitor"))
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for anything")
    parser.add_argument("--report", type=Path, help="also write the tables to a file")
    return parser.parse_args()


def routewright(binary: Path) -> Server:
    """Our server."""
    return Server(
        name="routewright",
        serve=[str(binary), "server", "--stdio"],
        routes=lambda root: [str(binary), "routes", str(root), "--format", "json"],
        count=lambda output: len(json.loads(output)["routes"]),
        status="routewright/status",
    )


def competitor(binary: Path) -> Server:
    """The competitor's server."""
    return Server(
        name=PINS.read_text(encoding="utf-8").strip().replace("==", " "),
        serve=[str(binary), "lsp"],
        routes=lambda root: [str(binary), "routes", str(root), "--format", "json"],
        count=resolved_routes,
    )


def resolved_routes(output: str) -> int:
    """How many routes of the competitor's report, one a line, have a path that it could resolve."""
    return sum("unresolved" not in row for row in output.splitlines())


def install_competitor(environment: Path) -> Path:
    """Install the pinned competitor into an environment of its own, unless it is there."""
    programs = environment.resolve() / ("Scripts" if os.name == "nt" else "bin")
    binary = programs / "fastapi-lsp"
    if not binary.exists():
        venv.create(environment, with_pip=True)
        command = [programs / "python", "-m", "pip", "install", "--quiet", "--requirement", PINS]
        subprocess.run([str(part) for part in command], check=True)
    return binary


def measure(
    server: Server, workspace: Workspace, kinds: Iterable[str], edits: int, patience: float
) -> Figures:
    """All figures of one server on one workspace, with these kinds of edits."""
    figures = Figures()
    measure_server(server, workspace, kinds, edits, patience, figures)
    measure_command(server, workspace, patience, figures)
    return figures


def measure_server(
    server: Server,
    workspace: Workspace,
    kinds: Iterable[str],
    edits: int,
    patience: float,
    figures: Figures,
) -> None:
    """Cold start, edits and memory, in one session."""
    client = Client(server.serve, workspace.root.resolve())
    try:
        figures.values["cold"] = 1_000 * cold_start(client, workspace, patience)
        settle(client, patience)
        debounce = 0.0
        if server.status is not None:
            debounce = client.request(server.status, {}, patience)["diagnosticsDebounce"]
        for kind in kinds:
            times = edit_times(client, workspace.edits[kind], edits, patience)
            figures.values[kind] = max(0.0, 1_000 * statistics.median(times) - debounce)
        if server.status is not None:
            if workspace.app is not None:
                files = (workspace.app, workspace.edits["body"].file)
                measure_scaffolds(client, files, edits, patience, figures)
            measure_actions(client, workspace, edits, patience, figures)
    except GivenUpError:
        missing = [key for key in ("cold", *kinds) if key not in figures.values]
        figures.give_up(missing[:1], patience)
    finally:
        if client.process.poll() is None:
            memory = client.memory()
            figures.values["rss"] = memory["VmRSS"] / 1_024
            figures.values["peak"] = memory["VmHWM"] / 1_024
        client.stop()


#: A scaffold that no code action asks for, as it takes a name.
RESOURCE = {
    "command": "routewright.addResource",
    "arguments": {"name": "gadget", "fields": ["title:str!", "price:decimal?"], "folder": "."},
}


def measure_scaffolds(
    client: Client, files: Iterable[Path], times: int, patience: float, figures: Figures
) -> None:
    """Titles where app and router are made, the edits of what is offered there, and a resource."""
    titles: list[float] = []
    first: list[float] = []
    later: list[float] = []

    def build(method: str, argument: Message) -> None:
        took = [timed(client, method, argument, patience)[0] for _ in range(times)]
        first.append(took[0])
        later.append(statistics.median(took[1:]))

    build("routewright/preview", RESOURCE)
    for file in files:
        text = file.read_text(encoding="utf-8")
        made = re.search(r"^\w+ = (FastAPI|APIRouter)\(", text, re.MULTILINE)
        assert made is not None, f"{file} makes no app or router"
        open_document(client, file)
        settle(client, patience)
        parameters = actions_at(file, position_after(text[: made.start()]))
        listed = [
            timed(client, "textDocument/codeAction", parameters, patience) for _ in range(times)
        ]
        titles.append(statistics.median(took for took, _ in listed))
        for action in listed[0][1]:
            if "Insert endpoint" not in action["title"]:
                build("codeAction/resolve", action)
        closed = {"textDocument": {"uri": file.resolve().as_uri()}}
        client.notify("textDocument/didClose", closed)
        settle(client, patience)
    figures.values["titles"] = max(titles)
    figures.values["cold_scaffold"] = max(first)
    figures.values["scaffold"] = max(later)


def actions_at(file: Path, at: dict[str, int]) -> Message:
    """The parameters of `textDocument/codeAction` at a position."""
    return {
        "textDocument": {"uri": file.resolve().as_uri()},
        "range": {"start": at, "end": at},
        "context": {"diagnostics": []},
    }


def timed(client: Client, method: str, argument: Message, patience: float) -> tuple[float, Any]:
    """How long a request takes in milliseconds, and its answer."""
    started = time.perf_counter()
    answer = client.request(method, argument, patience)
    return 1_000 * (time.perf_counter() - started), answer


def measure_actions(
    client: Client, workspace: Workspace, times: int, patience: float, figures: Figures
) -> None:
    """Titles of what can be inserted at the first endpoint of a module, and the edit of each."""
    file = workspace.edits["body"].file
    text = file.read_text(encoding="utf-8")
    decorator = re.search(r"^@\w+\.(get|post|put|patch|delete)\(", text, re.MULTILINE)
    assert decorator is not None, f"{file} has no path operation"
    at = position_after(text[: decorator.start() + 1])
    uri = file.resolve().as_uri()
    document = {"uri": uri, "languageId": "python", "version": next(client.versions), "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    settle(client, patience)
    parameters = actions_at(file, at)
    listed = [timed(client, "textDocument/codeAction", parameters, patience) for _ in range(times)]
    actions = [action for action in listed[0][1] if "Insert endpoint" in action["title"]]
    built = [
        timed(client, "codeAction/resolve", action, patience)[0]
        for action in actions
        for _ in range(times)
    ]
    figures.values["offers"] = statistics.median(took for took, _ in listed)
    figures.values["build"] = statistics.median(built)


def cold_start(client: Client, workspace: Workspace, patience: float) -> float:
    """Seconds from the start of the process to the answer about the complete model."""
    client.initialize(patience)
    client.wait(is_progress_end, patience)
    client.request("workspace/symbol", {"query": workspace.last_function}, patience)
    return time.perf_counter() - client.spawned


def is_progress_end(message: Message) -> bool:
    """Whether this is the end of some work-done progress."""
    if message.get("method") != "$/progress":
        return False
    value = message["params"]["value"]
    return isinstance(value, dict) and value.get("kind") == "end"


def settle(client: Client, patience: float, quiet: float = 0.5) -> None:
    """Wait until the server has said nothing for a while, so that edits are measured alone."""
    deadline = time.perf_counter() + patience
    while time.perf_counter() < deadline:
        try:
            client.wait(lambda _: True, quiet)
        except GivenUpError:
            return
    raise GivenUpError(f"not quiet within {patience:g} s")


def edit_times(client: Client, edit: Edit, edits: int, patience: float) -> list[float]:
    """Make an edit and take it back, `edits` in all; seconds from each to its diagnostics."""
    uri = edit.file.resolve().as_uri()
    text = edit.file.read_text(encoding="utf-8")
    shows = edit.shows or edit.file
    for file in {edit.file, shows}:
        open_document(client, file)
    settle(client, patience)
    before = text[: text.index(edit.old)]
    present, wanted = edit.old, edit.new
    times: list[float] = []
    while len(times) < edits and sum(times) < patience / 4:
        version = next(client.versions)
        place = {"start": position_after(before), "end": position_after(before + present)}
        change = {"range": place, "text": wanted}
        parameters = {
            "textDocument": {"uri": uri, "version": version},
            "contentChanges": [change],
        }
        sent = client.notify("textDocument/didChange", parameters)
        told = version if shows == edit.file else None
        times.append(wait_published(client, shows.resolve().as_uri(), told, patience) - sent)
        present, wanted = wanted, present
        settle(client, patience, 0.2)
    for file in {edit.file, shows}:
        closed = {"textDocument": {"uri": file.resolve().as_uri()}}
        client.notify("textDocument/didClose", closed)
    return times


def open_document(client: Client, file: Path) -> None:
    """Open a file with the text that it has."""
    document = {
        "uri": file.resolve().as_uri(),
        "languageId": "python",
        "version": next(client.versions),
        "text": file.read_text(encoding="utf-8"),
    }
    client.notify("textDocument/didOpen", {"textDocument": document})


def position_after(text: str) -> dict[str, int]:
    """The position behind some ASCII text that starts a document."""
    return {"line": text.count("\n"), "character": len(text) - text.rfind("\n") - 1}


def wait_published(client: Client, uri: str, version: int | None, patience: float) -> float:
    """When a document's diagnostics came, of this version if there is one and the server tells."""

    def wanted(message: Message) -> bool:
        if message.get("method") != "textDocument/publishDiagnostics":
            return False
        published = message["params"]
        is_current = version is None or published.get("version", version) == version
        return bool(published["uri"] == uri and is_current)

    return client.wait(wanted, patience)[0]


def measure_command(
    server: Server, workspace: Workspace, patience: float, figures: Figures
) -> None:
    """Wall time of the command line, and how many routes it finds."""
    started = time.perf_counter()
    try:
        output = subprocess.run(
            server.routes(workspace.root), capture_output=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        figures.give_up(["cli"], patience)
        return
    figures.values["cli"] = 1_000 * (time.perf_counter() - started)
    if output.returncode == 0:
        figures.values["found"] = server.count(output.stdout.decode())


def heading() -> str:
    """What the figures were measured on."""
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"# Benchmarks\n\nMeasured on {system}, Python {platform.python_version()}.\n"


def describe(workspace: Workspace) -> str:
    """The size of a workspace in words."""
    lines = sum(file.read_bytes().count(b"\n") for file in workspace.root.rglob("*.py"))
    size = f"{workspace.modules:,} modules, {lines:,} lines, {workspace.routes:,} routes"
    return f"{workspace.root.name}: {size}"


def own_table(workspace: Workspace, figures: Figures, targets: dict[str, float]) -> str:
    """Figures next to what was promised."""
    rows = [["figure", "measured", "target"]]
    for key, label in LABELS.items():
        target = f"≤ {targets[key]:,.0f}" if key in targets else ""
        target = f"{workspace.routes:,}" if key == "found" else target
        rows.append([label, figures.shown(key), target])
    return f"## Routewright: {describe(workspace)}\n\n{table(rows)}"


def comparison_table(
    workspace: Workspace, shape: str, rival: str, ours: Figures, theirs: Figures
) -> str:
    """Two servers side by side, with how many times the competitor's figure is ours."""
    rows = [["figure", "routewright", rival, "ratio"]]
    for key, label in LABELS.items():
        rows.append([label, ours.shown(key), theirs.shown(key), ratio(key, ours, theirs)])
    note = f"Target: the first index at least {TARGET_RATIO} times as fast, nothing slower.\n"
    return f"## Next to {rival}: {describe(workspace)}, {shape}\n\n{note}\n{table(rows)}"


def ratio(key: str, ours: Figures, theirs: Figures) -> str:
    """The competitor's figure divided by ours."""
    if key == "found" or key not in ours.values or key not in theirs.values:
        return ""
    mark = "> " if key in theirs.unfinished else ""
    return f"{mark}{theirs.values[key] / max(ours.values[key], 0.05):,.1f} x"


def table(rows: list[list[str]]) -> str:
    """Rows as a Markdown table, padded so that it reads as text too."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
