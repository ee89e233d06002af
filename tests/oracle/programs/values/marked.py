"""Methods that carry what they are to be registered with, and a base class that finds them."""

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Any, ClassVar

from fastapi import APIRouter, Depends, FastAPI, Query


class Kind(Enum):
    REST = auto()
    SOCKET = auto()


@dataclass
class Options:
    path: str
    methods: list[str] = field(default_factory=list)
    tags: list[str] | None = None
    status_code: int | None = None


@dataclass
class Endpoint:
    function: Callable[..., Any]
    options: Options
    kind: Kind = Kind.REST


def marked(method: str, path: str, **options: Any) -> Callable[..., Any]:
    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.endpoint = Endpoint(function, Options(path, methods=[method], **options))
        return function

    return mark


class Served:
    endpoints: ClassVar[list[Endpoint]] = []

    def __init_subclass__(cls) -> None:
        found = []
        for name in dir(cls):
            value = getattr(cls, name)
            if inspect.isfunction(value) and hasattr(value, "endpoint"):
                found.append(value.endpoint)
        cls.endpoints = found

    def __init__(self, **options: Any) -> None:
        self.router = APIRouter(**options)
        for endpoint in self.endpoints:
            if endpoint.kind == Kind.SOCKET:
                self.router.add_api_websocket_route(
                    endpoint.options.path, partial(endpoint.function, self)
                )
            else:
                self.router.add_api_route(
                    endpoint=partial(endpoint.function, self),
                    **dataclasses.asdict(endpoint.options),
                )


def get_limit(limit: int = Query(10)) -> int:
    return limit


class Notes(Served):
    @marked("GET", "/notes", tags=["notes"])
    def read(self, limit: int = Depends(get_limit)) -> None: ...

    @marked("POST", "/notes", status_code=201)
    def create(self, text: str) -> None: ...


class MoreNotes(Notes):
    @marked("DELETE", "/notes/{note_id}")
    def delete(self, note_id: int) -> None: ...


app = FastAPI()
app.include_router(Notes(prefix="/a").router)
app.include_router(MoreNotes(prefix="/b", tags=["more"]).router)
base = Options("/copy", methods=["GET"], tags=["copied"])
for options in (base, dataclasses.replace(base, path="/other", status_code=202)):
    app.add_api_route(endpoint=get_limit, **dataclasses.asdict(options))
