"""An item behind the last one."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole.router, prefix=whole.PATHS[2])
