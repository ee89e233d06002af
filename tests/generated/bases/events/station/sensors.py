"""The sensors, which have to be opened before they are read."""

from collections.abc import Awaitable, Callable

log: list[str] = []
values: dict[str, float] = {}


async def open_port() -> None:
    """Open the port that the sensors are connected to."""
    log.append("port opened")


def make_reader(name: str) -> Callable[[], Awaitable[None]]:
    """Make a function that reads one sensor."""

    async def read() -> None:
        log.append(f"{name} read")
        values[name] = 21.5

    return read


def close_port() -> None:
    """Close the port."""
    values.clear()
    log.append("port closed")
