from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/orders")


@router.get("/")
def orders(): ...


def _base(title):
    app = FastAPI(title=title)

    @app.get("/status")
    def status(): ...

    return app


def build(settings):
    app = _base(settings["title"])
    app.include_router(router, prefix=settings["prefix"])
    return app


def plain():
    app = FastAPI()
    app.include_router(router)
    return app
