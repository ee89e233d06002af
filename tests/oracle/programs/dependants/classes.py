"""Classes that a class makes of its items, and patterns that ask for classes."""

import types
from typing import Any, ClassVar, Dict, Iterator, List, Tuple

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute


class Named:
    prefix = "/plain"

    def __class_getitem__(cls, item: Any) -> Any:
        base, *words = item if isinstance(item, tuple) else (item,)
        namespace: Dict[str, Any] = {"prefix": base.prefix + "".join(words)}
        return types.new_class("Made", (base,), exec_body=lambda ns: ns.update(namespace))


class Books:
    prefix = "/books"
    tags: ClassVar[List[str]] = ["books"]


def router_of(kind: Any) -> APIRouter:
    router = APIRouter(prefix=kind.prefix, tags=kind.tags)

    @router.get("/")
    def index() -> str: ...

    return router


def paths(routes: List[Any]) -> Iterator[str]:
    for route in routes:
        match route:
            case APIRoute(path="/never"):
                yield "/wrong"
            case APIRoute():
                yield route.path
            case _:
                continue


app = FastAPI()
app.include_router(router_of(Named[Books]))
app.include_router(router_of(Named[Books, "/old", "/rare"]))
pair: Tuple[type, ...] = (Named[Books, "/pair"], Books)
for kind in pair:
    app.include_router(router_of(kind))


@app.get("/last")
def last() -> None: ...


found = [path for path in paths(app.routes) if path == "/last"]
for path in found:
    app.get(path + "/again")(last)
