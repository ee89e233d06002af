"""A factory that the package's own demo calls, too."""

from fastapi import FastAPI


def create_panel(names: list[str]) -> FastAPI:
    app = FastAPI()
    app.add_api_route("/panel", panel)
    return app


def panel(): ...
