"""Needs a part that needs it, in a function that it calls at once."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


def wire() -> None:
    from raises.cycle_two import router

    app.include_router(router)


wire()
PREFIX = "/one"
