"""Text that is no number."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole.router, prefix=f"/v{int('two')}")
