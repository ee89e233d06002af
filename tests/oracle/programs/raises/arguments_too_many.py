"""More arguments than a function takes."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole.routed("/x", ["tag"]))  # type: ignore[misc]
