"""Conditions that hold, whatever they are about."""

import os
import sys
from pathlib import Path

import fastapi
from fastapi import APIRouter, FastAPI

from raises import whole

NAMES: list[str] = []
KNOWN: dict[str, APIRouter] = {}


def known(name: str) -> None:
    KNOWN[name] = whole.router


known("whole")
app = FastAPI()
assert sys.version_info >= (3, 8)
assert isinstance(app, object)
assert isinstance(whole.router, APIRouter)
assert hasattr(app, "openapi")
assert callable(whole.whole)
assert not os.environ.get("ROUTEWRIGHT_UNHEARD_OF")
assert Path(__file__).exists()
assert fastapi.__version__
assert KNOWN and "whole" in KNOWN
assert not NAMES
assert whole.settings.shout == "SHOP"
assert __name__.endswith("assertions_hold")
assert (counted := len(KNOWN)) == 1  # noqa: RUF018
app.include_router(KNOWN["whole"], prefix=f"/{counted}")
