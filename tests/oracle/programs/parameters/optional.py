"""May be left out."""

from typing import Annotated, Optional

from fastapi import FastAPI, Query

from parameters.models import Page

app = FastAPI()


@app.get("/plain")
def plain() -> None: ...


@app.get("/query")
def query(page: Annotated[Optional[Page], Query()] = None) -> None: ...
