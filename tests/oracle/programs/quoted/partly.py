"""Some of it in quotes."""

from typing import Annotated, Any, List, Optional

from fastapi import Body, FastAPI
from pydantic import BaseModel

app = FastAPI()


class Early(BaseModel):
    a: int


@app.post("/quoted")
def quoted(item: "Early") -> Any: ...


@app.post("/optional")
def optional(item: Optional["Early"] = None) -> Any: ...


@app.post("/list")
def in_list(items: List["Early"]) -> Any: ...


@app.post("/builtin-list")
def in_builtin_list(items: list["Early"]) -> Any: ...


@app.post("/annotated")
def annotated(item: Annotated["Early", Body()]) -> Any: ...


@app.post("/annotated-bare")
def annotated_bare(item: Annotated["Early", "x"]) -> Any: ...


def make() -> None:
    class Item(BaseModel):
        x: int

    @app.post("/local")
    def local(item: "Item") -> Any: ...

    @app.post("/local-plain")
    def local_plain(item: Item) -> Any: ...


make()
