"""A factory that calls itself, whatever happens."""

from fastapi import APIRouter, FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


def make() -> APIRouter:
    router = APIRouter()
    router.include_router(make())
    return router


app.include_router(make())
