//! A project that injects its services out of a container, keeps its repositories in a unit of work, and has modules that two
//! resources share: a new resource is held and shared as they are, and its tests pass.

use crate::{
    parts::{add, read},
    tools::{assert_tests_pass, tool_of_generated},
};
use ide::{ResourceRequest, ScaffoldRequest};
use testkit::Project;

const HOLDERS: &str = "\
#- /pyproject.toml
[project]
name = \"blog\"
version = \"1\"
requires-python = \">=3.11\"
dependencies = [\"fastapi\", \"sqlalchemy\"]
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app.api import posts, tags

app = FastAPI()
app.include_router(posts.router)
app.include_router(tags.router)
#- /app/api/__init__.py
#- /app/api/posts.py
from typing import Annotated

from fastapi import APIRouter, Depends

from app.container import Container
from app.schemas.post_tag import PostOut, PostIn
from app.services.posts import PostService

router = APIRouter(prefix=\"/posts\")


@router.post(\"\", status_code=201)
def create_post(data: PostIn, service: Annotated[PostService, Depends(Container.post_service)]) -> PostOut:
    return PostOut(id=1, title=service.add(data.title))
#- /app/api/tags.py
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from app.container import Container
from app.schemas.post_tag import TagIn, TagOut
from app.services.tags import TagService

router = APIRouter(prefix=\"/tags\")
Service = Annotated[TagService, Depends(Container.tag_service)]


@router.get(\"\")
def read_tags(service: Service) -> list[TagOut]:
    return [TagOut.model_validate(tag) for tag in service.all()]


@router.post(\"\", status_code=201)
def create_tag(data: TagIn, service: Service) -> TagOut:
    tag = service.add(data)
    if tag is None:
        raise HTTPException(400, \"Taken\")
    return TagOut.model_validate(tag)


@router.get(\"/{tag_id}\")
def read_tag(tag_id: int, service: Service) -> TagOut:
    tag = service.get(tag_id)
    if tag is None:
        raise HTTPException(404)
    return TagOut.model_validate(tag)
#- /app/container.py
from app.database import session_factory
from app.providers import Factory, Wiring
from app.repositories import *
from app.services.posts import PostService
from app.services.tags import TagService


class Container:
    wiring = Wiring(
        modules=[
            \"app.api.posts\",
            \"app.api.tags\",
        ]
    )

    tag_repository = Factory(TagRepository, factory=session_factory)
    post_service = Factory(PostService)
    tag_service = Factory(TagService, tag_repository=tag_repository)
#- /app/unit_of_work.py
from types import TracebackType

from app.database import session_factory
from app.repositories.tags import TagRepository


class UnitOfWork:
    tags: TagRepository

    def __enter__(self) -> \"UnitOfWork\":
        self.tags = TagRepository(session_factory)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        tag = self.tags
        del tag
#- /app/providers.py
from collections.abc import Callable
from typing import Any


class Wiring:
    def __init__(self, modules: list[str]) -> None:
        self.modules = modules


class Factory:
    def __init__(self, make: Callable[..., Any], **kwargs: Any) -> None:
        self.make = make
        self.kwargs = kwargs

    def __call__(self) -> Any:
        kwargs = {name: value() if isinstance(value, Factory) else value for name, value in self.kwargs.items()}
        return self.make(**kwargs)
#- /app/database.py
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.orm import DeclarativeBase, sessionmaker


class Base(DeclarativeBase):
    pass


engine = create_engine(\"sqlite://\", poolclass=StaticPool, connect_args={\"check_same_thread\": False})
session_factory = sessionmaker(engine, expire_on_commit=False)
#- /app/models/__init__.py
#- /app/models/post.py
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Post(Base):
    __tablename__ = \"posts\"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
#- /app/models/post_tag.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class PostTag(Base):
    __tablename__ = \"post_tags\"

    post_id: Mapped[int] = mapped_column(ForeignKey(\"posts.id\"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey(\"tags.id\"), primary_key=True)
#- /app/models/tag.py
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Tag(Base):
    __tablename__ = \"tags\"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
#- /app/schemas/__init__.py
#- /app/schemas/post_tag.py
from pydantic import BaseModel, ConfigDict


class PostIn(BaseModel):
    title: str


class PostOut(BaseModel):
    id: int
    title: str


class TagIn(BaseModel):
    label: str


class TagOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    label: str


class PostWithTags(PostOut):
    tags: list[TagOut]


class TagWithPosts(TagOut):
    posts: list[PostOut]
#- /app/services/__init__.py
#- /app/services/posts.py
from app.models.post import Post
from app.models.post_tag import PostTag


class PostService:
    rows = Post
    joined = PostTag

    def add(self, title: str) -> str:
        return title
#- /app/services/tags.py
from collections.abc import Sequence

from app.models.tag import Tag
from app.repositories.tags import TagRepository
from app.schemas.post_tag import TagIn


class TagService:
    def __init__(self, tag_repository: TagRepository) -> None:
        self.tag_repository = tag_repository

    def all(self) -> Sequence[Tag]:
        return self.tag_repository.all()

    def get(self, tag_id: int) -> Tag | None:
        return self.tag_repository.get(tag_id)

    def add(self, data: TagIn) -> Tag | None:
        return self.tag_repository.add(Tag(label=data.label))
#- /app/repositories/__init__.py
from app.repositories.tags import TagRepository
#- /app/repositories/base.py
from collections.abc import Sequence
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.database import Base

Row = TypeVar(\"Row\", bound=Base)


class BaseRepository(Generic[Row]):
    row: type[Row]

    def __init__(self, factory: sessionmaker[Session]) -> None:
        self.factory = factory

    def all(self) -> Sequence[Row]:
        with self.factory() as session:
            return session.scalars(select(self.row)).all()

    def get(self, key: int) -> Row | None:
        with self.factory() as session:
            return session.get(self.row, key)

    def add(self, row: Row) -> Row | None:
        with self.factory() as session:
            session.add(row)
            try:
                session.commit()
            except IntegrityError:
                return None
            return row
#- /app/repositories/tags.py
from app.models.tag import Tag
from app.repositories.base import BaseRepository


class TagRepository(BaseRepository[Tag]):
    row = Tag
#- /tests/__init__.py
#- /tests/conftest.py
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.database import Base, engine
from app.main import app


@pytest.fixture
def client() -> Iterator[TestClient]:
    Base.metadata.create_all(engine)
    yield TestClient(app)
    Base.metadata.drop_all(engine)
#- /tests/test_tags.py
from fastapi.testclient import TestClient


def test_create_and_read_tag(client: TestClient) -> None:
    created = client.post(\"/tags\", json={\"label\": \"one\"})
    assert created.status_code == 201
    tag = created.json()
    assert client.get(f\"/tags/{tag['id']}\").json() == tag
    assert client.get(\"/tags\").json() == [tag]


def test_create_tag_twice(client: TestClient) -> None:
    assert client.post(\"/tags\", json={\"label\": \"one\"}).status_code == 201
    assert client.post(\"/tags\", json={\"label\": \"one\"}).status_code == 400
";

#[test]
fn a_new_resource_is_held_and_shared_as_the_others_are() {
    let project = Project::from_fixture(HOLDERS);
    let gadget = ResourceRequest {
        name: "gadget".to_owned(),
        fields: vec!["name:str!".to_owned()],
        ..Default::default()
    };
    let notes = add(&project, &ScaffoldRequest::Resource(gadget)).join("\n");
    assert!(notes.contains("written like tag"), "{notes}");
    let container = read(&project, "app/container.py");
    for held in [
        "            \"app.api.gadgets\",\n            \"app.api.posts\",\n",
        "    gadget_repository = Factory(GadgetRepository, factory=session_factory)\n",
        "    gadget_service = Factory(GadgetService, gadget_repository=gadget_repository)\n",
        "from app.services.gadgets import GadgetService\n",
    ] {
        assert!(container.contains(held), "{container}");
    }
    let work = read(&project, "app/unit_of_work.py");
    for held in [
        "    gadgets: GadgetRepository\n",
        "        self.gadgets = GadgetRepository(session_factory)\n",
    ] {
        assert_eq!(work.matches(held).count(), 1, "{work}");
    }
    assert!(!work.contains("gadget = self.gadgets"), "{work}");
    // What joins two resources is not of a third one, and the module of both is everybody's.
    let schemas = read(&project, "app/schemas/post_tag.py");
    assert!(
        schemas.contains("class GadgetOut(") && !schemas.contains("GadgetWithPosts"),
        "{schemas}"
    );
    assert!(!read(&project, "app/models/post_tag.py").contains("Gadget"));
    let router = read(&project, "app/api/gadgets.py");
    assert!(router.contains("from app.schemas.post_tag import"), "{router}");
    // What is there already is answered below, as it is for tags.
    assert!(!router.contains("IntegrityError"), "{router}");
    assert_tests_pass(tool_of_generated("python"), project.root(), "tests");
}
