from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from shop.database import SQLALCHEMY_DATABASE_URL, Base, get_db
from shop.main import app
from shop.models import Category, Product

if SQLALCHEMY_DATABASE_URL.startswith('sqlite'):
    engine = create_engine(
        'sqlite://', connect_args={'check_same_thread': False}, poolclass=StaticPool
    )
else:
    engine = create_engine(SQLALCHEMY_DATABASE_URL)

TestingSessionLocal = sessionmaker(autoflush=False, bind=engine)


def override_get_db() -> Iterator[Session]:
    db = TestingSessionLocal()
    try:
        yield db
    finally:
        db.close()


app.dependency_overrides[get_db] = override_get_db


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    Base.metadata.drop_all(bind=engine)
    Base.metadata.create_all(bind=engine)
    yield


@pytest.fixture
def db_session(tables: None) -> Iterator[Session]:
    with TestingSessionLocal() as db:
        yield db


@pytest.fixture
def client() -> TestClient:
    return TestClient(app)


@pytest.fixture
def category(db_session: Session) -> Category:
    category = Category(name='Books')
    db_session.add(category)
    db_session.commit()
    return category


@pytest.fixture
def product(db_session: Session, category: Category) -> Product:
    product = Product(sku='B-001', name='Atlas', price=25, category=category)
    db_session.add(product)
    db_session.commit()
    return product
