"""One schema for both directions, an app from a factory."""

from fastapi import FastAPI
from pydantic import BaseModel, computed_field


class Item(BaseModel):
    name: str
    note: str | None = None
    tags: list[str] = []


class Sum(BaseModel):
    a: int = 0

    @computed_field
    @property
    def twice(self) -> int:
        return 2 * self.a


def create_app() -> FastAPI:
    app = FastAPI(separate_input_output_schemas=False)

    @app.post("/items")
    def create(item: Item) -> Item:
        return item

    @app.post("/sums")
    def add(sums: list[Sum]) -> list[Sum]:
        return sums

    return app


app = create_app()
