"""A name that a function wants when it is called."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


def wire() -> None:
    app.include_router(nowhere)  # type: ignore[name-defined]  # noqa: F821


wire()
