from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from notes.options import options

engine = create_engine(options.DATABASE_URL)


class Table(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


def open_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
