"""What each scaffold does to each base, kept as a diff that a person has read.

`UPDATE_GOLDENS=1` writes what is found.
"""

from __future__ import annotations

import os
from pathlib import Path

from cases import Case, Matrix, Scaffold
from project import CheckError, diff

GOLDENS = Path(__file__).resolve().parent / "goldens"


def kept(matrix: Matrix) -> dict[str, Case]:
    """The cases of which a diff is kept, by its name: a scaffold after what it needs in a base."""
    return {
        f"{case.base.name}+{last.name}": case
        for case in matrix.singles()
        if (last := case.scaffolds[-1]) and is_read(last, case.base.name)
    }


def is_read(scaffold: Scaffold, base: str) -> bool:
    """Whether a person reads what a scaffold does to a base."""
    return scaffold.goldens is None or base in scaffold.goldens


def compare(case: Case, found: str) -> None:
    """Compare what the case's last scaffold changed with the diff that is kept, if one is."""
    names = [name for name, other in kept(Matrix.read()).items() if other.name == case.name]
    for name in names:
        compare_with(GOLDENS / f"{name}.diff", case, found)


def compare_with(golden: Path, case: Case, found: str) -> None:
    """`CheckError` where a diff is not the one that is kept."""
    before = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if before == found:
        return
    if os.environ.get("UPDATE_GOLDENS") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        return
    words = diff({golden.name: before}, {golden.name: found})
    raise CheckError(f"UPDATE_GOLDENS=1 cargo xtask matrix {case.name}", words)
