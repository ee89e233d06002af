"""What a closure sees is settled when it is made, or when it is called."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def read() -> None: ...


def counting() -> Callable[[str], Any]:
    count = 0

    def add(path: str) -> Callable[[str], Any]:
        nonlocal count
        count += 1
        app.add_api_route(f"/{count}{path}", read)
        return add

    return add


counting()("/a")("/b")("/c")

bound = [
    lambda path, number=number: app.add_api_route(f"{path}/{number}", read) for number in range(3)
]
for register in bound:
    register("/bound")
free = [lambda path: app.add_api_route(f"{path}/{number}", read) for number in range(3)]  # noqa: B023
free[0]("/free")

defined = []
for word in ("x", "y"):

    def add_word(path: str, word: str = word) -> None:
        app.add_api_route(f"{path}/{word}", read)

    defined.append(add_word)
for add_one in defined:
    add_one("/defined")
