from pydantic import BaseModel, EmailStr, Field

from app.schemas.common import ResponseModel


class UserCreate(BaseModel):
    """A user to add."""

    email: EmailStr
    full_name: str = Field(min_length=1, max_length=200)
    is_agent: bool = False


class UserResponse(ResponseModel):
    """A user as the API shows it."""

    email: EmailStr
    full_name: str
    is_active: bool
    is_agent: bool
