from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.config import settings
from app.tests.utils.plant import create_random_plant


def test_create_plant(
    client: TestClient, superuser_token_headers: dict[str, str], db: Session
) -> None:
    data = {"name": "Sage", "notes": "Likes it dry"}
    response = client.post(
        f"{settings.API_V1_STR}/plants/", headers=superuser_token_headers, json=data
    )
    assert response.status_code == 200
    content = response.json()
    assert content["name"] == data["name"]
    assert content["notes"] == data["notes"]
    assert "id" in content
    assert "owner_id" in content


def test_read_plant(
    client: TestClient, superuser_token_headers: dict[str, str], db: Session
) -> None:
    plant = create_random_plant(db)
    response = client.get(
        f"{settings.API_V1_STR}/plants/{plant.id}", headers=superuser_token_headers
    )
    assert response.status_code == 200
    content = response.json()
    assert content["name"] == plant.name
    assert content["notes"] == plant.notes
    assert content["id"] == plant.id
    assert content["owner_id"] == plant.owner_id


def test_update_plant(
    client: TestClient, superuser_token_headers: dict[str, str], db: Session
) -> None:
    plant = create_random_plant(db)
    data = {"notes": "Water it twice a week"}
    response = client.put(
        f"{settings.API_V1_STR}/plants/{plant.id}",
        headers=superuser_token_headers,
        json=data,
    )
    assert response.status_code == 200
    content = response.json()
    assert content["id"] == plant.id
    assert content["notes"] == data["notes"]


def test_read_plants_of_other_users(
    client: TestClient, normal_user_token_headers: dict[str, str], db: Session
) -> None:
    create_random_plant(db)
    create_random_plant(db)
    response = client.get(
        f"{settings.API_V1_STR}/plants/", headers=normal_user_token_headers
    )
    assert response.status_code == 200
    assert response.json() == []


def test_read_plant_of_other_user(
    client: TestClient, normal_user_token_headers: dict[str, str], db: Session
) -> None:
    plant = create_random_plant(db)
    response = client.get(
        f"{settings.API_V1_STR}/plants/{plant.id}", headers=normal_user_token_headers
    )
    assert response.status_code == 403
