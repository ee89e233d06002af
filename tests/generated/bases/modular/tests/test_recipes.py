"""Tests of the recipes' endpoints."""

import uuid
from typing import Any

import pytest
from httpx import AsyncClient

pytestmark = pytest.mark.anyio


@pytest.fixture
async def recipe(client: AsyncClient) -> dict[str, Any]:
    """Make a recipe and its author."""
    response = await client.post("/users", json={"email": "ada@example.com", "name": "Ada"})
    data = {"title": "Soup", "servings": 4, "author_id": response.json()["id"]}
    response = await client.post("/recipes", json=data)
    assert response.status_code == 201
    created: dict[str, Any] = response.json()
    return created


async def test_create_recipe_without_author(client: AsyncClient) -> None:
    """A recipe has an author."""
    data = {"title": "Soup", "author_id": str(uuid.uuid4())}
    response = await client.post("/recipes", json=data)
    assert response.status_code == 404


async def test_list_recipes(client: AsyncClient, recipe: dict[str, Any]) -> None:
    """A list has what was made."""
    response = await client.get("/recipes", params={"limit": 5})
    assert response.status_code == 200
    assert response.json() == [recipe]


async def test_get_recipe(client: AsyncClient, recipe: dict[str, Any]) -> None:
    """A recipe comes with its author."""
    response = await client.get(f"/recipes/{recipe['id']}")
    assert response.status_code == 200
    assert response.json()["author"]["name"] == "Ada"


async def test_update_recipe(client: AsyncClient, recipe: dict[str, Any]) -> None:
    """What isn't sent stays."""
    response = await client.patch(f"/recipes/{recipe['id']}", json={"title": "Stew"})
    assert response.status_code == 200
    assert response.json()["title"] == "Stew"
    assert response.json()["servings"] == 4


async def test_delete_recipe(client: AsyncClient, recipe: dict[str, Any]) -> None:
    """What is deleted is gone."""
    url = f"/recipes/{recipe['id']}"
    assert (await client.delete(url)).status_code == 204
    assert (await client.get(url)).status_code == 404
