"""Names that are there in time."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel

from quoted import helpers

app = FastAPI()


class Item(BaseModel):
    a: int


def dep(q: int) -> None: ...


@app.post("/item")
def early(item: Item, d: Annotated[Any, Depends(dep)]) -> Item: ...


@app.get("/dotted")
def dotted(
    when: datetime.date, d: Annotated[Any, Depends(helpers.dep)], q: helpers.Limit = 1
) -> helpers.Other: ...


@app.get("/described")
def described(
    q: Annotated[int, Query(description="many words", ge=0), lambda own: own],
    e: Annotated[Literal["x", "y"], Query(alias="other")] = "x",
) -> dict[str, Item]: ...


@app.post("/quoted")
def quoted(item: "Item") -> Any: ...


def later(item: Late) -> Any: ...


class Late(BaseModel):
    b: int


app.add_api_route("/later", later, methods=["POST"])


def make() -> None:
    class Item(BaseModel):
        inner: int

    @app.put("/shadowed")
    def shadowed(item: Item) -> Any: ...


make()
for Model in (Item, Late):

    @app.put(f"/{Model.__name__}")
    def of_loop(model: Model) -> Any: ...
