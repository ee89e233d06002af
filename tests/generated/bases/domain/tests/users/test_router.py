from uuid import uuid4

from httpx import AsyncClient

from app.users.models import User


async def test_create_user(client: AsyncClient) -> None:
    response = await client.post(
        "/api/users", json={"username": "ada", "email": "ada@example.com"}
    )
    assert response.status_code == 201
    assert response.json()["username"] == "ada"


async def test_create_user_taken(client: AsyncClient, user: User) -> None:
    response = await client.post(
        "/api/users", json={"username": "torvalds", "email": user.email}
    )
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "conflict"


async def test_create_user_invalid(client: AsyncClient) -> None:
    response = await client.post(
        "/api/users", json={"username": "A", "email": "a@example.com"}
    )
    assert response.status_code == 422


async def test_get_user(client: AsyncClient, user: User) -> None:
    response = await client.get(f"/api/users/{user.id}")
    assert response.status_code == 200
    assert response.json()["email"] == user.email


async def test_get_user_unknown(client: AsyncClient) -> None:
    response = await client.get(f"/api/users/{uuid4()}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


async def test_update_user(client: AsyncClient, user: User) -> None:
    response = await client.patch(
        f"/api/users/{user.id}", json={"is_active": False}
    )
    assert response.status_code == 200
    assert response.json()["is_active"] is False
