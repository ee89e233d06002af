"""A condition that does not hold."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


LIMIT = 3
assert LIMIT > 10, "too few"
app.include_router(whole.router)
