"""A method whose class is made by a function that knows with what."""

from fastapi import FastAPI


class Board:
    def __init__(self, names: list[str]):
        self.names = names

    def build(self, prefix: str) -> FastAPI:
        app = FastAPI()
        for name in self.names:
            app.add_api_route(f"{prefix}/{name}", show)
        return app


class WideBoard(Board):
    def build(self, prefix: str) -> FastAPI:
        app = super().build(prefix)
        app.add_api_route(f"{prefix}/wide", show)
        return app


def show(): ...
