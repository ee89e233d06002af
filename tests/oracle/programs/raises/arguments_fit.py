"""Arguments that fit, however they are given."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import FastAPI
from pydantic import BaseModel

from raises import whole


def anything(*parts: str, **options: object) -> str:
    return "".join(parts) + "".join(options)


def given(path: str) -> Callable[[Callable[..., str]], Callable[[], str]]:
    def decorate(function: Callable[..., str]) -> Callable[[], str]:
        @functools.wraps(function)
        def inner() -> str:
            return function(path)

        return inner

    return decorate


@given("/given")
def called(path: str) -> str:
    return path


@dataclass
class Options:
    """Is written for us."""

    prefix: str
    suffix: str = ""


class Pair(NamedTuple):
    """The same."""

    path: str


class Model(BaseModel):
    """The same, by a library."""

    path: str


class Made:
    """Decides itself what making one means."""

    def __new__(cls, *args: Any) -> Any:
        made = super().__new__(cls)
        made.path = args[0]
        return made


class Base:
    """Takes what the class of its child gives."""

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def of(cls, path: str) -> "Base":
        return cls(path)

    @staticmethod
    def shown(path: str) -> str:
        return path


class Child(Base):
    """Adds nothing."""


arguments = ["/list"]
options = {"tags": ["x"]}
made = Made("/made").path
app = FastAPI()
app.include_router(whole.routed("/x", tags=["tag"], more=1))
app.include_router(whole.routed(*arguments, **options))
for path in (
    anything("/a", "/b", c=1),
    called(),
    functools.partial(anything, "/partial")(),
    Options("/options").prefix,
    Pair("/pair").path,
    Model(path="/model").path,
    Child("/child").path,
    Child.of("/of").path,
    Child.shown("/shown"),
    (lambda path="/lambda": path)(),
):
    app.add_api_route(path, whole.whole)
