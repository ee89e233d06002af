"""A factory that calls itself as often as it is told, and a recursion that somebody ends."""

from fastapi import APIRouter, FastAPI


def make(depth: int) -> APIRouter:
    router = APIRouter()

    @router.get(f"/{depth}")
    def read() -> None: ...

    if depth:
        router.include_router(make(depth - 1), prefix="/below")
    return router


app = FastAPI()
app.include_router(make(3))
left = ["/one", "/two"]


def wire() -> None:
    app.add_api_route(left.pop(), wire)
    while left:
        wire()


wire()
