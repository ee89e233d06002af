from fastapi.testclient import TestClient

from shop.models import Category, Product


def test_create(client: TestClient, category: Category) -> None:
    data = {'sku': 'B-002', 'name': 'Novel', 'price': '9.50', 'category_id': category.id}
    response = client.post('/products/', json=data)
    assert response.status_code == 201
    assert response.json()['price'] == '9.50'
    assert response.json()['category'] == {'id': category.id, 'name': 'Books'}


def test_create_conflict(client: TestClient, product: Product) -> None:
    data = {'sku': 'B-001', 'name': 'Map', 'price': '3', 'category_id': product.category_id}
    response = client.post('/products/', json=data)
    assert response.status_code == 409


def test_create_invalid(client: TestClient, category: Category) -> None:
    data = {'sku': 'B-002', 'name': 'Novel', 'price': '-1', 'category_id': category.id}
    response = client.post('/products/', json=data)
    assert response.status_code == 422


def test_list(client: TestClient, product: Product) -> None:
    response = client.get('/products/', params={'skip': 0, 'limit': 10})
    assert response.status_code == 200
    assert [item['sku'] for item in response.json()] == ['B-001']


def test_update(client: TestClient, product: Product) -> None:
    response = client.put(f'/products/{product.id}', json={'price': '30.00'})
    assert response.status_code == 200
    assert response.json()['price'] == '30.00'
    assert response.json()['name'] == 'Atlas'


def test_delete(client: TestClient, product: Product) -> None:
    assert client.delete(f'/products/{product.id}').status_code == 204
    assert client.get(f'/products/{product.id}').status_code == 404
