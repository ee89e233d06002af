"""That what is added is written as the project is: its style is read with and without it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cases import Case, Matrix
from environments import environment_of
from project import Project

MATRIX = Matrix.read()
CASES = {
    case.name: case
    for scaffold in ("resource", "auth")
    for base in MATRIX.bases.values()
    if not base.starts_empty and MATRIX.fits(base, MATRIX.scaffolds[scaffold])
    for case in [Case(base, (MATRIX.scaffolds[scaffold],))]
}

#: Of these every path operation shows one.
OF_EACH = ("path-operations", "docstrings")


@dataclass(frozen=True)
class Item:
    """One thing of the style, and how often it is seen; never where it is a default."""

    value: str
    count: int


def profile(project: Project, binary: Path, environment: Path) -> dict[str, Item]:
    """The style of a project."""
    said = project.routewright(binary, ["status", "--format", "json"], environment)
    items: list[dict[str, Any]] = json.loads(said)["projects"][0]["style"]
    return {
        item["name"]: Item(item["value"], item.get("count", 0) if item["by"] == "read" else 0)
        for item in items
    }


def operations(project: Project, binary: Path, environment: Path) -> int:
    """How many path operations the app has."""
    said = project.routewright(binary, ["routes", "--format", "json"], environment)
    return sum(route["kind"] == "http" for route in json.loads(said)["routes"])


@pytest.mark.parametrize("name", CASES)
def test_the_style_stays_what_it_is(name: str, into: Path) -> None:
    """No habit of the project is another one with what is added, and each new operation has it."""
    binary = Path(os.environ["ROUTEWRIGHT"]).resolve()
    project = Project.copy(CASES[name], into / "profiles")
    environment = environment_of(project.root, into)
    before = profile(project, binary, environment)
    count = operations(project, binary, environment)
    project.add(binary, into)
    after = profile(project, binary, environment)
    added = operations(project, binary, environment) - count
    assert added >= 5
    shown = {key: item for key, item in before.items() if item.count}
    assert shown
    assert {key: after[key].value for key in shown} == {
        key: item.value for key, item in shown.items()
    }
    for key in OF_EACH:
        assert after[key].count - before[key].count == added, key


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("+resource")])
def test_what_is_added_shows_the_style_alone(name: str, into: Path) -> None:
    """New modules without the project's own show the same habits, as far as they show any."""
    binary = Path(os.environ["ROUTEWRIGHT"]).resolve()
    project = Project.copy(CASES[name], into / "profiles")
    environment = environment_of(project.root, into)
    before = profile(project, binary, environment)
    project.add(binary, into)
    for file in project.before:
        if file.endswith(".py"):
            (project.root / file).write_text("", encoding="utf-8")
    alone = profile(project, binary, environment)
    shown = [key for key, item in alone.items() if item.count and before[key].count]
    differing = {key: alone[key] for key in shown if alone[key].value != before[key].value}
    assert not differing
    # In flat projects new statements stand in modules that are there.
    assert len(shown) >= 5 or project.case.base.name in ("flat", "bare")
