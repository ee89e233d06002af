"""Tables of routes that code makes itself."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute


def guard(token: str) -> str:
    return token


def count(limit: int = 1) -> int:
    return limit


def read_item(item_id: int) -> int:
    return item_id


async def plain(request: Any) -> PlainTextResponse:
    return PlainTextResponse("")


async def listen(websocket: Any) -> None:
    await websocket.accept()


class Endpoints:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def live(self) -> bool:
        return True

    def table(self) -> list[APIRoute]:
        return [
            APIRoute(self.prefix + "/live", self.live, tags=["health"]),
            APIRoute(self.prefix + "/ready", self.live, methods=["GET", "POST"], name="ready"),
        ]


class Lean(APIRoute):
    def __init__(
        self, *args: Any, response_model_exclude_unset: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, response_model_exclude_unset=response_model_exclude_unset, **kwargs)


class Moved(APIRoute):
    def __init__(self, path: str, endpoint: Any, **kwargs: Any) -> None:
        super().__init__("/moved" + path, endpoint, **kwargs)


class Bare(APIRoute):
    pass


routes = Endpoints("/v1").table()
routes += [Lean("/lean/{item_id}", read_item, dependencies=[Depends(guard)])]
routes.append(Moved("/item/{item_id}", endpoint=read_item, operation_id="moved"))
routes.extend([Bare(path="/bare", endpoint=count, deprecated=True, status_code=202)])

# What a router says of itself is not for routes that it did not make.
router = APIRouter(
    prefix="/router",
    tags=["router"],
    dependencies=[Depends(count)],
    deprecated=True,
    routes=[
        APIRoute("/table", count, include_in_schema=False),
        APIWebSocketRoute("/socket", listen, name="socket"),
        Route("/plain", plain, methods=["POST"]),
    ],
)
router.add_api_route("/own", count)

app = FastAPI(
    dependencies=[Depends(guard)],
    routes=[
        *routes,
        Mount("/sub", app=FastAPI(routes=[APIRoute("/in", count)]), name="sub"),
        Mount("/list", routes=[Route("/plain", plain), WebSocketRoute("/ws", listen)]),
    ],
)
app.include_router(router, prefix="/api", tags=["api"])
app.router.routes.append(APIRoute("/last", count))
app.router.routes.insert(0, APIRoute("/first", count, tags=[route.path for route in routes[:1]]))

# What one router made keeps what that gave it.
copies = APIRouter(prefix="/copies", tags=["copies"], dependencies=[Depends(guard)])
for route in router.routes:
    if isinstance(route, APIRoute):
        copies.routes.append(route)
app.include_router(copies)
