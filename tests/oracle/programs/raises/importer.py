"""It falls with what it imports."""

from fastapi import FastAPI

from raises import key

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(key.whole.router)
