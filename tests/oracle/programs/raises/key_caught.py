"""Who catches a base of it goes on."""

from contextlib import suppress

from fastapi import FastAPI

from raises import whole

app = FastAPI()
try:
    app.include_router(whole.TABLE["two"], prefix="/two")
    app.include_router(whole.router, prefix="/behind")
except LookupError:
    app.include_router(whole.router, prefix="/instead")
with suppress(KeyError):
    app.include_router(whole.TABLE["three"], prefix="/three")
    app.include_router(whole.router, prefix="/not")
