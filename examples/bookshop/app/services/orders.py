import uuid
from collections import Counter

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ConflictError, NotFoundError
from app.models import Book, Order, OrderLine, OrderStatus, User
from app.repositories.orders import change_stock, find_order
from app.schemas.catalog import StockLevel
from app.schemas.orders import OrderCreate
from app.services.stock import StockFeed


class OrderService:
    def __init__(self, session: AsyncSession, feed: StockFeed) -> None:
        self._session = session
        self._feed = feed

    async def place(self, user: User, order_in: OrderCreate) -> Order:
        quantities: Counter[uuid.UUID] = Counter()
        for line in order_in.lines:
            quantities[line.book_id] += line.quantity

        order = Order(user_id=user.id, lines=[])
        levels: list[StockLevel] = []
        # Everybody locks books in the same sequence, so that two orders never deadlock.
        for book_id, quantity in sorted(quantities.items()):
            book = await self._session.get(Book, book_id)
            if book is None:
                raise NotFoundError("Book")
            levels.append(await self._move_stock(book, -quantity))
            order.lines.append(
                OrderLine(book_id=book.id, quantity=quantity, unit_price_cents=book.price_cents)
            )
        self._session.add(order)
        await self._session.commit()
        self._feed.publish(levels)
        return order

    async def cancel(self, user: User, order_id: uuid.UUID) -> Order:
        order = await find_order(self._session, user.id, order_id)
        if order is None:
            raise NotFoundError("Order")
        if order.status is OrderStatus.CANCELLED:
            raise ConflictError("The order is already cancelled")

        order.status = OrderStatus.CANCELLED
        levels: list[StockLevel] = []
        for line in order.lines:
            book = await self._session.get_one(Book, line.book_id)
            levels.append(await self._move_stock(book, line.quantity))
        await self._session.commit()
        self._feed.publish(levels)
        return order

    async def _move_stock(self, book: Book, by: int) -> StockLevel:
        stock = await change_stock(self._session, book.id, by)
        if stock is None:
            raise ConflictError(f"Not enough copies of {book.title!r} in stock")
        return StockLevel(id=book.id, title=book.title, stock=stock)
