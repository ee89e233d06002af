"""The matrix itself: that a selection leaves no pair out, and that each judge sees what is wrong.

    ROUTEWRIGHT=target/debug/routewright target/generated/env/bin/pytest tests/generated

needs what `prepare.py` makes. Where something is added, a program of a few lines takes the place of
Routewright.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cases import Case, Matrix, Scaffold, pairs_of
from checks import Checks, Judges
from environments import declared, name_of
from mysql import Mysql
from postgres import Postgres
from project import CheckError, Project, diff

BASES = ("first", "second", "third")
SCAFFOLDS = ("auth", "errors", "health", "logging", "resource", "router", "settings")


def some_matrix() -> Matrix:
    """Three bases, seven scaffolds, one of which needs another, and one is for one base alone."""
    base = {"app": "main:app", "sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    scaffolds: dict[str, dict[str, object]] = {
        name: {"commands": [f"add {name} {{word}}"]} for name in SCAFFOLDS
    }
    scaffolds["auth"]["needs"] = {"*": ["settings"]}
    scaffolds["health"]["bases"] = ["second"]
    bases = {name: base | {"values": {"word": name}} for name in BASES}
    return Matrix({"base": bases, "scaffold": scaffolds})


def test_a_selection_has_every_pair_and_is_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fits together meets, in cases of a bearable length."""
    monkeypatch.setattr("cases.LENGTH", 4)
    matrix = some_matrix()
    cases = matrix.pairwise()
    met = {pair for case in cases for pair in pairs_of(case.base, case.scaffolds)}
    for base in matrix.bases.values():
        assert pairs_of(base, matrix.fitting(base)) <= met
    assert all(len(case.scaffolds) <= 5 for case in cases)
    assert len(cases) < 15
    assert [case.name for case in cases] == [case.name for case in some_matrix().pairwise()]


def test_what_builds_on_others_stands_behind_them() -> None:
    """Where they are in a case too, in whatever order they were chosen."""
    manifest: dict[str, dict[str, object]] = {
        name: {"commands": [f"add {name}"]} for name in ("database", "health")
    }
    manifest["health"]["after"] = ["database"]
    base = {"app": "main:app", "sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    matrix = Matrix({"base": {"first": base}, "scaffold": manifest})
    names = {case.name for case in matrix.all()}
    assert names == {"first", "first+health", "first+database", "first+database+health"}


def test_everything_is_every_base_scaffold_and_pair_in_either_order() -> None:
    """What is needed comes first in any order."""
    names = {case.name for case in some_matrix().all()}
    assert {"first", "first+errors", "first+errors+router", "first+router+errors"} <= names
    assert "second+health" in names
    assert "first+health" not in names
    assert "first+settings+auth" in names
    assert "first+auth" not in names
    assert "first+router+settings+auth" in names
    assert "first+settings+auth+router" in names


def test_commands_say_what_differs_by_base() -> None:
    """Values are put in after the words are taken apart."""
    assert some_matrix().case("second+router").commands() == [["add", "router", "second"]]


def test_requirements_are_found_wherever_they_are_listed(tmp_path: Path) -> None:
    """What judges a project isn't installed for it."""
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\nhttpx # for tests\nruff\n")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["fastapi[standard]>=0.1"]\n'
        'optional-dependencies.db = ["SQLAlchemy"]\n'
        '[dependency-groups]\ndev = ["pytest", {include-group = "x"}]\nx = ["mypy"]\n'
    )
    found = declared(tmp_path)
    assert found == ["SQLAlchemy", "fastapi[standard]>=0.1", "httpx", "pytest"]
    assert [name_of(line) for line in found] == ["sqlalchemy", "fastapi", "httpx", "pytest"]


def test_a_diff_shows_new_files_empty_ones_too() -> None:
    """A file that ends without a line break is told from one that does."""
    found = diff({"a": "1\n"}, {"a": "1", "b": ""})
    assert "-1\n+1\n\\ No newline at end of file\n" in found
    assert found.endswith("--- /dev/null\n+++ b/b\n")


#: What the program writes into the project `flat`, and the check that has to see it.
DEFECTS = {
    "parse": ("schemas.py", "def\n"),
    "ruff": ("schemas.py", "x  = 1\n"),
    "check": ("main.py", '\n\n@app.get("/late/{late_id}")\nasync def late() -> None: ...\n'),
    "mypy": ("schemas.py", "\n\ndef wrong():\n    return 1\n"),
    "basedpyright": ("schemas.py", '\n\nWRONG: int = ""\n'),
    "pytest": ("tests/test_parts.py", "\n\nasync def test_wrong() -> None:\n    assert False\n"),
    "postgresql": (
        "tests/test_parts.py",
        "\n\nasync def test_wrong() -> None:\n    from database import DATABASE_URL\n\n"
        '    assert "sqlite" in DATABASE_URL\n',
    ),
    "serve": (
        "main.py",
        '\n\n@app.get("/ratio")\nasync def ratio(divisor: int) -> float:\n    return 1 / divisor\n',
    ),
}


def program(folder: Path, *lines: str) -> Path:
    """A program in the place of Routewright."""
    script = folder / "routewright"
    script.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    script.chmod(0o755)
    return script


def generate(binary: Path, into: Path) -> Project:
    """Have it add something to the project `flat`."""
    scaffold = Scaffold("tests", ["add tests"])
    project = Project.copy(Case(Matrix.read().bases["flat"], (scaffold,)), into)
    project.generate(binary, into)
    return project


@pytest.mark.parametrize("name", DEFECTS)
def test_each_judge_sees_what_is_wrong(
    name: str, tmp_path: Path, into: Path, server: Postgres
) -> None:
    """The check fails, and says so with the command."""
    file, text = DEFECTS[name]
    (tmp_path / "defect").write_text(text, encoding="utf-8")
    defect = f'cat "{tmp_path}/defect" >> {file}'
    binary = program(tmp_path, "test -e .done || {", defect, "touch .done", "}", "echo done")
    real = Path(os.environ["ROUTEWRIGHT"])
    project = generate(binary, into)
    checks = dict(Checks(project, Judges(into, real, server, Mysql(into))).each())
    with pytest.raises(CheckError) as caught:
        checks[name]()
    assert caught.value.command


@pytest.mark.parametrize(("deaths", "passes"), [(0, True), (1, True), (2, False)])
def test_a_judge_that_dies_without_a_word_is_asked_once_more(
    deaths: int,
    passes: bool,
    tmp_path: Path,
    into: Path,
    server: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And no more than that."""
    asked = tmp_path / "asked"
    judge = tmp_path / "env" / "bin" / "basedpyright"
    judge.parent.mkdir(parents=True)
    judge.write_text(
        f'#!/bin/sh\necho >> "{asked}"\ntest $(wc -l < "{asked}") -gt {deaths} || exit 245\n'
    )
    judge.chmod(0o755)
    monkeypatch.setattr(Checks, "python", lambda _: "python")
    project = Project.copy(Case(Matrix.read().bases["flat"], ()), into)
    checks = Checks(project, Judges(tmp_path, judge, server, Mysql(tmp_path)))
    if passes:
        checks.basedpyright()
    else:
        with pytest.raises(CheckError):
            checks.basedpyright()
    assert len(asked.read_text().splitlines()) == min(deaths + 1, 2)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo >> main.py; echo done", "+\n"),
        ("test -e new.py || touch new.py", "didn't say why"),
        ("echo nothing to do", "nothing was generated"),
        ("echo it is not to be; exit 1", "it is not to be"),
    ],
)
def test_a_program_that_errs_is_caught(script: str, said: str, tmp_path: Path, into: Path) -> None:
    """It changes something twice, says nothing, does nothing, or fails."""
    with pytest.raises(CheckError) as caught:
        generate(program(tmp_path, script), into)
    assert said in caught.value.output
