from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, UploadFile, status
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import IntegrityError

from app.api.deps import BookDep, SessionDep, get_book, require_staff
from app.api.routes import reviews
from app.core.errors import ConflictError, NotFoundError
from app.models import Author, Book
from app.repositories import catalog
from app.schemas.catalog import BookCreate, BookFilter, BookPublic, BookUpdate

router = APIRouter(prefix="/books", tags=["books"])
router.include_router(reviews.router, prefix="/{book_id}")


@router.get("", response_model=list[BookPublic])
async def list_books(session: SessionDep, books: Annotated[BookFilter, Query()]) -> Sequence[Book]:
    return await catalog.list_books(session, books)


@router.post(
    "",
    response_model=BookPublic,
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(require_staff)],
)
async def create_book(session: SessionDep, book_in: BookCreate) -> Book:
    author = await session.get(Author, book_in.author_id)
    if author is None:
        raise NotFoundError("Author")
    book = Book(**book_in.model_dump(exclude={"author_id"}), author=author)
    session.add(book)
    try:
        await session.commit()
    except IntegrityError as error:
        raise ConflictError("A book with this ISBN exists") from error
    return book


@router.get("/{book_id}", response_model=BookPublic)
async def read_book(book: BookDep) -> Book:
    return book


@router.patch("/{book_id}", response_model=BookPublic, dependencies=[Depends(require_staff)])
async def update_book(session: SessionDep, book: BookDep, book_in: BookUpdate) -> Book:
    book.apply(book_in.model_dump(exclude_unset=True, exclude_none=True))
    await session.commit()
    return book


@router.delete(
    "/{book_id}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[Depends(require_staff)]
)
async def delete_book(session: SessionDep, book: BookDep) -> None:
    await session.delete(book)
    try:
        await session.commit()
    except IntegrityError as error:
        raise ConflictError("The book has been ordered") from error


@router.get("/bestsellers", response_model=list[BookPublic])
async def list_bestsellers(session: SessionDep) -> Sequence[Book]:
    return await catalog.list_books(session, BookFilter(limit=10))


@router.post("/import", status_code=status.HTTP_202_ACCEPTED, dependencies=[Depends(require_staff)])
async def import_books(file: UploadFile) -> dict[str, int | None]:
    return {"size": file.size}


@router.get("/{book_id}/availability", dependencies=[Depends(get_book)])
async def read_availability() -> dict[str, str]:
    return {"delivery": "two days"}


@router.get("/{book_id}/cover", response_class=RedirectResponse)
async def read_cover(session: SessionDep) -> str:
    books = await catalog.list_books(session, BookFilter(limit=1))
    return f"/static/covers/{books[0].isbn}.jpg"
