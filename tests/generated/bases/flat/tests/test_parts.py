import pytest
from httpx import AsyncClient


@pytest.fixture
async def supplier_id(client: AsyncClient) -> int:
    response = await client.post("/suppliers", json={"name": "Acme"})
    supplier_id: int = response.json()["id"]
    return supplier_id


@pytest.fixture
async def part_id(client: AsyncClient, supplier_id: int) -> int:
    data = {"number": "A-1", "in_stock": 3, "supplier_id": supplier_id}
    response = await client.post("/parts", json=data)
    part_id: int = response.json()["id"]
    return part_id


async def test_create_part(client: AsyncClient, supplier_id: int) -> None:
    data = {"number": "A-1", "in_stock": 3, "supplier_id": supplier_id}
    response = await client.post("/parts", json=data)
    assert response.status_code == 201
    assert response.json()["supplier"]["name"] == "Acme"


async def test_create_part_without_supplier(client: AsyncClient) -> None:
    response = await client.post("/parts", json={"number": "A-1", "supplier_id": 7})
    assert response.status_code == 404


async def test_create_part_twice(
    client: AsyncClient, supplier_id: int, part_id: int
) -> None:
    data = {"number": "A-1", "supplier_id": supplier_id}
    response = await client.post("/parts", json=data)
    assert response.status_code == 409


async def test_create_part_invalid(client: AsyncClient, supplier_id: int) -> None:
    data = {"number": "", "supplier_id": supplier_id}
    response = await client.post("/parts", json=data)
    assert response.status_code == 422


async def test_read_parts(client: AsyncClient, part_id: int) -> None:
    response = await client.get("/parts", params={"limit": 10})
    assert response.status_code == 200
    assert [part["id"] for part in response.json()] == [part_id]


async def test_update_part(client: AsyncClient, part_id: int) -> None:
    response = await client.patch(f"/parts/{part_id}", json={"in_stock": 2})
    assert response.status_code == 200
    assert response.json()["in_stock"] == 2


async def test_delete_part(client: AsyncClient, part_id: int) -> None:
    response = await client.delete(f"/parts/{part_id}")
    assert response.status_code == 204
    response = await client.get(f"/parts/{part_id}")
    assert response.status_code == 404
