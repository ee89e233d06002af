"""The application: `fastapi dev` serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from {{ m.api }} import api_router
from {{ m.config }} import get_settings
from {{ m.errors }} import register_error_handlers
from {{ m.session }} import engine


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Close the connections to the database when the app ends."""
    yield
    await engine.dispose()


app = FastAPI(title=get_settings().project_name, lifespan=lifespan)
register_error_handlers(app)
app.include_router(api_router)
