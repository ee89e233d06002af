import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager

from anyio import WouldBlock, create_memory_object_stream
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from app.models import Book
from app.schemas.catalog import StockLevel


class StockFeed:
    """Tells every subscriber of this process which stock levels changed."""

    def __init__(self, backlog: int = 100) -> None:
        self._backlog = backlog
        self._subscribers: set[MemoryObjectSendStream[StockLevel]] = set()

    @contextmanager
    def subscribe(self) -> Iterator[MemoryObjectReceiveStream[StockLevel]]:
        send, receive = create_memory_object_stream[StockLevel](self._backlog)
        self._subscribers.add(send)
        try:
            with send, receive:
                yield receive
        finally:
            self._subscribers.discard(send)

    def publish(self, levels: Iterable[StockLevel]) -> None:
        for level in levels:
            for subscriber in self._subscribers:
                try:
                    subscriber.send_nowait(level)
                except WouldBlock:
                    # A subscriber that doesn't keep up must not hold up the shop.
                    continue


async def stock_as_csv(books: AsyncIterator[Book]) -> AsyncIterator[str]:
    yield _csv_row("isbn", "title", "stock")
    async for book in books:
        yield _csv_row(book.isbn, book.title, book.stock)


def _csv_row(*cells: str | int) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
