from fastapi.testclient import TestClient

from station import sensors
from station.main import app


def test_values_are_there_while_the_app_runs() -> None:
    sensors.log.clear()
    with TestClient(app) as client:
        assert sensors.log == ["port opened", "inside read", "ready"]
        assert client.get("/values").json() == {"inside": 21.5}
        assert client.get("/values/outside").status_code == 404
    assert sensors.log[3:] == ["port closed", "gone"]
    assert sensors.values == {}
