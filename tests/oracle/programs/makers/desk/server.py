"""A method that returns the app that another one makes."""

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/items")
def items(): ...


class Server:
    def __init__(self, prefix: str = "/v1"):
        self.prefix = prefix

    def _make_app(self) -> FastAPI:
        return FastAPI(title="Server")

    def add_health(self, app: FastAPI):
        @app.get("/health")
        def health(): ...

    def get_app(self) -> FastAPI:
        app = self._make_app()
        self.add_health(app)
        app.include_router(router, prefix=self.prefix)
        return app
