import os
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session

DATABASE_URL = os.environ.get("DATABASE_URL", "sqlite:///./notes.db")

engine = create_engine(DATABASE_URL)


class Base(DeclarativeBase):
    pass


def get_db() -> Iterator[Session]:
    with Session(engine) as db:
        yield db
