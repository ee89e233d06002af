"""Iterators used up, managers that register at their end, parts of lists that are replaced."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from fastapi import APIRouter, FastAPI

app = FastAPI()


def read() -> None: ...


rest = iter(["/one", "/two", "/three"])
app.add_api_route(next(rest), read)
for path in rest:
    app.add_api_route(f"{path}/rest", read)
app.add_api_route(next(rest, "/none"), read)


@contextmanager
def group(prefix: str) -> Iterator[APIRouter]:
    router = APIRouter(prefix=prefix)
    yield router
    app.include_router(router)


class Group:
    """A router that is included when it is whole."""

    def __init__(self, prefix: str) -> None:
        self.router = APIRouter(prefix=prefix)

    def __enter__(self) -> APIRouter:
        return self.router

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        app.include_router(self.router)


with group("/function") as inner:
    inner.add_api_route("/in", read)
with Group("/outer") as outer, Group("/inner") as inner:
    outer.add_api_route("/in", read)
    inner.add_api_route("/in", read)

names = ["a", "b", "c"]
names[1:2] = ["x", "y"]
names[:0] = ["first"]
del names[-1]
for name in names:
    app.add_api_route(f"/{name}", read)

PATHS = {"known": "/known"}
try:
    app.add_api_route(PATHS["unknown"], read)
except KeyError:
    app.add_api_route(PATHS["known"], read)
else:
    app.add_api_route("/never", read)
