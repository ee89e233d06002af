from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from notes.api.everything import everything
from notes.options import options
from notes.store import Table, engine


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    Table.metadata.create_all(engine)
    yield
    engine.dispose()


app = FastAPI(title="Notes", lifespan=lifespan)
app.include_router(everything, prefix=options.API_PREFIX)
