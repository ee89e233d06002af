import uuid

import pytest
from httpx import AsyncClient

from app.models import User

URL = "/api/v1/users/"


@pytest.mark.asyncio
async def test_create_user(async_client: AsyncClient) -> None:
    response = await async_client.post(URL, json={"email": "ada@example.com", "full_name": "Ada Lovelace"})
    assert response.status_code == 201
    assert response.json()["is_active"] is True


@pytest.mark.asyncio
async def test_create_user_conflict(async_client: AsyncClient, user: User) -> None:
    response = await async_client.post(URL, json={"email": user.email, "full_name": "Somebody else"})
    assert response.status_code == 409


@pytest.mark.asyncio
async def test_create_user_validation(async_client: AsyncClient) -> None:
    response = await async_client.post(URL, json={"email": "ada@example.com"})
    assert response.status_code == 422


@pytest.mark.asyncio
async def test_get_user(async_client: AsyncClient, user: User) -> None:
    response = await async_client.get(f"{URL}{user.id}")
    assert response.status_code == 200
    assert response.json()["full_name"] == "Grace Hopper"


@pytest.mark.asyncio
async def test_get_user_not_found(async_client: AsyncClient) -> None:
    response = await async_client.get(f"{URL}{uuid.uuid4()}")
    assert response.status_code == 404
