"""Finds what is to be served by the names of files and the kinds of values."""

import glob
import importlib
import os
from fnmatch import fnmatch

from fastapi import APIRouter, FastAPI


class Numbered(APIRouter):
    """A router that says where it stands, and whether it is to be found."""

    def __init__(self, *, prefix: str, number: int = 100, is_found: bool = True) -> None:
        self.number = number
        self.is_found = is_found
        super().__init__(prefix=prefix)


class Register:
    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.root = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))

    def files(self) -> list[str]:
        return sorted(glob.glob(os.path.join(self.root, "*", "parts", "[!_]*.py")))

    def routers(self) -> list[tuple[str, APIRouter]]:
        found = []
        for file in self.files():
            name = os.path.relpath(file, self.root).replace(os.sep, ".")[:-3]
            for attribute, value in importlib.import_module(name).__dict__.items():
                if isinstance(value, Numbered):
                    if value.is_found:
                        found.append((attribute, value))
                elif isinstance(value, APIRouter):
                    found.append((attribute, value))
        return found

    def all_in_order(self) -> None:
        def key(item: tuple[str, APIRouter]) -> tuple[int, int, str] | tuple[int, str]:
            attribute, router = item
            if isinstance(router, Numbered):
                return (0, router.number, attribute)
            return (1, attribute)

        for _, router in sorted(self.routers(), key=key):
            self.app.include_router(router)

    def names(self) -> None:
        for number, pattern in enumerate(["[!_]*.py", "*[0-9].py", "_*"]):
            folder = os.path.join(self.root, "desk", "parts")
            for name in sorted(glob.glob(pattern, root_dir=folder)):
                self.app.get(f"/files/{number}/{name}")(self.files)
        for name in ("notes.py", "users2.py"):
            if fnmatch(name, "*[0-9].py"):
                self.app.get(f"/numbered/{name}")(self.files)
