from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.deps import SessionDep
from app.models import Book
from app.repositories import catalog
from app.schemas.catalog import BookFilter, BookPublic

router = APIRouter(tags=["search"])


@router.get("/search", response_model=list[BookPublic])
async def search(session: SessionDep, q: Annotated[str, Query(min_length=2)]) -> Sequence[Book]:
    return await catalog.list_books(session, BookFilter(search=q))


@router.get("/books", response_model=list[BookPublic])
async def search_books(
    session: SessionDep, title: Annotated[str, Query(min_length=2)]
) -> Sequence[Book]:
    return await catalog.list_books(session, BookFilter(search=title))
