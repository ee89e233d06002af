"""Dependencies that code adds to routes which it finds in a router."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.utils import get_parameterless_sub_dependant
from fastapi.routing import APIRoute


def listed(listed: int) -> None: ...


def asked(asked: int) -> None: ...


def marked(mark: int) -> None: ...


marked.__seen_before__ = True  # type: ignore[attr-defined]


def add(route: Any) -> None:
    """One to each of the two lists that a route has."""
    route.dependencies.append(Depends(listed))
    depends = Depends(asked)
    route.dependant.dependencies.append(
        get_parameterless_sub_dependant(depends=depends, path=route.path_format)
    )


def add_to_all(routes: list[Any]) -> None:
    for route in routes:
        if not isinstance(route, APIRoute):
            continue
        if any(hasattr(known.call, "__seen_before__") for known in route.dependant.dependencies):
            continue
        add(route)


app = FastAPI()
before = APIRouter(prefix="/before", dependencies=[Depends(marked)])
after = APIRouter(prefix="/after")
late = APIRouter(prefix="/late")


@app.get("/own")
def own() -> None: ...


@app.get("/marked")
def own_marked(mark: None = Depends(marked)) -> None: ...


@before.get("/a")
def before_a() -> None: ...


@after.get("/a")
def after_a() -> None: ...


@late.get("/a")
def late_a() -> None: ...


add_to_all(before.routes)
add_to_all(after.routes)
app.include_router(before)
app.include_router(after, prefix="/v1")
app.include_router(late)
add_to_all(late.routes)
add_to_all(app.routes)
mounted = FastAPI()


@mounted.get("/m")
def m() -> None: ...


add_to_all(mounted.routes)
app.mount("/sub", mounted)
