"""A function that does nothing but raise."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


def moved() -> None:
    raise RuntimeError("moved")


moved()
app.include_router(whole.router)
