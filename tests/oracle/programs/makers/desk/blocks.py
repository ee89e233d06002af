"""A page that makes its app when it is whole."""

from types import TracebackType
from typing import Self

from fastapi import FastAPI


def made_for(blocks: "Blocks") -> FastAPI:
    app = FastAPI(title=blocks.title)

    @app.get("/config")
    def config() -> dict[str, str]:
        return {"title": blocks.title}

    return app


class Blocks:
    app: FastAPI

    def __init__(self, title: str) -> None:
        self.title = title

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.app = made_for(self)
