"""Each is alone in its place."""

from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, Header, Query

from parameters.models import Page, Trace, page

app = FastAPI()


@app.get("/query/{start}")
def query(start: int, page: Annotated[Page, Query()]) -> None: ...


@app.get("/three")
def three(
    page: Annotated[Page, Query()],
    trace: Annotated[Trace, Header()],
    kept: Annotated[Trace, Cookie()],
) -> None: ...


@app.get("/depends")
def depends(page: Annotated[Page, Depends(page)], more: int) -> None: ...


@app.get("/default")
def default(page: Page = Query()) -> None: ...
