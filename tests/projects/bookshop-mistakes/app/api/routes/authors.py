import uuid
from collections.abc import Sequence

from fastapi import APIRouter, Depends, status

from app.api.deps import AuthorDep, PageQuery, SessionDep, require_staff
from app.core.errors import NotFoundError
from app.models import Author, Book
from app.repositories import catalog
from app.schemas.catalog import (
    AuthorCreate,
    AuthorPublic,
    AuthorUpdate,
    BookFilter,
    BookPublic,
)

router = APIRouter(prefix="/authors", tags=["authors"])


@router.get("", response_model=list[AuthorPublic])
async def list_authors(session: SessionDep, page: PageQuery) -> Sequence[Author]:
    return await catalog.list_authors(session, page)


@router.post(
    "",
    response_model=AuthorPublic,
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(require_staff)],
)
async def create_author(session: SessionDep, author_in: AuthorCreate) -> Author:
    author = Author(**author_in.model_dump())
    session.add(author)
    await session.commit()
    return author


@router.get("/{author_id}", response_model=AuthorPublic)
async def read_author(session: SessionDep, author_id: uuid.UUID) -> Author:
    author = await session.get(Author, author_id)
    if author is None:
        raise NotFoundError("Author")
    return author


@router.patch("/{author_id}", response_model=AuthorPublic, dependencies=[Depends(require_staff)])
async def update_author(
    session: SessionDep, author_id: uuid.UUID, author_in: AuthorUpdate
) -> Author:
    author = await session.get(Author, author_id)
    if author is None:
        raise NotFoundError("Author")
    author.apply(author_in.model_dump(exclude_unset=True, exclude_none=True))
    await session.commit()
    return author


@router.delete(
    "/{author_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[Depends(require_staff())],
)
async def delete_author(session: SessionDep, author_id: uuid.UUID) -> None:
    author = await session.get(Author, author_id)
    if author is None:
        raise NotFoundError("Author")
    await session.delete(author)
    await session.commit()


@router.get("/{author_id}/books", response_model=list[BookPublic])
async def list_books_of_author(
    session: SessionDep, author: AuthorDep, page: PageQuery
) -> Sequence[Book]:
    books = BookFilter(**page.model_dump(), author_id=author.id)
    return await catalog.list_books(session, books)
