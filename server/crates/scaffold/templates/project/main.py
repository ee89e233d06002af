"""The application: `fastapi dev` serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
{% if is_sqlmodel %}
from sqlmodel import SQLModel
{% endif %}

from {{ m.api }} import api_router
{% if not is_sqlmodel %}
from {{ m.base }} import Base
{% endif %}
from {{ m.config }} import get_settings
from {{ m.errors }} import register_error_handlers
from {{ m.session }} import engine


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
{% if makes_tables %}
    """Make the tables that are missing, and close all connections when the app ends."""
{% if is_async %}
    async with engine.begin() as connection:
        await connection.run_sync({{ "SQLModel" if is_sqlmodel else "Base" }}.metadata.create_all)
{% else %}
    {{ "SQLModel" if is_sqlmodel else "Base" }}.metadata.create_all(engine)
{% endif %}
{% else %}
    """Close all connections when the app ends."""
{% endif %}
    yield
    {{ "await " if is_async }}engine.dispose()


app = FastAPI(title=get_settings().project_name, lifespan=lifespan)
register_error_handlers(app)
app.include_router(api_router)
