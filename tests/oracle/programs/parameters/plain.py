"""No models at all."""

from typing import Annotated

from fastapi import FastAPI, Header

app = FastAPI()


@app.get("/plain/{key}")
def plain(
    key: str, start: int, size: int = 10, agent: Annotated[str, Header()] = "none"
) -> None: ...
