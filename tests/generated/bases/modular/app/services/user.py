"""Work with users."""

import uuid
from typing import Annotated

from fastapi import Depends
from sqlalchemy import select

from app.dependencies import DbSession
from app.models import User
from app.schemas.user import UserCreate


class UserService:
    """Finds and makes users."""

    def __init__(self, session: DbSession) -> None:
        """Work in one session."""
        self.session = session

    async def get(self, user_id: uuid.UUID) -> User | None:
        """Return a user, or nothing where there is none."""
        return await self.session.get(User, user_id)

    async def get_by_email(self, email: str) -> User | None:
        """Return the user with an address."""
        return (await self.session.scalars(select(User).where(User.email == email))).one_or_none()

    async def create(self, data: UserCreate) -> User:
        """Add a user."""
        user = User(**data.model_dump())
        self.session.add(user)
        await self.session.commit()
        return user


UserServiceDep = Annotated[UserService, Depends()]
