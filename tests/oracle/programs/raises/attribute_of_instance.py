"""An attribute that is spelled wrongly."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


app.include_router(whole.router, prefix=whole.settings.prefx)  # type: ignore[attr-defined]
