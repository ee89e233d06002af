"""What several tests of the matrix need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Postgres, postgres


@pytest.fixture(scope="session")
def into() -> Path:
    """The prepared folder, in which this interpreter is."""
    return Path(sys.prefix).parent


@pytest.fixture(scope="session")
def server(into: Path) -> Iterator[Postgres]:
    """PostgreSQL."""
    with postgres(into) as server:
        yield server
