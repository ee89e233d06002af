"""The same, in a function that is called."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


PLUGINS = {"shop": "/shop"}


def prefix_of(name: str) -> str:
    return PLUGINS[name]


app.include_router(whole.router, prefix=prefix_of("stock"))
