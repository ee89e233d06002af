"""As it was done for two versions of Python."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()
try:
    prefix = unicode("/old")  # type: ignore[name-defined]
except NameError:
    prefix = "/new"
app.include_router(whole.router, prefix=prefix)
