"""The same, of a class."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole.router, prefix=whole.Settings.titel)  # type: ignore[attr-defined]
