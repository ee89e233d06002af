from httpx import AsyncClient


async def test_create_supplier(client: AsyncClient) -> None:
    response = await client.post("/suppliers", json={"name": "Acme"})
    assert response.status_code == 201
    supplier = response.json()
    response = await client.get(f"/suppliers/{supplier['id']}")
    assert response.json() == supplier


async def test_create_supplier_twice(client: AsyncClient) -> None:
    for expected in (201, 409):
        response = await client.post("/suppliers", json={"name": "Acme"})
        assert response.status_code == expected


async def test_read_supplier_not_found(client: AsyncClient) -> None:
    response = await client.get("/suppliers/1")
    assert response.status_code == 404
