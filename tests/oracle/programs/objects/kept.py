"""Results that are kept, and classes with one instance."""

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from fastapi import APIRouter, FastAPI


class Registry:
    def __init__(self) -> None:
        self.items: list[tuple[str, Callable[..., Any]]] = []


@lru_cache
def get_registry() -> Registry:
    return Registry()


def register(path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        get_registry().items.append((path, function))
        return function

    return keep


@register("/a")
def a(q: int) -> None: ...


@lru_cache(maxsize=None)
def router_of(name: str) -> APIRouter:
    return APIRouter(prefix=f"/{name}")


class Container:
    @cached_property
    def api(self) -> APIRouter:
        return APIRouter(prefix="/api")

    @cached_property
    def app(self) -> FastAPI:
        return FastAPI()

    def wire(self) -> FastAPI:
        @self.api.get("/x")
        def x(p: str) -> None: ...

        self.app.include_router(self.api)
        return self.app


class Single(type):
    made: ClassVar[dict[Any, Any]] = {}

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls not in cls.made:
            cls.made[cls] = super().__call__(*args, **kwargs)
        return cls.made[cls]


class Paths(metaclass=Single):
    def __init__(self) -> None:
        self.paths: list[str] = []


app = Container().wire()
for path, function in get_registry().items:
    app.get(path)(function)
router_of("one").get("/y")(a)
router_of("two").get("/z")(a)
app.include_router(router_of("one"))
Paths().paths.append("/single")
for path in Paths().paths:
    app.get(path)(a)

groups: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
for version, path in [((2, 0), "/n"), ((1, 0), "/m"), ((2, 0), "/o")]:
    groups[version].append(path)
for version in sorted(groups):
    for path in groups[version]:
        app.get(f"/v{version[0]}{path}")(a)
app.get(f"/{sorted(groups)[0]}")(a)
for key, value in OrderedDict(b="/2", a="/1").items():
    app.get(f"/{key}{value}")(a)
for part in deque(["/last"]):
    app.get(part)(a)
