from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.config import settings
from app.database import Base, engine
from app.exceptions import register_exception_handlers
from app.projects.router import router as projects_router
from app.users.router import router as users_router


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(title="Planner", debug=settings.debug, lifespan=lifespan)

register_exception_handlers(app)

app.include_router(users_router, prefix="/api")
app.include_router(projects_router, prefix="/api")
