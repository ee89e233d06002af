"""Dependencies that several routers share."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import get_db

DbSession = Annotated[AsyncSession, Depends(get_db)]


class Pagination(BaseModel):
    """Which part of a list is asked for."""

    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=20, ge=1, le=100)


PageParams = Annotated[Pagination, Query()]
