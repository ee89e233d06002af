//! The table of a schema family.

use crate::case::analyse;
use base::Span;
use ide::{ModelRequest, Plan, ScaffoldRequest};
use testkit::Project;

const SCHEMAS: &str = r#"
import uuid
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, EmailStr, Field, SecretStr, StringConstraints


class Tier(StrEnum):
    FREE = "free"
    PAID = "paid"


class Address(BaseModel):
    street: str


class AccountBase(BaseModel):
    email: EmailStr
    name: str = Field(min_length=1, max_length=80)
    nick: Annotated[str, StringConstraints(max_length=20)] | None = None
    bio: str = ""
    tier: Tier = Tier.FREE
    role: Literal["admin", "user"] = "user"
    credit: Decimal = Field(default=Decimal("0"), max_digits=10, decimal_places=3)
    born: date
    seen: AwareDatetime | None = None
    views: int = Field(default=0, ge=0, le=9_000_000_000)
    tags: list[str] = Field(default_factory=list)
    address: Address | None = None


class AccountCreate(AccountBase):
    password: SecretStr = Field(min_length=8)


class AccountRead(AccountBase):
    id: uuid.UUID
    is_active: bool = True
"#;

fn project(schemas: &str, more: &str) -> Project {
    Project::from_fixture(&format!(
        "#- /app/__init__.py\n#- /app/schemas.py\n{schemas}#- /app/main.py\nfrom fastapi import FastAPI\n\n\
         from app.schemas import AccountCreate\n\napp = FastAPI()\n{more}"
    ))
}

fn planned(project: &Project, schema: &str) -> Result<Plan, String> {
    let root = project.path("");
    let request = ScaffoldRequest::Model(ModelRequest {
        file: "app/schemas.py".into(),
        schema: Some(schema.to_owned()),
    });
    analyse(&root)
        .scaffold(&root, &request)
        .map_err(|refusal| refusal.to_string())
}

/// The module of the models.
fn models(plan: &Plan) -> &str {
    let mut made = plan.change.creations.iter();
    let found = made.find(|(path, _)| path.ends_with("models.py"));
    &found.expect("a module of models").1
}

#[test]
fn columns_hold_what_the_whole_family_says() {
    let plan = planned(&project(SCHEMAS, ""), "AccountBase").unwrap();
    let text = models(&plan);
    for line in [
        "class Account(UUIDMixin, TimestampMixin, Base):",
        "    email: Mapped[str] = mapped_column(String(320), unique=True)",
        "    name: Mapped[str] = mapped_column(String(80))",
        "    nick: Mapped[str | None] = mapped_column(String(20))",
        "    bio: Mapped[str] = mapped_column(Text, default=\"\")",
        "    tier: Mapped[Tier] = mapped_column(default=Tier.FREE)",
        "    role: Mapped[Literal[\"admin\", \"user\"]] = mapped_column(String(50), default=\"user\")",
        "    credit: Mapped[Decimal] = mapped_column(Numeric(10, 3), default=Decimal(\"0\"))",
        "    born: Mapped[date] = mapped_column()",
        "    seen: Mapped[datetime | None] = mapped_column(UTCDateTime)",
        "    views: Mapped[int] = mapped_column(BigInteger, default=0)",
        "    tags: Mapped[list[str]] = mapped_column(JSON, default=list)",
        "    hashed_password: Mapped[str] = mapped_column(String(255))",
        "    is_active: Mapped[bool] = mapped_column(default=True)",
        "from app.schemas import Tier",
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line}\n{text}");
    }
    // What is within the schema has a table of its own, or none.
    assert!(!text.contains("address") && !text.contains("    id:"), "{text}");
    let notes = plan.notes.join("\n");
    assert!(notes.contains("`address` has no column"), "{notes}");
    assert!(notes.contains("`hashed_password` takes a hash"), "{notes}");
}

#[test]
fn tables_without_annotations_get_one_like_them() {
    let tables = "\nfrom app.models import Item\n#- /app/models.py\nfrom sqlalchemy import Column, Integer, String\nfrom sqlalchemy.orm import DeclarativeBase\n\n\n\
         class Base(DeclarativeBase):\n    pass\n\n\nclass Item(Base):\n    __tablename__ = \"items\"\n\n    \
         id = Column(Integer, primary_key=True)\n    name = Column(String(20), nullable=False)\n\
         #- /app/database.py\nfrom collections.abc import Iterator\n\nfrom sqlalchemy import create_engine\n\
         from sqlalchemy.orm import Session\n\nengine = create_engine(\"sqlite://\")\n\n\n\
         def get_db() -> Iterator[Session]:\n    with Session(engine) as session:\n        yield session\n";
    let project = project(SCHEMAS, tables);
    let plan = planned(&project, "AccountCreate").unwrap();
    let root = project.path("");
    let analysis = analyse(&root);
    let file = analysis.file_id(&root.join("app/models.py")).unwrap();
    let edit = plan.change.files.iter().find(|edit| edit.file == file).unwrap();
    let text = edit.apply(&analysis.source(file).text);
    for line in [
        "    email = Column(String(320), unique=True, nullable=False)",
        "    tier = Column(Enum(Tier), nullable=False, default=Tier.FREE)",
        "    nick = Column(String(20))",
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line}\n{text}");
    }
}

#[test]
fn a_table_that_is_there_stays_and_what_is_none_is_refused() {
    let there = SCHEMAS.replace(
        "class AccountBase(",
        "class Account(BaseModel):\n    name: str\n\n\nclass AccountBase(",
    );
    let plan = planned(&project(&there, ""), "AccountCreate").unwrap();
    assert!(models(&plan).contains("class Account("));
    assert!(
        planned(&project(SCHEMAS, ""), "Nothing")
            .unwrap_err()
            .contains("no schema `Nothing`")
    );
    let nested = "from pydantic import BaseModel\n\n\nclass Part(BaseModel):\n    x: int\n\n\nclass AccountCreate(BaseModel):\n    part: Part\n";
    let refusal = planned(&project(nested, ""), "AccountCreate").unwrap_err();
    assert!(refusal.contains("no column holds any of its fields"), "{refusal}");
}

#[test]
fn it_is_offered_at_a_schema_without_a_table() {
    let project = project(SCHEMAS, "");
    let root = project.path("");
    let analysis = analyse(&root);
    let file = analysis.file_id(&root.join("app/schemas.py")).unwrap();
    let titles = |at: &str| {
        let at = analysis.source(file).text.find(at).unwrap() as u32;
        let offers = analysis.scaffold_offers(file, Span::new(at, at));
        let titles = offers.into_iter().map(|offer| offer.title);
        titles.filter(|title| title.contains("table")).collect::<Vec<_>>()
    };
    assert_eq!(titles("AccountCreate"), ["Add the table of `AccountCreate`"]);
    assert_eq!(titles("email:"), [""; 0]);
}
