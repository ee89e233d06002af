import uuid

from fastapi import APIRouter, HTTPException, status

from app.api.deps import UserRepositoryDep
from app.models.user import User
from app.schemas.user import UserCreate, UserResponse

router = APIRouter()


@router.post("/", response_model=UserResponse, status_code=status.HTTP_201_CREATED)
async def create_user(payload: UserCreate, repository: UserRepositoryDep) -> User:
    """Add a user."""
    if await repository.get_by_email(payload.email) is not None:
        raise HTTPException(status_code=status.HTTP_409_CONFLICT, detail="A user with this email exists")
    return await repository.create(**payload.model_dump())


@router.get("/{user_id}", response_model=UserResponse)
async def get_user(user_id: uuid.UUID, repository: UserRepositoryDep) -> User:
    """Get a user."""
    user = await repository.get(user_id)
    if user is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="User not found")
    return user
