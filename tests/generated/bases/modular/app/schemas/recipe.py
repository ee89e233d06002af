"""Schemas of recipes."""

import uuid
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.user import UserOut


class RecipeBase(BaseModel):
    """What is the same in all of them."""

    title: str = Field(min_length=1, max_length=200)
    steps: str = ""
    servings: int = Field(default=2, ge=1, le=100)


class RecipeCreate(RecipeBase):
    """A new recipe."""

    author_id: uuid.UUID


class RecipeUpdate(BaseModel):
    """What changes; anything left out stays as it is."""

    title: str | None = Field(default=None, min_length=1, max_length=200)
    steps: str | None = None
    servings: int | None = Field(default=None, ge=1, le=100)


class RecipeOut(RecipeBase):
    """A recipe with its author."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    author: UserOut
    created_at: datetime
    updated_at: datetime
