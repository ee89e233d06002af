from pathlib import Path

from fastapi import status
from fastapi.testclient import TestClient

from app.core.config import settings


def test_health(live_client: TestClient) -> None:
    response = live_client.get("/health")
    assert response.json() == {"status": "ok"}


def test_start_creates_the_tables(live_client: TestClient, tmp_path: Path) -> None:
    assert b"CREATE TABLE books" in (tmp_path / "live.db").read_bytes()


def test_static_files(live_client: TestClient) -> None:
    response = live_client.get("/static/logo.svg")
    assert response.status_code == status.HTTP_200_OK
    assert response.headers["Content-Type"] == "image/svg+xml"


def test_openapi(live_client: TestClient) -> None:
    paths = live_client.get("/openapi.json").json()["paths"]
    book = f"{settings.api_v1_prefix}/books/{{book_id}}"
    assert sorted(paths[book]) == ["delete", "get", "patch"]
    assert sorted(paths[f"{book}/reviews"]) == ["get", "post"]
