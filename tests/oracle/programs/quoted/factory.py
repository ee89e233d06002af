"""Quoted annotations don't see the names of the function around."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI


def make() -> FastAPI:
    from typing import Annotated

    from fastapi import BackgroundTasks, Depends, Request
    from pydantic import BaseModel

    class Item(BaseModel):
        x: int

    def dep(q: int) -> None: ...

    checked = Annotated[int, Depends(dep)]
    app = FastAPI()

    @app.post("/b")
    def b(item: Item) -> Any: ...

    @app.post("/c")
    def c(request: Request, d: checked) -> Any: ...

    @app.post("/d")
    def d(tasks: BackgroundTasks, e: Item | None = None, f: int = Depends(dep)) -> Any: ...

    return app


app = make()
