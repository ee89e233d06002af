"""A router that is not there to decorate with."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


@nowhere.get("/second")  # type: ignore[name-defined]  # noqa: F821
def second() -> None: ...
