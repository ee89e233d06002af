from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.users.schemas import UserPublic


class ProjectCreate(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    due_on: date | None = None
    owner_id: UUID


class ProjectUpdate(BaseModel):
    name: str | None = Field(default=None, min_length=1, max_length=80)
    due_on: date | None = None


class ProjectPublic(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    due_on: date | None
    owner: UserPublic
    created_at: datetime
