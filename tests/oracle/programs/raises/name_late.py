"""A name that is bound further down."""

from fastapi import APIRouter, FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(late)  # noqa: F821
late = APIRouter()


@late.get("/late")
def read() -> None: ...
