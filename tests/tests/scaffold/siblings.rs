//! A resource that is written like another of the project: what it takes over, and what is only the other's.

use crate::case::analyse;
use ide::{Analysis, Plan, ResourceRequest, ScaffoldRequest};
use std::path::Path;
use testkit::Project;

/// Items that belong to whoever creates them.
const OWNED: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import items

app = FastAPI()
app.include_router(items.router)
#- /app/deps.py
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, create_engine

from app.models import User

engine = create_engine(\"sqlite://\")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def get_current_user(session: SessionDep) -> User:
    return User()


CurrentUser = Annotated[User, Depends(get_current_user)]
#- /app/models.py
import uuid

from sqlmodel import Field, Relationship, SQLModel


class User(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    email: str
    hashed_password: str
    items: list[\"Item\"] = Relationship(back_populates=\"owner\")


class ItemBase(SQLModel):
    title: str


class ItemCreate(ItemBase):
    pass


class Item(ItemBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key=\"user.id\")
    owner: User | None = Relationship(back_populates=\"items\")


class ItemPublic(ItemBase):
    id: uuid.UUID
    owner_id: uuid.UUID
#- /app/items.py
import uuid
from typing import Any

from fastapi import APIRouter, HTTPException

from app.deps import CurrentUser, SessionDep
from app.models import Item, ItemCreate, ItemPublic

router = APIRouter(prefix=\"/items\")


@router.post(\"/\", response_model=ItemPublic)
def create_item(*, session: SessionDep, current_user: CurrentUser, item_in: ItemCreate) -> Any:
    item = Item.model_validate(item_in, update={\"owner_id\": current_user.id})
    session.add(item)
    session.commit()
    return item


@router.get(\"/{id}\", response_model=ItemPublic)
def read_item(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> Any:
    item = session.get(Item, id)
    if not item:
        raise HTTPException(status_code=404)
    if item.owner_id != current_user.id:
        raise HTTPException(status_code=403)
    return item
#- /tests/test_items.py
\"\"\"
E2E: what items cost — and an item that is nobody's
\"\"\"
";

/// Posts and tiers in SQLAlchemy, under other names than usual.
const ALIASED: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import tiers

app = FastAPI()
app.include_router(tiers.router)
#- /app/db.py
from collections.abc import Iterator

from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    pass


def get_session() -> Iterator[Session]:
    with Session() as session:
        yield session
#- /app/models.py
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base

user_tier = sa.Table(
    \"user_tier\",
    Base.metadata,
    sa.Column(\"user_id\", sa.Integer),
    sa.Column(\"tier_id\", sa.Integer),
)


class User(Base):
    __tablename__ = \"users\"

    id: Mapped[int] = mapped_column(primary_key=True)


class Tier(Base):
    __tablename__ = \"tiers\"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[int] = mapped_column(sa.Integer)
#- /app/schemas.py
from pydantic import BaseModel


class TierIn(BaseModel):
    label: int


class Tier(BaseModel):
    id: int
    label: int
#- /app/user.py
from app.models import user_tier


def tier_of_user(user_id: int) -> object:
    return user_tier.select().where(user_tier.c.user_id == user_id)
#- /app/tiers.py
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from app import schemas
from app.db import get_session
from app.models import Tier

router = APIRouter(prefix=\"/tiers\")


class CRUDTier:
    pass


@router.post(\"\", response_model=schemas.Tier)
def create_tier(data: schemas.TierIn, session: Session = Depends(get_session)) -> Tier:
    tier = Tier(label=data.label)
    session.add(tier)
    return tier


@router.get(\"/{tier_id}\", response_model=schemas.Tier)
def read_tier(tier_id: int, session: Session = Depends(get_session)) -> Tier:
    tier = session.get(Tier, tier_id)
    if tier is None:
        raise HTTPException(404)
    return tier
";

/// Shelves found by name through a generic helper, in tables that are dataclasses; and quotas, on whose name more rests than
/// on a table.
const BY_NAME: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from .quota import limiter
from .quotas import router as quotas_router
from .shelves import router as shelves_router

app = FastAPI()
limiter.start()
app.include_router(shelves_router)
app.include_router(quotas_router)


def close_quota_pool() -> None:
    limiter.stop()
#- /app/quota.py
class Limiter:
    def start(self) -> None: ...

    def stop(self) -> None: ...


limiter = Limiter()
#- /app/db.py
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session

engine = create_engine(\"sqlite://\")


class Base(DeclarativeBase, MappedAsDataclass):
    pass


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
#- /app/models.py
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base


class Shelf(Base):
    __tablename__ = \"shelves\"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(String(50), unique=True)


class Quota(Base):
    __tablename__ = \"quotas\"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(String(50), unique=True)
#- /app/crud.py
from typing import Any

from .models import Shelf


class CRUD:
    def __init__(self, table: Any) -> None: ...

    def get(self, **where: Any) -> Any: ...

    def create(self, values: Any) -> Any: ...


shelf_crud = CRUD(Shelf)
#- /app/schemas.py
from pydantic import BaseModel


class ShelfCreate(BaseModel):
    name: str


class ShelfRead(BaseModel):
    id: int
    name: str


class QuotaCreate(BaseModel):
    name: str
#- /app/shelves.py
from typing import Any

from fastapi import APIRouter, HTTPException

from furniture.shelf import ShelfError

from .crud import shelf_crud
from .schemas import ShelfCreate, ShelfRead

router = APIRouter(tags=[\"shelves\"])


@router.post(\"/shelf\", response_model=ShelfRead)
def create_shelf(shelf: ShelfCreate) -> Any:
    if shelf_crud.get(name=shelf.name):
        raise ShelfError
    return shelf_crud.create(shelf)


@router.get(\"/shelf/{name}\", response_model=ShelfRead)
def read_shelf(name: str) -> Any:
    shelf = shelf_crud.get(name=name)
    if shelf is None:
        raise HTTPException(404)
    return shelf
#- /app/quotas.py
from typing import Any

from fastapi import APIRouter

from .schemas import QuotaCreate

router = APIRouter(tags=[\"quotas\"])


@router.post(\"/quotas\")
def create_quota(quota: QuotaCreate) -> Any: ...


@router.get(\"/quotas/{id}\")
def read_quota(id: int) -> Any: ...


@router.get(\"/quotas\")
def read_quotas() -> Any: ...


@router.delete(\"/quotas/{id}\")
def delete_quota(id: int) -> Any: ...
";

/// The numbers of files are those of the analysis that the plan is from.
fn plan(fixture: &str, fields: &[&str]) -> (Project, Analysis, Plan) {
    let project = Project::from_fixture(fixture);
    let request = ResourceRequest {
        name: "gadget".to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Default::default()
    };
    let root = project.root().to_path_buf();
    let analysis = analyse(&root);
    let plan = analysis.scaffold(&root, &ScaffoldRequest::Resource(request)).unwrap();
    (project, analysis, plan)
}

/// Everything that a plan writes, one file below the other.
fn written(fixture: &str, fields: &[&str]) -> String {
    let (_project, analysis, plan) = plan(fixture, fields);
    let mut text: String = plan.change.creations.iter().map(|(_, text)| text.clone()).collect();
    for edit in &plan.change.files {
        text += &edit.apply(&std::fs::read_to_string(analysis.path(edit.file)).unwrap());
    }
    text
}

/// Without what a formatter decides.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<String>().replace(",)", ")")
}

#[test]
fn what_may_be_empty_need_not_be_sent() {
    let text = written(OWNED, &["title:str", "price:decimal?"]);
    let wanted = "class GadgetBase(SQLModel):\n    title: str\n    price: Decimal | None = None\n";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn what_is_owned_stays_owned() {
    let text = written(OWNED, &["title:str", "price:decimal?"]);
    for wanted in [
        "def create_gadget(*, session: SessionDep, current_user: CurrentUser, gadget_in: GadgetCreate",
        "update={\"owner_id\": current_user.id}",
        "if gadget.owner_id != current_user.id:",
        "    owner: User | None = Relationship(back_populates=\"gadgets\")",
        "    items: list[\"Item\"] = Relationship(back_populates=\"owner\")\n    gadgets: list[\"Gadget\"] = Relationship(back_populates=\"owner\")\n",
    ] {
        assert!(squeezed(&text).contains(&squeezed(wanted)), "{wanted}\n{text}");
    }
}

/// The base whose notes belong to whoever wrote them by a key alone, and are changed field by field.
fn guarded() -> String {
    let base = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/generated/bases/guarded"));
    let files = [
        "pyproject.toml",
        "app/__init__.py",
        "app/db.py",
        "app/models.py",
        "app/deps.py",
        "app/main.py",
        "app/notes.py",
    ];
    let parts = files.iter().map(|name| {
        let text = std::fs::read_to_string(base.join(name)).unwrap();
        format!("#- /{name}\n{text}\n")
    });
    parts.collect()
}

#[test]
fn what_is_owned_by_a_key_alone_stays_owned() {
    let text = written(&guarded(), &["title:str", "day:date"]);
    for wanted in [
        "owner_id: Mapped[int] = mapped_column(ForeignKey(\"users.id\"))",
        "select(Gadget).where(Gadget.owner_id == user.id)",
        "Gadget(title=data.title, owner_id=user.id, day=data.day)",
    ] {
        assert!(squeezed(&text).contains(&squeezed(wanted)), "{wanted}\n{text}");
    }
}

#[test]
fn every_field_is_taken_over_where_each_is_by_itself() {
    // One that takes no place, beside one that does and alone.
    for fields in [["title:str", "day:date"], ["title:str!", "day:date"]] {
        let text = written(&guarded(), &fields);
        let wanted = "\
    if data.title is not None:
        gadget.title = data.title
    if data.day is not None:
        gadget.day = data.day
";
        assert!(text.contains(wanted), "{fields:?}\n{text}");
        assert!(text.contains("data: GadgetUpdate"), "{fields:?}\n{text}");
    }
}

#[test]
fn a_value_that_is_there_already_is_answered_though_no_sibling_had_to() {
    let text = written(&guarded(), &["title:str!"]);
    let wanted = "\
    try:
        db.commit()
    except IntegrityError as error:
        db.rollback()
        raise HTTPException(status_code=409, detail=\"Gadget already exists\") from error
";
    assert!(text.contains(wanted), "{text}");
    assert!(!written(&guarded(), &["title:str"]).contains("IntegrityError"));
}

#[test]
fn moments_keep_their_zone_where_the_database_keeps_none() {
    let text = written(&guarded(), &["title:str", "at:datetime"]);
    for wanted in [
        "class UTCDateTime(TypeDecorator[datetime]):",
        "at: Mapped[datetime] = mapped_column(UTCDateTime)",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let elsewhere = guarded().replace("sqlite", "postgresql");
    let text = written(&elsewhere, &["title:str", "at:datetime"]);
    assert!(text.contains("mapped_column(DateTime(timezone=True))"), "{text}");
    assert!(!text.contains("UTCDateTime"), "{text}");
}

#[test]
fn a_pattern_of_which_too_much_is_its_own_makes_room_for_the_next() {
    let (_project, _analysis, plan) = plan(BY_NAME, &["title:str!"]);
    assert!(
        plan.notes.contains(&"written like shelf".to_owned()),
        "{:?}",
        plan.notes
    );
}

#[test]
fn what_is_found_by_a_field_is_found_by_that_which_takes_its_place() {
    let text = written(BY_NAME, &["title:str!"]);
    for wanted in [
        "@router.get(\"/gadget/{title}\", response_model=GadgetRead)\ndef read_gadget(title: str) -> Any:",
        "gadget_crud.get(title=title)",
        "gadget_crud.get(title=gadget.title)",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

#[test]
fn what_a_library_calls_something_keeps_its_name() {
    let text = written(BY_NAME, &["title:str!"]);
    assert!(text.contains("from furniture.shelf import ShelfError\n"), "{text}");
    assert!(text.contains("        raise ShelfError\n"), "{text}");
}

#[test]
fn tables_that_are_dataclasses_have_what_may_be_empty_last() {
    let text = written(BY_NAME, &["title:str!", "price:decimal?", "at:datetime"]);
    let wanted = "\
    title: Mapped[str] = mapped_column(String(255), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2), default=None)
";
    assert!(text.contains(wanted), "{text}");
    assert!(text.contains("from .db import Base, UTCDateTime\n"), "{text}");
}

#[test]
fn moments_are_named_as_the_module_names_them() {
    let text = written(
        &guarded().replace(
            "from enum import StrEnum\n",
            "import datetime\nfrom enum import StrEnum\n",
        ),
        &["title:str", "at:datetime"],
    );
    let wanted = "at: Mapped[datetime.datetime] = mapped_column(UTCDateTime)";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn who_is_asking_is_asked_for_where_nothing_of_the_answer_is_used() {
    let sent = OWNED.replace(
        "class ItemCreate(ItemBase):\n    pass",
        "class ItemCreate(ItemBase):\n    owner_id: uuid.UUID",
    );
    let text = written(&sent, &["title:str"]);
    let read = text
        .split("def read_gadget(")
        .nth(1)
        .unwrap()
        .split("->")
        .next()
        .unwrap();
    assert!(read.contains("current_user: CurrentUser"), "{text}");
    assert!(!text.contains("gadget.owner_id"), "{text}");
}

#[test]
fn modules_keep_the_names_that_they_are_imported_under() {
    let text = written(ALIASED, &["title:str!", "size:int"]);
    assert!(
        text.contains("title: Mapped[str] = mapped_column(sa.String(255), unique=True)"),
        "{text}"
    );
    assert_eq!(text.matches("import sqlalchemy as sa\n").count(), 1, "{text}");
}

#[test]
fn a_schema_of_the_tables_name_is_no_table() {
    let text = written(ALIASED, &["title:str", "size:int"]);
    let classes: Vec<&str> = text.split("class Gadget(").skip(1).collect();
    assert_eq!(classes.len(), 2, "{text}");
    let (tables, schemas): (Vec<&str>, Vec<&str>) = classes.into_iter().partition(|class| class.starts_with("Base):"));
    assert!(tables[0].contains("title: Mapped[str]"), "{text}");
    assert!(schemas[0].contains("title: str\n"), "{text}");
}

#[test]
fn what_joins_others_and_what_they_do_with_it_is_not_taken_over() {
    let (_project, analysis, plan) = plan(ALIASED, &["title:str"]);
    let touched: Vec<_> = plan.change.files.iter().map(|edit| analysis.path(edit.file)).collect();
    assert!(!touched.iter().any(|path| path.ends_with("app/user.py")), "{touched:?}");
    let text = written(ALIASED, &["title:str"]);
    assert!(!text.contains("user_gadget"), "{text}");
    assert!(text.contains("class CRUDGadget:"), "{text}");
}

#[test]
fn what_is_left_out_of_others_is_not_worth_a_note() {
    let page = "

@router.post(\"/{tier_id}/send\")
def send_tier(tier_id: int) -> None: ...
#- /app/users.py
from fastapi import APIRouter

router = APIRouter()


@router.get(\"/tiers/{tier_id}/users\")
def list_members(tier_id: int) -> list[int]: ...
";
    let fixture = ALIASED.to_owned() + page;
    let fixture = fixture.replace("from app import tiers\n", "from app import tiers, users\n");
    let fixture = fixture.replace(
        "include_router(tiers.router)",
        "include_router(tiers.router)\napp.include_router(users.router)",
    );
    let (_project, _analysis, plan) = plan(&fixture, &["title:str"]);
    let notes = plan.notes.join("\n");
    assert!(notes.contains("`send_tier`"), "{notes}");
    for other in ["list_members", "tier_of_user", "user_tier"] {
        assert!(!notes.contains(other), "{notes}");
    }
    let text = written(&fixture, &["title:str"]);
    assert!(!text.contains("list_members"), "{text}");
}

#[test]
fn columns_without_types_are_written_like_their_siblings() {
    let untyped = ALIASED
        .replace(
            "label: Mapped[int] = mapped_column(sa.Integer)",
            "label = sa.Column(sa.Integer, nullable=True)",
        )
        .replace(
            "id: Mapped[int] = mapped_column(primary_key=True)",
            "id = sa.Column(sa.Integer, primary_key=True)",
        );
    let text = written(&untyped, &["title:str!", "size:int", "born:date?"]);
    for wanted in [
        "    title = sa.Column(sa.String(255), unique=True, nullable=False)\n",
        "    size = sa.Column(sa.Integer, nullable=False)\n",
        "    born = sa.Column(sa.Date)\n",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

/// A table with what a database is told of its columns, as it is in [`ALIASED`].
fn with_table_args(arguments: &str) -> String {
    let column = "label: Mapped[int] = mapped_column(sa.Integer)\n";
    ALIASED.replace(column, &format!("{column}    __table_args__ = {arguments}\n"))
}

#[test]
fn constraints_follow_their_columns() {
    let unique = "sa.UniqueConstraint(\"label\")";
    let index = "sa.Index(\"ix_tiers_id\", \"id\")";
    let both = with_table_args(&format!("({unique}, {index})"));
    let kept = written(&both, &["size:int"]);
    let wanted = "(sa.UniqueConstraint(\"size\"),sa.Index(\"ix_gadgets_id\",\"id\"))";
    assert!(squeezed(&kept).contains(wanted), "{kept}");
    for arguments in [
        format!("({unique}, {index})"),
        format!("({index}, {unique})"),
        format!("(\n        {unique},\n        {index},\n    )"),
    ] {
        let text = written(&with_table_args(&arguments), &["title:str"]);
        assert!(
            text.contains("    __table_args__ = (sa.Index(\"ix_gadgets_id\", \"id\"),)\n"),
            "{text}"
        );
    }
    for alone in [format!("({unique},)"), format!("(\n        {unique},\n    )")] {
        let text = written(&with_table_args(&alone), &["title:str"]);
        let new = text.split("class Gadget(Base):").nth(1).unwrap();
        assert!(!new.contains("__table_args__"), "{text}");
    }
}

#[test]
fn a_bare_star_goes_with_the_last_parameter_behind_it() {
    let loud = ALIASED
        .replace(
            "def read_tier(tier_id: int, session: Session = Depends(get_session))",
            "def read_tier(tier_id: int, session: Session = Depends(get_session), *, loud: bool = False)",
        )
        .replace(
            "        raise HTTPException(404)\n",
            "        raise HTTPException(404)\n    if loud:\n        print(tier.label)\n",
        );
    let text = written(&loud, &["title:str"]);
    let wanted = "def read_gadget(gadget_id: int, session: Session = Depends(get_session)) -> Gadget:";
    assert!(squeezed(&text).contains(&squeezed(wanted)), "{text}");
}

#[test]
fn what_serves_only_what_the_sibling_has_is_no_pattern() {
    let own = ALIASED.replace(
        "    tier = Tier(label=data.label)\n    session.add(tier)\n    return tier\n",
        "    return session.merge(Tier.of_label(data.label))\n",
    );
    let project = Project::from_fixture(&own);
    let request = ResourceRequest {
        name: "gadget".to_owned(),
        fields: vec!["title:str".to_owned()],
        ..Default::default()
    };
    let root = project.root().to_path_buf();
    let plan = analyse(&root).scaffold(&root, &ScaffoldRequest::Resource(request));
    let notes = plan.unwrap().notes.join("\n");
    assert!(
        notes.contains("not written like `Tier`") && notes.contains("`create_tier`"),
        "{notes}"
    );
}

#[test]
fn what_fields_have_to_be_is_said_where_siblings_say_it() {
    let annotated = ALIASED
        .replace(
            "from pydantic import BaseModel\n",
            "from typing import Annotated\n\nfrom pydantic import BaseModel, Field\n",
        )
        .replace(
            "    label: int\n\n\nclass Tier(",
            "    label: Annotated[int, Field(ge=1)]\n\n\nclass Tier(",
        );
    let text = written(&annotated, &["title:str", "price:decimal?"]);
    let schema = "class GadgetIn(BaseModel):\n    title: Annotated[str, Field(min_length=1, max_length=255)]\n    price: Annotated[Decimal | None, Field(max_digits=12, decimal_places=2)] = None\n";
    assert!(text.contains(schema), "{text}");
}

#[test]
fn what_is_run_by_hand_is_not_taken_over() {
    let script = "#- /scripts/first_tier.py\nfrom app.models import Tier\n\n\ndef make_tier() -> Tier:\n    return Tier(label=1)\n\n\nif __name__ == \"__main__\":\n    make_tier()\n";
    let (_, _, plan) = plan(&format!("{ALIASED}{script}"), &["title:str"]);
    let mut created = plan.change.creations.iter();
    assert!(!created.any(|(path, _)| path.ends_with("scripts/first_gadget.py")));
    assert!(!plan.notes.join("\n").contains("make_tier"), "{:?}", plan.notes);
}

#[test]
fn a_numbered_name_is_one_of_the_thing() {
    let numbered = ALIASED.replace(
        "    session.add(tier)\n    return tier",
        "    tier2 = tier\n    session.add(tier2)\n    return tier2",
    );
    let text = written(&numbered, &["title:str"]);
    assert!(text.contains("session.add(gadget2)\n    return gadget2"), "{text}");
    assert!(!text.contains("tier2 = gadget"), "{text}");
}

#[test]
fn one_text_may_say_a_resource_and_its_fields() {
    let project = Project::from_fixture(ALIASED);
    let root = project.root().to_path_buf();
    let request = ResourceRequest {
        name: "gadget title:str price:decimal?".to_owned(),
        ..Default::default()
    };
    let plan = analyse(&root)
        .scaffold(&root, &ScaffoldRequest::Resource(request))
        .unwrap();
    assert_eq!(plan.summary, "Add resource gadget");
    let mut created = plan.change.creations.iter();
    assert!(created.all(|(path, _)| !path.display().to_string().contains("title")));
}

#[test]
fn an_owner_that_is_named_is_who_asks_as_siblings_have_it() {
    let (_project, _, named) = plan(OWNED, &["title:str", "owner:User"]);
    let (_other, _, unnamed) = plan(OWNED, &["title:str"]);
    let texts = |plan: &Plan| {
        let mut texts: Vec<String> = plan.change.creations.iter().map(|(_, text)| text.clone()).collect();
        texts.sort();
        texts
    };
    assert_eq!(texts(&named), texts(&unnamed));
    assert!(!texts(&named).is_empty());
    let notes = named.notes.join("\n");
    assert!(
        notes.contains("the owner is who asks, as that of an item is"),
        "{notes}"
    );
}
