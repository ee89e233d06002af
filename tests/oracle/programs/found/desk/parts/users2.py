from desk.routers import Numbered
from fastapi import APIRouter

plain = APIRouter(prefix="/plain")
users = Numbered(prefix="/users", number=1)


@plain.get("/")
def read_plain() -> None: ...


@users.get("/me")
def read_me() -> None: ...
