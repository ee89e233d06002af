"""Tables that a metaclass, a descriptor and operators of the project's own fill."""

from typing import Any

from fastapi import APIRouter, FastAPI

from raises import whole

KNOWN: dict[str, str] = {}
NAMED: dict[str, str] = {}


class Meta(type):
    """Knows all that it makes."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> "Meta":
        KNOWN[name] = f"/{name.lower()}"
        return super().__new__(cls, name, bases, body)


class One(metaclass=Meta):
    """One of them."""


class Named:
    """Is told its name."""

    def __set_name__(self, owner: type, name: str) -> None:
        NAMED[name] = f"/{name}"


class Holder:
    """Tells it."""

    kept = Named()


class Registry:
    """Is filled by operators."""

    def __init__(self) -> None:
        self.routers: dict[str, APIRouter] = {}

    def __setitem__(self, name: str, router: APIRouter) -> None:
        self.routers[name] = router

    def __lshift__(self, name: str) -> "Registry":
        self.routers[name] = whole.router
        return self


registry = Registry()
registry["one"] = whole.router
registry << "two"
hidden = [KNOWN["One"], NAMED["kept"], registry.routers["one"], registry.routers["two"]]
app = FastAPI()
app.include_router(whole.router)
