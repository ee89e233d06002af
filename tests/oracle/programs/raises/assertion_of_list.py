"""A list that is too short."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


ROUTERS = [whole.router]
assert len(ROUTERS) == 2
app.include_router(whole.router)
