"""It falls with what a function that it calls imports."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/first")
def first() -> None: ...


def wire() -> None:
    from raises import assertion

    app.include_router(assertion.whole.router)


wire()
