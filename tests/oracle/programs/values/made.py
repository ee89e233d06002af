"""Classes that calls make."""

import dataclasses
from collections import namedtuple
from typing import Annotated, NamedTuple, Optional

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, create_model
from typing_extensions import TypedDict

app = FastAPI()


class Base(BaseModel):
    limit: int = 10


Made = create_model("Made", name=(str, ...), size=(int, 3), __base__=Base)


@app.post("/model")
def model(body: Made): ...
@app.get("/depends")
def depends(q: Made = Depends()): ...
@app.get("/depends2")
def depends2(q=Depends(Made)): ...
def make(name, **fields):
    return create_model(name, **fields)


One, Two = make("One", a=(int, ...)), make("Two", b=(Optional[str], None))


@app.get("/one")
def one(q=Depends(One)): ...
@app.get("/two")
def two(q=Depends(Two)): ...


Data = dataclasses.make_dataclass("Data", [("x", int), ("y", str, dataclasses.field(default="z"))])


@app.post("/data")
def datab(q: Data): ...


Point = NamedTuple("Point", [("x", int), ("y", int)])


@app.get("/point")
def point(q=Depends(Point)): ...


Pair = namedtuple("Pair", "left right")


@app.get("/pair")
def pair(q=Depends(Pair)): ...


Typed = TypedDict("Typed", {"x": int})


@app.post("/typed")
def typed(q: Typed): ...


class Pages:
    def __init__(self, page: int = 1, tag: Annotated[str, Query()] = ""): ...


Sub = type("Sub", (Pages,), {})


@app.get("/sub")
def sub(q=Depends(Sub)): ...


Own = type("Own", (), {"__init__": lambda self, z=1: None})


@app.get("/own")
def own(q=Depends(Own)): ...


Model = type("Model", (Base,), {"__module__": __name__})


@app.post("/type")
def typ(q: Model): ...
