from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app.api.deps import CurrentUser, SessionDep
from app.api.main import api_router
from app.core.config import settings
from app.core.db import create_tables, engine
from app.core.errors import add_exception_handlers
from app.models import Order, User
from app.repositories import orders
from app.schemas.accounts import UserPublic
from app.schemas.catalog import Pagination
from app.schemas.orders import OrderPublic

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


@app.get("version", tags=["operations"])
async def read_version() -> dict[str, str]:
    return {"version": app.version}


@app.get("/api/v1/accounts/me", response_model=UserPublic)
async def read_current_user(user: CurrentUser) -> User:
    return user


@app.get(f"{settings.api_v1_prefix}/orders/latest", response_model=list[OrderPublic])
async def list_latest_orders(session: SessionDep, user: CurrentUser) -> Sequence[Order]:
    return await orders.list_orders(session, user.id, Pagination(limit=5))
