"""Tests of the users' endpoints."""

import uuid

import pytest
from httpx import AsyncClient

pytestmark = pytest.mark.anyio

USER = {"email": "ada@example.com", "name": "Ada"}


async def test_create_user(client: AsyncClient) -> None:
    """A user is made and can be read back."""
    response = await client.post("/users", json=USER)
    assert response.status_code == 201
    created = response.json()
    assert created["email"] == USER["email"]
    response = await client.get(f"/users/{created['id']}")
    assert response.json() == created


async def test_create_user_conflict(client: AsyncClient) -> None:
    """An address belongs to one user."""
    await client.post("/users", json=USER)
    response = await client.post("/users", json=USER)
    assert response.status_code == 409


async def test_create_user_invalid(client: AsyncClient) -> None:
    """An address is one."""
    response = await client.post("/users", json=USER | {"email": "ada"})
    assert response.status_code == 422


async def test_get_user_not_found(client: AsyncClient) -> None:
    """Nobody has this id."""
    response = await client.get(f"/users/{uuid.uuid4()}")
    assert response.status_code == 404
