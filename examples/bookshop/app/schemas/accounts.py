import uuid
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr


class UserBase(BaseModel):
    email: EmailStr = Field(max_length=320)
    full_name: str = Field(min_length=1, max_length=200)


class UserCreate(UserBase):
    password: SecretStr = Field(min_length=12, max_length=128)


class UserUpdate(BaseModel):
    email: EmailStr | None = Field(default=None, max_length=320)
    full_name: str | None = Field(default=None, min_length=1, max_length=200)


class UserPublic(UserBase):
    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    is_staff: bool
    created_at: datetime


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
