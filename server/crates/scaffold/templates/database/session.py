"""The database's engine, and a session for each request."""

from collections.abc import {{ "AsyncIterator" if is_async else "Iterator" }}
from typing import Annotated

from fastapi import Depends
{% if not is_async and is_sqlmodel %}
from sqlmodel import Session, create_engine
{% elif not is_async %}
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
{% elif is_sqlmodel %}
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession
{% else %}
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
{% endif %}

from {{ settings.module }} import {{ settings.name }}

engine = {{ "create_async_engine" if is_async else "create_engine" }}(
    {{ settings.expression }}.{{ settings.fields.database_url }},
    pool_size=10,
    max_overflow=5,
    pool_recycle=3600,
    pool_pre_ping=True,
)
{% if is_async %}
session_factory = async_sessionmaker(engine, {{ "class_=AsyncSession, " if is_sqlmodel }}expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a session for one request; what is not committed is rolled back."""
    async with session_factory() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
{% else %}
{% if not is_sqlmodel %}
session_factory = sessionmaker(engine, expire_on_commit=False)
{% endif %}


def get_session() -> Iterator[Session]:
    """Open a session for one request; what is not committed is rolled back."""
    with {{ "Session(engine, expire_on_commit=False)" if is_sqlmodel else "session_factory()" }} as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
{% endif %}
