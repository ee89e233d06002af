"""What several tests of the matrix need."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def into() -> Path:
    """The prepared folder, in which this interpreter is."""
    return Path(sys.prefix).parent
