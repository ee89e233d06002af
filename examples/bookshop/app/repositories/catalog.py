import uuid
from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from app.models import Author, Book, Review
from app.schemas.catalog import BookFilter, Pagination


async def list_authors(session: AsyncSession, page: Pagination) -> Sequence[Author]:
    query = select(Author).order_by(Author.name, Author.id).offset(page.offset).limit(page.limit)
    return (await session.scalars(query)).all()


async def find_book(session: AsyncSession, book_id: uuid.UUID) -> Book | None:
    return await session.get(Book, book_id, options=[joinedload(Book.author)])


async def list_books(session: AsyncSession, books: BookFilter) -> Sequence[Book]:
    query = select(Book).options(joinedload(Book.author)).order_by(Book.title, Book.id)
    if books.author_id is not None:
        query = query.where(Book.author_id == books.author_id)
    if books.search is not None:
        query = query.where(Book.title.icontains(books.search, autoescape=True))
    return (await session.scalars(query.offset(books.offset).limit(books.limit))).all()


async def list_books_running_low(session: AsyncSession, below: int) -> Sequence[Book]:
    query = select(Book).where(Book.stock < below).order_by(Book.stock, Book.title).limit(100)
    return (await session.scalars(query)).all()


async def stream_books(session: AsyncSession) -> AsyncIterator[Book]:
    async for book in await session.stream_scalars(select(Book).order_by(Book.title, Book.id)):
        yield book


async def list_reviews(
    session: AsyncSession, book_id: uuid.UUID, page: Pagination
) -> Sequence[Review]:
    query = (
        select(Review)
        .where(Review.book_id == book_id)
        .order_by(Review.created_at.desc(), Review.id)
        .offset(page.offset)
        .limit(page.limit)
    )
    return (await session.scalars(query)).all()
