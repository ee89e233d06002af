from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.database import Session
from app.users import service
from app.users.models import User


async def valid_user(user_id: UUID, session: Session) -> User:
    return await service.get_user(session, user_id)


ValidUser = Annotated[User, Depends(valid_user)]
