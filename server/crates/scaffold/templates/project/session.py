"""The database's engine, and a session for each request."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
{% if is_sqlmodel %}
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession
{% else %}
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
{% endif %}

from {{ m.config }} import get_settings

engine = create_async_engine(
    get_settings().database_url,
    pool_size=10,
    max_overflow=5,
    pool_recycle=3600,
    pool_pre_ping=True,
)
session_factory = async_sessionmaker(engine, {{ "class_=AsyncSession, " if is_sqlmodel }}expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a session for one request; what is not committed is rolled back."""
    async with session_factory() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
