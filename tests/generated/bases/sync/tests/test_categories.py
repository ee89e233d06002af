from fastapi.testclient import TestClient

from shop.models import Category


def test_create(client: TestClient) -> None:
    response = client.post('/categories/', json={'name': 'Books'})
    assert response.status_code == 201
    assert response.json()['name'] == 'Books'


def test_create_conflict(client: TestClient, category: Category) -> None:
    response = client.post('/categories/', json={'name': category.name})
    assert response.status_code == 409


def test_get(client: TestClient, category: Category) -> None:
    response = client.get(f'/categories/{category.id}')
    assert response.status_code == 200


def test_get_not_found(client: TestClient) -> None:
    response = client.get('/categories/1')
    assert response.status_code == 404
