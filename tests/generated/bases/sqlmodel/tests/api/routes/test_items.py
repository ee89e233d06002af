import uuid

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.config import settings
from tests.utils import create_random_item, create_random_user


def test_create_item(client: TestClient, db: Session) -> None:
    owner = create_random_user(db)
    data = {"title": "Stamp", "description": "Blue", "owner_id": str(owner.id)}
    response = client.post(f"{settings.API_V1_STR}/items/", json=data)
    assert response.status_code == 200
    content = response.json()
    assert content["title"] == data["title"]
    assert content["owner_id"] == str(owner.id)


def test_create_item_without_owner(client: TestClient) -> None:
    data = {"title": "Stamp", "owner_id": str(uuid.uuid4())}
    response = client.post(f"{settings.API_V1_STR}/items/", json=data)
    assert response.status_code == 404


def test_read_item(client: TestClient, db: Session) -> None:
    item = create_random_item(db)
    response = client.get(f"{settings.API_V1_STR}/items/{item.id}")
    assert response.status_code == 200
    assert response.json()["title"] == item.title


def test_read_item_not_found(client: TestClient) -> None:
    response = client.get(f"{settings.API_V1_STR}/items/{uuid.uuid4()}")
    assert response.status_code == 404
    assert response.json()["detail"] == "Item not found"


def test_update_item(client: TestClient, db: Session) -> None:
    item = create_random_item(db)
    data = {"title": "Coin"}
    response = client.put(f"{settings.API_V1_STR}/items/{item.id}", json=data)
    assert response.status_code == 200
    assert response.json()["title"] == "Coin"


def test_delete_item(client: TestClient, db: Session) -> None:
    item = create_random_item(db)
    response = client.delete(f"{settings.API_V1_STR}/items/{item.id}")
    assert response.status_code == 200
    response = client.get(f"{settings.API_V1_STR}/items/{item.id}")
    assert response.status_code == 404
