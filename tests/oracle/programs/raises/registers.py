"""Fills it, and is imported by whoever looks into it."""

from fastapi import APIRouter

from raises import registry, whole

registry.ROUTERS["late"] = whole.router
registry.ROUTERS.update(again=whole.router)


@registry.register("made")
def make() -> APIRouter:
    return whole.router


class Plugin:
    """Registers all that inherit from it."""

    prefix = "/plugin"

    def __init_subclass__(cls) -> None:
        registry.ROUTERS[cls.__name__.lower()] = APIRouter(prefix=cls.prefix)


class Stock(Plugin):
    """One of them."""
