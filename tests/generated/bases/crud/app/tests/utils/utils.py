import secrets
import string

from fastapi.testclient import TestClient

from app.core.config import settings


def random_lower_string() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(32))


def random_email() -> str:
    return f"{random_lower_string()}@example.com"


def get_superuser_token_headers(client: TestClient) -> dict[str, str]:
    return get_token_headers(
        client=client,
        email=settings.FIRST_SUPERUSER,
        password=settings.FIRST_SUPERUSER_PASSWORD,
    )


def get_token_headers(
    *, client: TestClient, email: str, password: str
) -> dict[str, str]:
    data = {"username": email, "password": password}
    response = client.post(f"{settings.API_V1_STR}/login/access-token", data=data)
    return {"Authorization": f"Bearer {response.json()['access_token']}"}
