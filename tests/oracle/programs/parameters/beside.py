"""With others in their place."""

from typing import Annotated

from fastapi import FastAPI, Header, Query

from parameters.models import Page, Trace

app = FastAPI()


@app.get("/query")
def query(page: Annotated[Page, Query()], more: int) -> None: ...


@app.get("/first/{key}")
def first(
    key: str, more: int, page: Annotated[Page, Query()], trace: Annotated[Trace, Header()]
) -> None: ...


@app.get("/headers")
def headers(trace: Annotated[Trace, Header()], x_more: Annotated[str, Header()]) -> None: ...
