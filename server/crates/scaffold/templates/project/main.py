"""The application: `fastapi dev` serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from {{ m.api }} import api_router
from {{ m.base }} import Base
from {{ m.config }} import get_settings
from {{ m.errors }} import register_error_handlers
from {{ m.session }} import engine


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Make the tables that are missing, and close all connections when the app ends."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(title=get_settings().project_name, lifespan=lifespan)
register_error_handlers(app)
app.include_router(api_router)
