from collections.abc import Sequence
from typing import Annotated

from anyio import create_task_group
from anyio.streams.memory import MemoryObjectReceiveStream
from fastapi import APIRouter, Depends, Query, WebSocket
from fastapi.responses import RedirectResponse, StreamingResponse

from app.api.deps import BookDep, SessionDep, StockFeedDep, require_staff
from app.models import Book
from app.repositories import catalog
from app.schemas.catalog import StockLevel, StockUpdate
from app.services.stock import stock_as_csv

router = APIRouter(prefix="/stock", tags=["stock"], dependencies=[Depends(require_staff)])


@router.get("", response_model=list[StockLevel])
async def list_running_low(
    session: SessionDep, below: Annotated[int, Query(ge=1, le=1_000)] = 5
) -> Sequence[Book]:
    return await catalog.list_books_running_low(session, below)


@router.get("/export", response_class=StreamingResponse)
async def export_stock(session: SessionDep) -> StreamingResponse:
    return StreamingResponse(
        stock_as_csv(catalog.stream_books(session)),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="stock.csv"'},
    )


@router.put("/{book_id}", response_model=StockLevel)
async def replace_stock(
    session: SessionDep, feed: StockFeedDep, book: BookDep, stock_in: StockUpdate
) -> Book:
    book.stock = stock_in.stock
    await session.commit()
    feed.publish([StockLevel.model_validate(book)])
    return book


@router.websocket("/feed")
async def follow_stock(websocket: WebSocket, session: SessionDep, feed: StockFeedDep) -> None:
    # The feed may stay open for hours: give the connection that checked the user back first.
    await session.close()
    await websocket.accept()
    with feed.subscribe() as levels:
        async with create_task_group() as tasks:
            tasks.start_soon(_send_levels, websocket, levels)
            async for _ in websocket.iter_text():
                continue  # nothing is expected; the loop ends when the client goes
            tasks.cancel_scope.cancel()


async def _send_levels(websocket: WebSocket, levels: MemoryObjectReceiveStream[StockLevel]) -> None:
    async for level in levels:
        await websocket.send_json(level.model_dump(mode="json"))


@router.websocket("/feed/{book_id}")
async def follow_stock_of_book(websocket: WebSocket, feed: StockFeedDep) -> None:
    await websocket.accept()
    with feed.subscribe() as levels:
        await _send_levels(websocket, levels)


@router.get("/shelves/{number:int}")
async def read_shelf(number: int) -> dict[str, int]:
    return {"shelf": number}


@router.get("/shelves/empty")
async def list_empty_shelves() -> list[int]:
    return []


@router.get("/photos/{path:path}", response_class=RedirectResponse)
async def read_photo(path: str) -> str:
    return f"/static/photos/{path}"


@router.get("/photos/shelves/latest", response_class=RedirectResponse)
async def read_latest_photo() -> str:
    return "/static/photos/latest.jpg"
