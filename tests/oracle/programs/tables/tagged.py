"""Tags that code changes once all routes are there."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute


def limited(limit: int = 10) -> int:
    """How many."""
    return limit


app = FastAPI()
inner = APIRouter(prefix="/inner", tags=["inner"])
outer = APIRouter(prefix="/outer", tags=["outer"], dependencies=[Depends(limited)])


@inner.get("/a", tags=["inner", "a"])
def a() -> None: ...


@inner.get("/b")
def b() -> None: ...


@outer.get("/c", tags=["c", "c"])
def c() -> None: ...


for route in inner.routes:
    if isinstance(route, APIRoute):
        route.tags = sorted(set(route.tags))

outer.include_router(inner, tags=["outer", "included"])
app.include_router(outer, tags=["outer"])


@app.get("/d", tags=["d", "d"])
def d() -> None: ...


for route in app.routes:
    if isinstance(route, APIRoute):
        route.tags = sorted(set(route.tags), reverse=True)
        route.tags = [tag.upper() for tag in route.tags]
