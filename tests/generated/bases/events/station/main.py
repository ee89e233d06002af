"""What a weather station measures."""

from fastapi import FastAPI, HTTPException, status

from station import sensors
from station.sensors import make_reader

app = FastAPI(
    title="Station", on_startup=[sensors.open_port], on_shutdown=[sensors.close_port]
)
app.router.add_event_handler("startup", make_reader("inside"))


@app.on_event("startup")
def announce() -> None:
    """Say that the values can be asked for."""
    sensors.log.append("ready")


@app.get("/values")
def list_values() -> dict[str, float]:
    """Return all values."""
    return sensors.values


@app.get("/values/{name}")
def read_value(name: str) -> float:
    """Return one value."""
    if name not in sensors.values:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such sensor")
    return sensors.values[name]


@app.on_event("shutdown")
async def leave() -> None:
    """Say that nothing can be asked for any more."""
    sensors.log.append("gone")
