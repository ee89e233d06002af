"""An app's own router: settings of it count for the app, and it is no app."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute


class Moved(APIRoute):
    """A route somewhere else."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__("/moved" + path, endpoint, **options)


app = FastAPI()
app.router.route_class = Moved


@app.get("/first")
def first() -> None: ...


app.router.route_class = APIRoute
app.router.prefix = "/api"


@app.get("/second")
def second() -> None: ...


router = app.router
router.add_api_route("/third", second)
if isinstance(router, APIRouter):
    router.get("/fourth")(second)
if isinstance(router, FastAPI):
    router.get("/never")(second)
if router is app.router:
    router.get("/fifth")(second)
