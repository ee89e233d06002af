from sqlmodel import SQLModel, create_engine

from app import models  # noqa: F401
from app.core.config import settings

engine = create_engine(settings.DATABASE_URL)


def init_db() -> None:
    SQLModel.metadata.create_all(engine)
