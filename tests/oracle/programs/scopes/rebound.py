"""Names that stand for something else further down."""

from typing import Annotated

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel

app = FastAPI()
path = "/first"


class Item(BaseModel):
    first: int


def user(one: int) -> None: ...


Number = Annotated[int, Query(alias="first")]
User = Annotated[None, Depends(user)]
query = Query(alias="a")


def add(app: FastAPI, path: str = path) -> None:
    app.add_api_route(path, lambda: None, name="added")


@app.get("/x")
def x(number: Number, user: User, b: int = query) -> None: ...


@app.post("/x")
def post_x(item: Item) -> None: ...


class Item(BaseModel):
    second: int


def user(two: int) -> None: ...


path = "/second"
Number = Annotated[int, Query(alias="second")]
User = Annotated[None, Depends(user)]
query = Query(alias="b")


@app.get("/y")
def y(number: Number, user: User, b: int = query) -> None: ...


@app.post("/y")
def post_y(item: Item) -> None: ...


add(app)
