import uuid

import pytest
from fastapi import status
from httpx2 import AsyncClient

from app.models import Book
from tests.conftest import Headers

pytestmark = pytest.mark.anyio


async def test_authors(client: AsyncClient, staff: Headers) -> None:
    response = await client.post("/authors", headers=staff, json={"name": "Toni Morison"})
    assert response.status_code == status.HTTP_201_CREATED
    author_id = response.json()["id"]

    response = await client.patch(
        f"/authors/{author_id}", headers=staff, json={"name": "Toni Morrison"}
    )
    assert response.status_code == status.HTTP_200_OK

    response = await client.get(f"/authors/{author_id}")
    assert response.status_code == status.HTTP_200_OK
    author = {"id": author_id, "name": "Toni Morrison", "biography": None}
    assert response.json() == author

    response = await client.get("/authors", params={"limit": 1})
    assert response.json() == [author]


async def test_unknown_author(client: AsyncClient, staff: Headers) -> None:
    unknown = uuid.uuid4()
    response = await client.get(f"/authors/{unknown}")
    assert response.status_code == status.HTTP_404_NOT_FOUND

    response = await client.patch(f"/authors/{unknown}", headers=staff, json={"name": "N. N."})
    assert response.status_code == status.HTTP_404_NOT_FOUND

    book = {"title": "Emma", "isbn": "9780141439587", "price_cents": 799}
    response = await client.post("/books", headers=staff, json={**book, "author_id": str(unknown)})
    assert response.status_code == status.HTTP_404_NOT_FOUND


async def test_create_book(client: AsyncClient, staff: Headers, book: Book) -> None:
    new_book = {
        "title": "Emma",
        "isbn": "9780141439587",
        "price_cents": 799,
        "author_id": str(book.author_id),
    }
    response = await client.post("/books", headers=staff, json=new_book)
    assert response.status_code == status.HTTP_201_CREATED
    assert response.json()["author"]["name"] == "Jane Austen"
    assert response.json()["stock"] == 0

    response = await client.post("/books", headers=staff, json=new_book)
    assert response.status_code == status.HTTP_409_CONFLICT


async def test_list_books(client: AsyncClient, book: Book) -> None:
    for params, titles in [
        ({}, ["Persuasion"]),
        ({"search": "SUAS"}, ["Persuasion"]),
        ({"search": "s%n"}, []),
        ({"author_id": str(book.author_id)}, ["Persuasion"]),
        ({"author_id": str(uuid.uuid4())}, []),
        ({"offset": "1"}, []),
    ]:
        response = await client.get("/books", params=params)
        assert [found["title"] for found in response.json()] == titles

    response = await client.get("/books", params={"limit": 101})
    assert response.status_code == status.HTTP_422_UNPROCESSABLE_CONTENT


async def test_read_update_and_delete_book(client: AsyncClient, staff: Headers, book: Book) -> None:
    path = f"/books/{book.id}"
    response = await client.get(path)
    assert response.json()["price_cents"] == 899

    response = await client.patch(path, headers=staff, json={"price_cents": 999})
    assert response.status_code == status.HTTP_200_OK
    assert response.json()["price_cents"] == 999
    assert response.json()["title"] == "Persuasion"

    response = await client.delete(path, headers=staff)
    assert response.status_code == status.HTTP_204_NO_CONTENT
    response = await client.get(path)
    assert response.status_code == status.HTTP_404_NOT_FOUND


async def test_only_staff_changes_the_catalog(
    client: AsyncClient, customer: Headers, book: Book
) -> None:
    response = await client.delete(f"/books/{book.id}", headers=customer)
    assert response.status_code == status.HTTP_403_FORBIDDEN
    response = await client.post("/authors", headers=customer, json={"name": "Me"})
    assert response.status_code == status.HTTP_403_FORBIDDEN


async def test_reviews(client: AsyncClient, customer: Headers, staff: Headers, book: Book) -> None:
    path = f"/books/{book.id}/reviews"
    review = {"rating": 5, "text": "Half agony, half hope"}
    response = await client.post(path, headers=customer, json=review)
    assert response.status_code == status.HTTP_201_CREATED

    response = await client.post(path, headers=customer, json=review)
    assert response.status_code == status.HTTP_409_CONFLICT

    response = await client.get(path)
    assert [found["rating"] for found in response.json()] == [5]

    response = await client.delete(f"/books/{book.id}", headers=staff)
    assert response.status_code == status.HTTP_204_NO_CONTENT
