"""Attributes that objects have of themselves, of bases and of what made them."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel


class Model(BaseModel):
    a: int = 1


class Color(str, Enum):
    RED = "red"


@dataclass
class Point:
    x: int = 0


class RefusedError(Exception): ...


class Settings(dict[str, Any]): ...


class Plain:
    """Says something."""

    z: int
    w: str = "w"

    def method(self) -> None: ...


class Abstract(ABC):
    @abstractmethod
    def act(self) -> None: ...


def handler() -> None: ...


app = FastAPI()
router = APIRouter()
decided: list[tuple[str, Any, str]] = [
    ("model-dict", Model(), "dict"),
    ("model-copy", Model, "copy"),
    ("model-none", Model(), "nothing"),
    ("member-upper", Color.RED, "upper"),
    ("member-none", Color.RED, "nothing"),
    ("members", Color, "__members__"),
    ("fields", Point, "__dataclass_fields__"),
    ("no-fields", Plain, "__dataclass_fields__"),
    ("refused-args", RefusedError(), "args"),
    ("settings-get", Settings(), "get"),
    ("settings-none", Settings(), "nothing"),
    ("abstract", Abstract, "nothing"),
    ("class", Plain(), "__class__"),
    ("doc", Plain, "__doc__"),
    ("order", Plain, "__mro__"),
    ("call", handler, "__call__"),
    ("code", handler, "__code__"),
    ("wrapped", handler, "__wrapped__"),
    ("func", Plain().method, "__func__"),
    ("func-none", Plain().method, "nothing"),
    ("text", "x", "upper"),
    ("text-none", "x", "append"),
    ("list", [], "append"),
    ("mapping", {}, "items"),
    ("app-state", app, "state"),
    ("app-none", app, "nothing"),
    ("router-routes", router, "routes"),
    ("router-none", router, "nothing"),
    ("depends", Depends(handler), "dependency"),
]
for name, subject, attribute in decided:
    found = "yes" if hasattr(subject, attribute) else "no"
    app.get(f"/{name}/{found}")(handler)
for field in getattr(Plain, "__annotations__", {}):
    app.get(f"/annotated/{field}")(handler)
for member in getattr(Color, "__members__", {}):
    app.get(f"/member/{member}")(handler)
for none in getattr(Plain, "nothing", ["default"]):
    app.get(f"/{none}")(handler)


class Guarded:
    guards: ClassVar[list[Callable[..., Any]]] = []


def first(x: int) -> None: ...


def second(y: int) -> None: ...


class Base(Guarded):
    guards: ClassVar[list[Callable[..., Any]]] = [first]


class Inner(Base):
    guards: ClassVar[list[Callable[..., Any]]] = [second]


every = [Depends(guard) for base in Inner.__mro__ for guard in base.__dict__.get("guards", [])]
app.get("/order", dependencies=every)(handler)
again = [Depends(guard) for base in reversed(Inner.mro()) for guard in vars(base).get("guards", [])]
app.get("/reversed", dependencies=again)(handler)
