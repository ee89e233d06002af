"""Attributes that come by other ways than an assignment in a class."""

import types
from dataclasses import dataclass
from enum import Enum

from fastapi import FastAPI
from pydantic import BaseModel

from raises import whole


class Lazy:
    """Answers anything."""

    def __getattr__(self, name: str) -> str:
        return f"/{name}"


class Late:
    """Is given one."""

    kept: str

    def fill(self, name: str, value: str) -> None:
        setattr(self, name, value)


class Meta(type):
    """A class of classes."""

    @property
    def path(cls) -> str:
        return f"/{cls.__name__.lower()}"


class Made(metaclass=Meta):
    """Has what its class has."""


class Kind(Enum):
    """Has members with more than a value."""

    ONE = "/one"


@dataclass
class Options:
    """Is written for us."""

    prefix: str = "/options"


class Model(BaseModel):
    """The same, by a library."""

    prefix: str = "/model"


late = Late()
late.fill("kept", "/kept")
late.other = "/other"  # type: ignore[attr-defined]
whole.patched.other = "/patched"  # type: ignore[attr-defined]
space = types.SimpleNamespace(prefix="/space")
app = FastAPI()
# What these are is not followed; that they are there is enough.
hidden = [Made.path, space.prefix]
for path in (
    Lazy().lazy,
    late.kept,
    late.other,  # type: ignore[attr-defined]
    Kind.ONE.value,
    f"/{Kind.ONE.name}",
    Options().prefix,
    Model().prefix,
    whole.patched.other,  # type: ignore[attr-defined]
    f"/{whole.Settings.__name__}",
    f"/{late.__class__.__name__}",
):
    app.add_api_route(path, whole.whole)
