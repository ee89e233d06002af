import uuid
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict


class ResponseModel(BaseModel):
    """Fields that every stored object has."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    created_at: datetime
    updated_at: datetime


ItemT = TypeVar("ItemT", bound=BaseModel)


class CursorPage(BaseModel, Generic[ItemT]):
    """A part of a list, and where the next one begins."""

    items: list[ItemT]
    next_cursor: uuid.UUID | None = None
