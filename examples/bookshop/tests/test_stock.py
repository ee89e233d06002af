import pytest
from fastapi import status
from fastapi.testclient import TestClient
from httpx2 import AsyncClient
from starlette.testclient import WebSocketDenialResponse

from app.core.config import settings
from app.models import Book
from tests.conftest import Headers


@pytest.mark.anyio
async def test_books_running_low(client: AsyncClient, staff: Headers, book: Book) -> None:
    response = await client.get("/stock", headers=staff)
    assert response.json() == [{"id": str(book.id), "title": "Persuasion", "stock": 3}]

    response = await client.put(f"/stock/{book.id}", headers=staff, json={"stock": 20})
    assert response.status_code == status.HTTP_200_OK

    response = await client.get("/stock", headers=staff)
    assert response.json() == []


@pytest.mark.anyio
async def test_export(client: AsyncClient, staff: Headers, book: Book) -> None:
    response = await client.get("/stock/export", headers=staff)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.text.splitlines() == ["isbn,title,stock", "9780141439686,Persuasion,3"]


@pytest.mark.anyio
async def test_stock_is_for_staff(client: AsyncClient, customer: Headers) -> None:
    response = await client.get("/stock/export", headers=customer)
    assert response.status_code == status.HTTP_403_FORBIDDEN


def test_feed(live_client: TestClient, staff: Headers, book: Book) -> None:
    path = f"{settings.api_v1_prefix}/stock/feed"
    with live_client.websocket_connect(path, headers=staff) as feed:
        response = live_client.put(
            f"{settings.api_v1_prefix}/stock/{book.id}", headers=staff, json={"stock": 7}
        )
        assert response.status_code == status.HTTP_200_OK
        assert feed.receive_json() == {"id": str(book.id), "title": "Persuasion", "stock": 7}


def test_feed_is_for_staff(live_client: TestClient, customer: Headers) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as denial,
        live_client.websocket_connect(f"{settings.api_v1_prefix}/stock/feed", headers=customer),
    ):
        pass
    assert denial.value.status_code == status.HTTP_403_FORBIDDEN
