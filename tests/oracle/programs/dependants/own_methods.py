"""Routers whose own methods see what is included, by version, and an app that is given a router."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, FastAPI


def guard(token: str) -> None: ...


class Versioned(APIRouter):
    def add_api_route(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        super().add_api_route("/v" + path, endpoint, **kwargs)


inner = APIRouter(prefix="/inner", tags=["inner"])
outer = Versioned(prefix="/outer", dependencies=[Depends(guard)])


@inner.post("/x")
def x(q: int) -> None: ...


@inner.websocket("/w")
async def w(p: str) -> None: ...


@outer.get("/a")
def a() -> None: ...


outer.include_router(inner, prefix="/given", tags=["given"])
app = FastAPI()
app.include_router(outer)

replaced = FastAPI()
replaced.router = Versioned(prefix="/api", dependencies=[Depends(guard)])


@replaced.get("/b")
def b() -> None: ...


replaced.add_api_route("/c", x, methods=["PUT"])
replaced.include_router(inner)
replaced.router.routes.sort(key=lambda route: getattr(route, "path", ""), reverse=True)
