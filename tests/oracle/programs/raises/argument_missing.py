"""An argument that is not given."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()


@app.get("/first")
def first() -> None: ...


settings = whole.Settings()  # type: ignore[call-arg]
app.include_router(whole.router, prefix=settings.prefix)
