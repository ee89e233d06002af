from fastapi import APIRouter, status

from app.database import Session
from app.users import service
from app.users.dependencies import ValidUser
from app.users.models import User
from app.users.schemas import UserCreate, UserPublic, UserUpdate


router = APIRouter(prefix="/users", tags=["Users"])


@router.post(
    "", response_model=UserPublic, status_code=status.HTTP_201_CREATED
)
async def create_user(data: UserCreate, session: Session) -> User:
    return await service.create_user(session, data)


@router.get("/{user_id}", response_model=UserPublic)
async def get_user(user: ValidUser) -> User:
    return user


@router.patch("/{user_id}", response_model=UserPublic)
async def update_user(
    user: ValidUser, data: UserUpdate, session: Session
) -> User:
    return await service.update_user(session, user, data)
