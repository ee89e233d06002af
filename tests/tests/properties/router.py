"""A router with a bit of everything that wiring is made of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query
from pydantic import BaseModel, Field

PREFIX = "/api" "/v1"
router = APIRouter(
    prefix=f"{PREFIX}/users",
    tags=["users"],
)


class User(BaseModel):
    """A user."""

    id: int
    name: str = Field(min_length=1, description="é 😀")
    role: Literal["admin", "user"] = "user"
    parent: "User | None" = None

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


async def current_user(token: Annotated[str, Query(alias="t")] = "") -> User:
    if not token:
        raise HTTPException(401)
    return User(id=1, name=token)


@router.get("/{user_id}", response_model=User)
async def read_user(user_id: int, user: Annotated[User, Depends(current_user)]) -> User:
    """Read one.

    def not_code():
    """
    match user.role:
        case "admin":
            return user
        case _ if user.id == user_id:
            return user
    raise HTTPException(404, detail=f"{user_id!r} is {'not' if user else ''} here")


@router.get(
    "/",
    tags=["list"],
)
def read_users(limit: int = 10, *, skip: int = 0) -> list[User]:
    return [User(id=i, name=str(i)) for i in range(skip, skip + limit) if i % 2]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    for each in (router,):
        app.include_router(each)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


if __name__ == "__main__":
    app = create_app()
