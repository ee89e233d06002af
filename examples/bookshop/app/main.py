from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.api.main import api_router
from app.core.config import settings
from app.core.db import create_tables, engine
from app.core.errors import add_exception_handlers

STATIC_DIR = Path(__file__).parent / "static"


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    if settings.environment == "local":
        await create_tables(engine)
    yield
    await engine.dispose()


app = FastAPI(title=settings.project_name, lifespan=lifespan)
add_exception_handlers(app)
app.include_router(api_router, prefix=settings.api_v1_prefix)
app.mount("/static", StaticFiles(directory=STATIC_DIR), name="static")


@app.get("/health", tags=["operations"])
async def read_health() -> dict[str, str]:
    return {"status": "ok"}
