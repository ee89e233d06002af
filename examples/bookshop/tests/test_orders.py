import uuid
from typing import Any

import pytest
from fastapi import status
from httpx2 import AsyncClient

from app.models import Book
from tests.conftest import AddUser, Headers

pytestmark = pytest.mark.anyio


def order_of(book_id: uuid.UUID, *quantities: int) -> dict[str, Any]:
    return {"lines": [{"book_id": str(book_id), "quantity": number} for number in quantities]}


async def stock_of(client: AsyncClient, book: Book) -> int:
    response = await client.get(f"/books/{book.id}")
    stock: int = response.json()["stock"]
    return stock


async def test_place_and_cancel_order(client: AsyncClient, customer: Headers, book: Book) -> None:
    response = await client.post("/orders", headers=customer, json=order_of(book.id, 1, 1))
    assert response.status_code == status.HTTP_201_CREATED
    order = response.json()
    assert order["lines"] == [
        {"book_id": str(book.id), "quantity": 2, "unit_price_cents": 899},
    ]
    assert await stock_of(client, book) == 1

    response = await client.get("/orders", headers=customer)
    assert response.json() == [order]

    path = f"/orders/{order['id']}/cancellation"
    response = await client.post(path, headers=customer)
    assert response.json()["status"] == "cancelled"
    assert await stock_of(client, book) == 3

    response = await client.post(path, headers=customer)
    assert response.status_code == status.HTTP_409_CONFLICT
    assert await stock_of(client, book) == 3


async def test_order_more_than_there_is(client: AsyncClient, customer: Headers, book: Book) -> None:
    response = await client.post("/orders", headers=customer, json=order_of(book.id, 4))
    assert response.status_code == status.HTTP_409_CONFLICT
    assert await stock_of(client, book) == 3


async def test_order_an_unknown_book(client: AsyncClient, customer: Headers) -> None:
    response = await client.post("/orders", headers=customer, json=order_of(uuid.uuid4(), 1))
    assert response.status_code == status.HTTP_404_NOT_FOUND


async def test_orders_are_private(
    client: AsyncClient, customer: Headers, add_user: AddUser, book: Book
) -> None:
    response = await client.post("/orders", headers=customer, json=order_of(book.id, 1))
    path = f"/orders/{response.json()['id']}"
    response = await client.get(path, headers=customer)
    assert response.status_code == status.HTTP_200_OK

    stranger = await add_user("stranger", False)
    response = await client.get(path, headers=stranger)
    assert response.status_code == status.HTTP_404_NOT_FOUND
    response = await client.post(f"{path}/cancellation", headers=stranger)
    assert response.status_code == status.HTTP_404_NOT_FOUND
    response = await client.get("/orders", headers=stranger)
    assert response.json() == []


async def test_ordered_books_stay(
    client: AsyncClient, customer: Headers, staff: Headers, book: Book
) -> None:
    await client.post("/orders", headers=customer, json=order_of(book.id, 1))
    response = await client.delete(f"/books/{book.id}", headers=staff)
    assert response.status_code == status.HTTP_409_CONFLICT
