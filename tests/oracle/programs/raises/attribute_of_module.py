"""A name that a module does not have, asked for in a function."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


def wire() -> None:
    app.include_router(whole.absent)  # type: ignore[attr-defined]


wire()
