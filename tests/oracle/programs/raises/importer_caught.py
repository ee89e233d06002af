"""It goes on without what it imports."""

from fastapi import FastAPI

from raises import whole

app = FastAPI()
try:
    from raises.part_that_raises import router

    app.include_router(router)
except KeyError:
    app.include_router(whole.router, prefix="/without")
