"""Names of a class's body in the signatures of its functions."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query

KEEP = "/global"


class Server:
    """Registers its own methods."""

    KEEP = "/class"
    PREFIX = "/service"
    router = APIRouter(prefix=PREFIX)
    named = Annotated[int, Query(alias="q")]
    default = Query(alias="r")

    def __init__(self, app: FastAPI, path: str = KEEP) -> None:
        app.add_api_route(path, self.read)
        app.add_api_route("/static", Server.static)

    def user(x: int) -> None: ...  # noqa: N805

    def read(self, a: named, b: int = default, c: None = Depends(user)) -> None: ...

    @staticmethod
    def static(a: named, b: None = Depends(user)) -> None: ...

    @router.get("/plain")
    def plain(a: named, b: int = default) -> None: ...  # noqa: N805

    @classmethod
    def made(cls, prefix: str = PREFIX) -> APIRouter:
        router = APIRouter(prefix=prefix)
        router.add_api_route("/static", cls.static)
        return router


app = FastAPI()
Server(app)
app.include_router(Server.router)
app.include_router(Server.made(), prefix="/made")
