"""Annotations in quotes are evaluated with the names of their module, when the route is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel

if TYPE_CHECKING:
    from decimal import Decimal

app = FastAPI()


class Early(BaseModel):
    a: int


@app.post("/early")
def early(item: Early) -> Any: ...


@app.post("/late")
def late(item: Late): ...


@app.post("/late-optional")
def late_optional(item: Optional[Late] = None, q: int = 0): ...


@app.post("/late-path/{item}")
def late_path(item: Late): ...


@app.get("/checked")
def checked(price: Decimal, other: list[Decimal] = Query()): ...


@app.get("/result")
def result() -> Late | None: ...


@app.get("/dep")
def dep(x: Annotated[int, Depends(late_dep)]): ...


def registered(item: Late): ...


class Late(BaseModel):
    b: int


def late_dep(q: int): ...


app.add_api_route("/registered", registered, methods=["POST"])
