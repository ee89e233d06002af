from fastapi.testclient import TestClient

from app.core.config import settings


def test_login_with_wrong_password(client: TestClient) -> None:
    data = {"username": settings.FIRST_SUPERUSER, "password": "wrong"}
    response = client.post(f"{settings.API_V1_STR}/login/access-token", data=data)
    assert response.status_code == 400


def test_forged_token(client: TestClient) -> None:
    headers = {"Authorization": "Bearer 1.forged"}
    response = client.get(f"{settings.API_V1_STR}/plants/", headers=headers)
    assert response.status_code == 401
