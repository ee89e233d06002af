"""What each scaffold alone does to each base, kept as a diff that a person has read.

`UPDATE_GOLDENS=1` writes what is found.
"""

from __future__ import annotations

import os
from pathlib import Path

from cases import Case
from project import CheckError, diff

#: The scaffold of commands that are only tried.
TRIED = "tried"

GOLDENS = Path(__file__).resolve().parent / "goldens"


def compare(case: Case, found: str) -> None:
    """Compare with the golden diff of a scaffold alone; `CheckError` where they differ."""
    if not case.has_golden() or case.scaffolds[0].name == TRIED:
        return
    golden = GOLDENS / f"{case.name}.diff"
    kept = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if kept == found:
        return
    if os.environ.get("UPDATE_GOLDENS") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        return
    words = diff({golden.name: kept}, {golden.name: found})
    raise CheckError(f"UPDATE_GOLDENS=1 cargo xtask matrix {case.name}", words)
