//! Schemas of models: what is in them, and what gets none.

use crate::case::analyse;
use base::Span;
use ide::{Plan, Refusal, ScaffoldRequest, SchemasRequest};
use testkit::Project;

const PROJECT: &str = "\
#- /pyproject.toml
[project]
name = \"bank\"
version = \"1\"
requires-python = \">=3.11\"
dependencies = [\"fastapi\"]
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import models

app = FastAPI(title=models.Base.__name__)
#- /app/models.py
import enum
import uuid
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, Numeric, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData()


class Level(enum.StrEnum):
    LOW = \"low\"


class Owner(Base):
    __tablename__ = \"owners\"

    id = Column(Integer, primary_key=True)
    name = Column(String(20), nullable=False)
    note = Column(String(200))
    is_done = Column(Boolean, default=False, nullable=False)


class Account(Base):
    __tablename__ = \"accounts\"
    shown: ClassVar[bool] = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    api_token: Mapped[str | None] = mapped_column(String(64))
    token_count: Mapped[int] = mapped_column(default=0)
    level: Mapped[Level] = mapped_column(default=Level.LOW)
    balance: Mapped[Decimal] = mapped_column(Numeric(10, 2), default=0)
    nickname: Mapped[\"str | None\"] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    owner_id: Mapped[int] = mapped_column(ForeignKey(\"owners.id\"))
    owner: Mapped[\"Owner\"] = relationship(lazy=\"selectin\")
    friends: Mapped[list[\"Owner\"]] = relationship()


class Link(Base):
    __tablename__ = \"links\"

    left_id: Mapped[int] = mapped_column(ForeignKey(\"owners.id\"), primary_key=True)
    right_id: Mapped[int] = mapped_column(ForeignKey(\"owners.id\"), primary_key=True)
    weight: Mapped[float]


class Keyless(Base):
    __tablename__ = \"keyless\"

    name: Mapped[str]


class Odd(Base):
    __tablename__ = \"odd\"

    id: Mapped[int] = mapped_column(primary_key=True)
    json: Mapped[str]


class Vague(Base):
    __tablename__ = \"vague\"

    id: Mapped[int] = mapped_column(primary_key=True)
    place = Column(\"Somewhere\")
";

fn plan(project: &Project, model: &str) -> Result<Plan, Refusal> {
    let request = SchemasRequest {
        file: "app/models.py".into(),
        model: Some(model.to_owned()),
    };
    analyse(project.root()).scaffold(project.root(), &ScaffoldRequest::Schemas(request))
}

fn project(more: &str) -> Project {
    Project::from_fixture(&format!("{PROJECT}{more}"))
}

/// The module that is made of a model's schemas.
fn made(model: &str, more: &str) -> String {
    let plan = plan(&project(more), model).unwrap();
    let (_, text) = plan.change.creations.into_iter().next().unwrap();
    text
}

/// A class of a module, without its empty lines.
fn class(text: &str, name: &str) -> String {
    let start = text.find(&format!("class {name}(")).unwrap();
    let rest = &text[start..];
    let end = rest.find("\n\n\n").unwrap_or(rest.len());
    let lines = rest[..end].lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn columns_become_fields_and_secrets_none() {
    let text = made("Account", "");
    assert_eq!(
        class(&text, "AccountCreate"),
        "class AccountCreate(BaseModel):
    email: EmailStr = Field(max_length=254)
    password: SecretStr = Field(min_length=8, max_length=128)
    token_count: int = 0
    level: Level = Level.LOW
    balance: Decimal = Field(default=Decimal(\"0\"), max_digits=10, decimal_places=2)
    nickname: str | None = Field(default=None, max_length=40)
    owner_id: int
"
    );
    assert_eq!(
        class(&text, "AccountRead"),
        "class AccountRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: uuid.UUID
    email: str
    token_count: int
    level: Level
    balance: Decimal
    nickname: str | None
    created_at: datetime
    owner_id: int
"
    );
    let update = class(&text, "AccountUpdate");
    assert!(update.contains("    level: Level | None = None\n"), "{update}");
    assert!(!update.contains("owner_id"), "{update}");
    let kept = "{\n            \"email\",\n            \"password\",\n            \"token_count\",\n            \"level\",\n            \"balance\",\n        }";
    assert!(update.contains(kept) && update.contains("-> Self:"), "{update}");
    assert!(
        !text.contains("hashed_password") && !text.contains("api_token"),
        "{text}"
    );
}

#[test]
fn packages_are_listed_and_passwords_explained() {
    let plan = plan(&project(""), "Account").unwrap();
    let listed = plan
        .change
        .others
        .iter()
        .any(|edit| edit.applied().contains("email-validator"));
    assert!(listed, "{:?}", plan.change.others);
    let notes = plan.notes.join("\n");
    assert!(notes.contains("hash it into `hashed_password`"), "{notes}");
}

#[test]
fn rows_that_are_loaded_along_are_shown_with_the_schema_that_the_project_has() {
    let more = "#- /app/owners.py\nfrom pydantic import BaseModel\n\n\nclass OwnerRead(BaseModel):\n    id: int\n\n\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n";
    let text = made("Account", more);
    assert!(text.contains("    owner: OwnerRead\n"), "{text}");
    assert!(!text.contains("friends"), "{text}");
}

#[test]
fn columns_without_annotations_have_the_types_of_their_columns() {
    let text = made("Owner", "");
    assert_eq!(
        class(&text, "OwnerCreate"),
        "class OwnerCreate(BaseModel):
    name: str = Field(min_length=1, max_length=20)
    note: str | None = Field(default=None, max_length=200)
    is_done: bool = False
"
    );
    assert!(class(&text, "OwnerRead").contains("    id: int\n"), "{text}");
}

#[test]
fn a_key_of_several_columns_is_sent_and_never_changed() {
    let text = made("Link", "");
    assert!(
        class(&text, "LinkCreate").contains("    left_id: int\n    right_id: int\n"),
        "{text}"
    );
    assert!(!class(&text, "LinkUpdate").contains("left_id"), "{text}");
}

#[test]
fn what_can_have_no_schemas_gets_none() {
    let project = project("");
    for (model, reason) in [
        ("Keyless", "it has no primary key"),
        ("Odd", "`json` is a name that every Pydantic model has"),
        ("Vague", "the Python type of `place` can't be told"),
        ("Nothing", "app/models.py has no model `Nothing` with a table"),
    ] {
        let refusal = plan(&project, model).unwrap_err().to_string();
        assert!(refusal.contains(reason), "{model}: {refusal}");
    }
}

#[test]
fn schemas_that_are_there_stay() {
    let text = made("Owner", "");
    let more = format!("#- /app/schemas.py\n{text}");
    let plan = plan(&project(&more), "Owner").unwrap();
    assert!(plan.change.is_empty(), "{:?}", plan.change);
    assert!(
        plan.notes[0].contains("`OwnerCreate`, `OwnerUpdate`, `OwnerRead` already"),
        "{:?}",
        plan.notes
    );
}

#[test]
fn they_are_offered_at_the_head_of_a_model() {
    let project = project("");
    let path = project.path("app/models.py");
    let text = std::fs::read_to_string(&path).unwrap();
    let analysis = analyse(project.root());
    let file = analysis.file_id(&path).unwrap();
    let titles = |at: &str| {
        let offset = text.find(at).unwrap() as u32;
        let actions = analysis.actions(file, Span::new(offset, offset)).into_iter();
        actions.map(|action| action.title).collect::<Vec<_>>()
    };
    assert!(titles("class Account").contains(&"Add schemas of Account".to_owned()));
    assert!(!titles("LOW =").iter().any(|title| title.contains("schemas")));
}

const DIALECT: &str = "
#- /app/tasks.py
#- /app/models.py
import uuid
from typing import Annotated

import sqlalchemy
from sqlalchemy import ARRAY, Column, Interval, String
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped as SqlMapped
from sqlalchemy.orm import mapped_column as sql_column

intpk = Annotated[int, sql_column(primary_key=True)]
str50 = Annotated[str, sql_column(String(50))]


class Base(DeclarativeBase):
    metadata: sqlalchemy.MetaData = sqlalchemy.MetaData()


class Task(Base):
    __tablename__ = \"tasks\"

    id = Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
    owner_id = Column(UUID(as_uuid=True), nullable=False)
    code = Column(UUID(as_uuid=False), nullable=False)
    data = Column(JSONB)
    marks = Column(ARRAY(String(10)), nullable=False)
    lasts = Column(Interval, nullable=False)


class Named(Base):
    __tablename__ = \"named\"

    id: SqlMapped[intpk]
    name: SqlMapped[str50]
";

/// The module that is made of a model of `DIALECT`.
fn of_dialect(model: &str) -> String {
    let start = PROJECT.find("#- /app/models.py").unwrap();
    let project = Project::from_fixture(&format!("{}{DIALECT}", &PROJECT[..start]));
    let plan = plan(&project, model).unwrap();
    plan.change.creations.into_iter().next().unwrap().1
}

#[test]
fn the_types_of_dialects_are_those_of_their_values() {
    let text = of_dialect("Task");
    assert!(text.contains("from uuid import UUID\n"), "{text}");
    assert!(text.contains("from datetime import timedelta\n"), "{text}");
    assert!(!text.contains("sqlalchemy") && !text.contains("metadata"), "{text}");
    assert_eq!(
        class(&text, "TaskRead"),
        "\
class TaskRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    owner_id: UUID
    code: str
    data: dict[str, Any] | None
    marks: list[str]
    lasts: timedelta
"
    );
}

#[test]
fn names_that_stand_for_columns_are_followed() {
    let text = of_dialect("Named");
    assert!(text.contains("class NamedCreate(BaseModel):"), "{text}");
    assert!(
        text.contains("    name: str = Field(min_length=1, max_length=50)\n"),
        "{text}"
    );
    assert!(text.contains("    id: int\n    name: str\n"), "{text}");
}

#[test]
fn a_base_that_is_decorated_names_the_tables_of_its_classes() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\nfrom models import Item\n\napp = FastAPI(title=Item.__name__)\n\
         #- /models.py\nfrom typing import Any\n\nfrom sqlalchemy import Column, Integer, String\n\
         from sqlalchemy.ext.declarative import as_declarative, declared_attr\n\n\n\
         @as_declarative()\nclass Base:\n    id: Any\n\n    @declared_attr\n    def __tablename__(cls) -> str:\n        return cls.__name__.lower()\n\n\n\
         class Item(Base):\n    id = Column(Integer, primary_key=True)\n    title = Column(String, nullable=False)\n",
    );
    let root = project.path("");
    let analysis = analyse(&root);
    let tables: Vec<_> = analysis
        .model()
        .schemas
        .iter()
        .map(|schema| (&*schema.name, schema.table.as_deref()))
        .collect();
    assert_eq!(tables, [("Base", None), ("Item", Some("item"))]);
    let request = |model: &str| {
        ScaffoldRequest::Schemas(SchemasRequest {
            file: "models.py".into(),
            model: Some(model.to_owned()),
        })
    };
    let plan = analysis.scaffold(&root, &request("Item")).unwrap();
    let (_, text) = &plan.change.creations[0];
    assert!(
        text.contains("class ItemRead(BaseModel):") && text.contains("    id: int\n    title: str\n"),
        "{text}"
    );
    assert!(analysis.scaffold(&root, &request("Base")).is_err());
}
