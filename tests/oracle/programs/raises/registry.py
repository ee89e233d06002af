"""A table that others fill."""

from collections.abc import Callable

from fastapi import APIRouter

ROUTERS: dict[str, APIRouter] = {}
MAKERS: dict[str, Callable[[], APIRouter]] = {}


def register(name: str) -> Callable[[Callable[[], APIRouter]], Callable[[], APIRouter]]:
    def keep(make: Callable[[], APIRouter]) -> Callable[[], APIRouter]:
        MAKERS[name] = make
        return make

    return keep
