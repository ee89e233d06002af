"""Routes that code makes anew from those that it finds, by what their routers say of them."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute


def guard(x_tok: str) -> None: ...


legacy = APIRouter(include_in_schema=False, dependencies=[Depends(guard)], tags=["legacy"])
public = APIRouter(dependencies=[Depends(guard)])


@legacy.get("/workflows/a")
@public.get("/workflows/b", tags=["p"])
def handler(q: int) -> None: ...


app = FastAPI()
app.include_router(public, prefix="/v1")
app.include_router(legacy, prefix="/api")
for route in list(app.router.routes):
    if not isinstance(route, APIRoute) or not route.include_in_schema:
        continue
    path = route.path.replace("workflows", "agents")
    if path != route.path:
        app.router.add_api_route(
            path,
            route.endpoint,
            methods=list(route.methods or []),
            dependencies=route.dependencies,
            operation_id=route.operation_id or route.unique_id,
            tags=route.tags,
        )
        route.include_in_schema = False
