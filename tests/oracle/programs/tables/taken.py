"""Routes that are taken out again after their router was included."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute


def get_user(token: str) -> None: ...


def get_tenant() -> None: ...


inner = APIRouter(prefix="/inner", tags=["inner"])
generic = APIRouter(prefix="/x", tags=["generic"], dependencies=[Depends(get_tenant)])
better = APIRouter(prefix="/x")
app = FastAPI()


@inner.get("/deep", tags=["deep"])
def deep() -> None: ...


@generic.get("/1")
def first() -> None: ...


@generic.post("/1")
def second() -> None: ...


@generic.get("/2", deprecated=True)
def third() -> None: ...


@better.get("/1")
def instead() -> None: ...


generic.include_router(inner, tags=["included"], dependencies=[Depends(get_user)])
app.include_router(generic, prefix="/v1", tags=["v1"], dependencies=[Depends(get_user)])


@app.get("/v1/x/2")
def last() -> None: ...


def override(router: APIRouter) -> None:
    """What the app has and the router too is the router's."""
    for i, old in reversed(list(enumerate(app.routes))):
        if not isinstance(old, APIRoute):
            continue
        for new in router.routes:
            if old.methods == new.methods and old.path == "/v1" + new.path:
                del app.routes[i]
    app.include_router(router, prefix="/v1")


override(better)
for route in list(app.routes):
    if isinstance(route, APIRoute) and route.name in ("third", "last"):
        app.routes.remove(route)
