import uuid
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.models import Book, Order
from app.schemas.catalog import Pagination


async def list_orders(
    session: AsyncSession, user_id: uuid.UUID, page: Pagination
) -> Sequence[Order]:
    query = (
        select(Order)
        .options(selectinload(Order.lines))
        .where(Order.user_id == user_id)
        .order_by(Order.created_at.desc(), Order.id)
        .offset(page.offset)
        .limit(page.limit)
    )
    return (await session.scalars(query)).all()


async def find_order(
    session: AsyncSession, user_id: uuid.UUID, order_id: uuid.UUID
) -> Order | None:
    query = (
        select(Order)
        .options(selectinload(Order.lines))
        .where(Order.id == order_id, Order.user_id == user_id)
    )
    return await session.scalar(query)


async def change_stock(session: AsyncSession, book_id: uuid.UUID, by: int) -> int | None:
    """Return the new stock, or None where the book doesn't exist or hasn't enough of it."""
    # One guarded statement: two orders for the last copy can't both get it.
    statement = (
        update(Book)
        .where(Book.id == book_id, Book.stock + by >= 0)
        .values(stock=Book.stock + by)
        .returning(Book.stock)
    )
    return await session.scalar(statement)
