from fastapi.testclient import TestClient

URL = "/tags"


def read(client: TestClient, name: str) -> str:
    response = client.get(f"{URL}/{name}")
    assert response.status_code == 200
    return str(response.json())


def test_list(client: TestClient) -> None:
    assert client.get(URL).json() == ["a"]


def test_read(client: TestClient) -> None:
    assert read(client, "b") == "b"


def test_nothing(client: TestClient) -> None:
    assert client.get("/nowhere").status_code == 404
