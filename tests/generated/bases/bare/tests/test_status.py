from fastapi.testclient import TestClient


def test_read_status(api: TestClient) -> None:
    response = api.get("/v2/status")
    assert response.json() == {"is_alive": True}
