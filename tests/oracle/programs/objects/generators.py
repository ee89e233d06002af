"""Generators that are begun, resumed and entered."""

import contextlib
from collections.abc import Iterator

from fastapi import APIRouter, FastAPI

app = FastAPI()


def handler(q: int) -> None: ...


def numbers() -> Iterator[str]:
    for number in range(4):
        yield f"/g{number}"


several = numbers()
app.get(next(several))(handler)
app.get(next(several) + "/second")(handler)
for path in several:
    app.get(path)(handler)
app.get(next(several, "/none"))(handler)


@contextlib.contextmanager
def section(prefix: str) -> Iterator[list[str]]:
    paths: list[str] = []
    try:
        yield paths
    finally:
        for path in paths:
            app.get(prefix + path)(handler)


@contextlib.contextmanager
def including(prefix: str) -> Iterator[APIRouter]:
    router = APIRouter(prefix=prefix)
    yield router
    app.include_router(router)


with section("/s") as paths, including("/r") as router:
    paths.append("/a")
    router.get("/b")(handler)


def wired() -> str:
    with section("/t") as inner:
        inner.append("/c")
        return "/returned"


app.get(wired())(handler)


class Route:
    def __init__(self, text: str) -> None:
        self.text = text

    def __truediv__(self, part: str) -> "Route":
        return Route(f"{self.text}/{part}")

    def __str__(self) -> str:
        return self.text


app.get(str(Route("/base") / "part"))(handler)
try:
    raise ValueError
except (TypeError, ValueError):
    app.get("/caught")(handler)
