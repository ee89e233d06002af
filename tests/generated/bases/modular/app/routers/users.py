"""Users."""

import uuid

from fastapi import APIRouter, HTTPException, status

from app.schemas.user import UserCreate, UserOut
from app.services.user import UserServiceDep

router = APIRouter(prefix="/users", tags=["users"])


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_user(data: UserCreate, service: UserServiceDep) -> UserOut:
    """Add a user."""
    if await service.get_by_email(data.email) is not None:
        raise HTTPException(status_code=status.HTTP_409_CONFLICT, detail="Email is taken")
    return UserOut.model_validate(await service.create(data))


@router.get("/{user_id}")
async def get_user(user_id: uuid.UUID, service: UserServiceDep) -> UserOut:
    """Return one user."""
    user = await service.get(user_id)
    if user is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="User not found")
    return UserOut.model_validate(user)
