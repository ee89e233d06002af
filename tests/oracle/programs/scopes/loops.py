"""Path operations that a loop makes, each with the types of its round."""

from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel


class Book(BaseModel):
    title: str


class Author(BaseModel):
    name: str


def of_book(book_id: int) -> None: ...


def of_author(author_id: str) -> None: ...


app = FastAPI()

for name, model in {"books": Book, "authors": Author}.items():

    @app.post(f"/{name}")
    def create(item: model) -> None: ...


def add(router: APIRouter) -> APIRouter:
    for model, check in [(Book, of_book), (Author, of_author)]:
        limit = 10

        @router.put("/" + model.__name__.lower())
        def replace(item: model, limit: int = limit, checked: None = Depends(check)) -> None: ...

    return router


app.include_router(add(APIRouter()))
