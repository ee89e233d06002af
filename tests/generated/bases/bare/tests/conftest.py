from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from notes.main import app
from notes.options import options
from notes.store import Table, open_session

if options.DATABASE_URL.startswith("sqlite"):
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool
    )
else:
    engine = create_engine(options.DATABASE_URL)


def open_test_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def api() -> Iterator[TestClient]:
    Table.metadata.drop_all(engine)
    Table.metadata.create_all(engine)
    app.dependency_overrides[open_session] = open_test_session
    yield TestClient(app)
    app.dependency_overrides.clear()
