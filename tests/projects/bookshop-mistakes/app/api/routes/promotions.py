from collections.abc import Sequence

from fastapi import APIRouter, Depends

from app.api.deps import ReadOnlySession, get_current_user
from app.models import Book
from app.repositories import catalog
from app.schemas.catalog import BookFilter, BookPublic

router = APIRouter(prefix="/books", tags=["promotions"], dependencies=[Depends(get_current_user())])


@router.get("/discounted", response_model=list[BookPublic])
async def list_discounted_books(session: ReadOnlySession) -> Sequence[Book]:
    return await catalog.list_books(session, BookFilter(limit=5))


@router.get("/discounted/today", response_model=list[BookPublic])
async def list_books_discounted_today(session: ReadOnlySession) -> Sequence[Book]:
    return await catalog.list_books(session, BookFilter(limit=1))
