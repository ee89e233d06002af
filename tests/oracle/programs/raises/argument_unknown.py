"""A keyword that a function does not take."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


def shown(path: str, suffix: str = "") -> str:
    return path + suffix


app.include_router(whole.router, prefix=shown("/x", sufix="/y"))  # type: ignore[call-arg]
