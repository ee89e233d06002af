from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app.db import DATABASE_URL, Base, get_db
from app.main import app


@pytest.fixture
def db() -> Iterator[Session]:
    if DATABASE_URL.startswith("sqlite"):
        arguments = {"check_same_thread": False}
        engine = create_engine("sqlite://", connect_args=arguments, poolclass=StaticPool)
    else:
        engine = create_engine(DATABASE_URL)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        yield db
    engine.dispose()


@pytest.fixture
def client(db: Session) -> Iterator[TestClient]:
    app.dependency_overrides[get_db] = lambda: db
    yield TestClient(app)
    app.dependency_overrides.clear()
