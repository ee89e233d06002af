"""That the diffs which are kept are those of today, and that there are no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cases import Case, Matrix
from goldens import GOLDENS, compare_with, kept
from project import Project

KEPT = kept(Matrix.read())


@pytest.mark.parametrize("name", KEPT)
def test_a_diff_is_the_one_that_was_read(name: str, into: Path) -> None:
    """Where it is not, the failure shows what is different, and the command that keeps it."""
    case: Case = KEPT[name]
    project = Project.copy(case, into / "goldens")
    found = project.add(Path(os.environ["ROUTEWRIGHT"]), into)
    compare_with(GOLDENS / f"{name}.diff", case, found)


def test_no_diff_is_kept_for_nothing() -> None:
    """Each belongs to a scaffold in a base."""
    assert {path.stem for path in GOLDENS.iterdir()} <= KEPT.keys()
