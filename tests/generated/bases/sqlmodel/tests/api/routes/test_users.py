import uuid

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.config import settings
from tests.utils import create_random_user, random_email


def test_create_user(client: TestClient) -> None:
    data = {"email": random_email(), "full_name": "Ada Lovelace"}
    response = client.post(f"{settings.API_V1_STR}/users/", json=data)
    assert response.status_code == 200
    assert response.json()["email"] == data["email"]


def test_create_user_existing_email(client: TestClient, db: Session) -> None:
    user = create_random_user(db)
    response = client.post(f"{settings.API_V1_STR}/users/", json={"email": user.email})
    assert response.status_code == 409


def test_read_users(client: TestClient, db: Session) -> None:
    create_random_user(db)
    create_random_user(db)
    response = client.get(f"{settings.API_V1_STR}/users/", params={"limit": 1})
    assert response.status_code == 200
    assert response.json()["count"] == 2
    assert len(response.json()["data"]) == 1


def test_read_user_not_found(client: TestClient) -> None:
    response = client.get(f"{settings.API_V1_STR}/users/{uuid.uuid4()}")
    assert response.status_code == 404


def test_update_user_existing_email(client: TestClient, db: Session) -> None:
    user = create_random_user(db)
    other = create_random_user(db)
    response = client.patch(
        f"{settings.API_V1_STR}/users/{user.id}", json={"email": other.email}
    )
    assert response.status_code == 409


def test_delete_user(client: TestClient, db: Session) -> None:
    user = create_random_user(db)
    response = client.delete(f"{settings.API_V1_STR}/users/{user.id}")
    assert response.status_code == 200
    assert response.json() == {"message": "User deleted"}
