//! What is renamed in a copy of another resource, and what keeps its name: fields, arguments, attributes.

use crate::case::analyse;
use ide::{Analysis, Plan, ResourceRequest, ScaffoldRequest};
use testkit::Project;

/// Tags that are listed in an order, and whose names stand in collections.
const ORDERED: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import tags

app = FastAPI()
app.include_router(tags.router, tags=[\"tags\"])
#- /app/db.py
from collections.abc import Iterator

from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    pass


def get_session() -> Iterator[Session]:
    with Session() as session:
        yield session
#- /app/models.py
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Tag(Base):
    __tablename__ = \"tags\"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)
#- /app/schemas.py
from typing import Literal, Self

from pydantic import BaseModel, model_validator


class TagCreate(BaseModel):
    name: str


class TagUpdate(BaseModel):
    name: str | None = None

    @model_validator(mode=\"after\")
    def required_fields_stay(self) -> Self:
        for name in self.model_fields_set & {\"name\"}:
            if getattr(self, name) is None:
                raise ValueError(name)
        return self


class TagRead(BaseModel):
    id: int
    name: str


TagSort = Literal[\"id\", \"-id\", \"name\", \"-name\"]
#- /app/tags.py
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import get_session
from app.models import Tag
from app.schemas import TagCreate, TagRead, TagSort

router = APIRouter(prefix=\"/tags\")


@router.get(\"\", response_model=list[TagRead], tags=[\"tags\"])
def read_tags(sort: TagSort = \"name\", session: Session = Depends(get_session)) -> Any:
    columns = {\"id\": Tag.id, \"name\": Tag.name}
    return session.scalars(select(Tag).order_by(columns[sort.removeprefix(\"-\")])).all()


@router.post(\"\", response_model=TagRead)
def create_tag(data: TagCreate, session: Session = Depends(get_session)) -> Tag:
    tag = Tag(**data.model_dump())
    session.add(tag)
    return tag


@router.get(\"/{tag_id}\", response_model=TagRead)
def read_tag(tag_id: int, session: Session = Depends(get_session)) -> Tag:
    tag = session.get(Tag, tag_id)
    if tag is None:
        raise HTTPException(404)
    return tag


@router.put(\"/{tag_id}\")
def replace_tag(tag: Tag = Depends(read_tag)) -> dict[str, Any]:
    return {\"id\": tag.id, \"name\": tag.name}


MAX_LABELS = 3


def print_labels(tag: Tag) -> list[str]:
    return [tag.name] * MAX_LABELS


@router.post(\"/{tag_id}/labels\")
def create_labels(tag: Tag = Depends(read_tag)) -> list[str]:
    return print_labels(tag)
#- /tests/test_all.py
def test_read_tag(client):
    assert client.get(\"/tags/1\").status_code == 404


def test_welcome_tag(tag):
    assert welcome(tag)
#- /tests/test_tags.py
def test_create(client):
    created = client.post(\"/tags\", json={\"name\": \"first\"}).json()
    assert created[\"name\"] == \"first\"


def test_sort(client):
    for sort in [\"name\", \"-name\"]:
        assert client.get(\"/tags\", params={\"sort\": sort}).status_code == 200


def test_missing(client):
    assert client.get(\"/tags/1000\").status_code == 404
";

/// The numbers of files are those of the analysis that the plan is from.
fn plan(fixture: &str, fields: &[&str]) -> (Project, Analysis, Result<Plan, String>) {
    let project = Project::from_fixture(fixture);
    let request = ResourceRequest {
        name: "gadget".to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Default::default()
    };
    let root = project.root().to_path_buf();
    let analysis = analyse(&root);
    let plan = analysis.scaffold(&root, &ScaffoldRequest::Resource(request));
    (project, analysis, plan.map_err(|refusal| refusal.to_string()))
}

/// Everything that a plan writes, one file below the other, without what a formatter decides.
fn written(fixture: &str, fields: &[&str]) -> String {
    let (_project, analysis, plan) = plan(fixture, fields);
    let plan = plan.unwrap();
    let mut text: String = plan.change.creations.iter().map(|(_, text)| text.clone()).collect();
    for edit in &plan.change.files {
        text += &edit.apply(&std::fs::read_to_string(analysis.path(edit.file)).unwrap());
    }
    squeezed(&text)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace()
        .collect::<String>()
        .replace(",)", ")")
        .replace(",}", "}")
}

fn assert_has(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(&squeezed(wanted)), "{wanted}\n{text}");
    }
}

#[test]
fn a_reference_to_the_pattern_keeps_its_name() {
    let text = written(ORDERED, &["title:str!", "tag:Tag", "tags_note:str?"]);
    let wanted = [
        "tag_id: Mapped[int] = mapped_column(ForeignKey(\"tags.id\"), index=True)",
        "tags_note: Mapped[str | None] = mapped_column(String(255))",
        "class GadgetRead(BaseModel): id: int title: str tag_id: int tags_note: str | None",
    ];
    assert_has(&text, &wanted);
}

#[test]
fn names_in_collections_are_those_of_the_fields_that_take_their_place() {
    let text = written(ORDERED, &["title:str!", "price:decimal", "at:date?"]);
    let wanted = [
        "GadgetSort = Literal[\"id\", \"-id\", \"title\", \"-title\"]",
        "def read_gadgets(sort: GadgetSort = \"title\", session",
        "columns = {\"id\": Gadget.id, \"title\": Gadget.title}",
        "{\"id\": gadget.id, \"title\": gadget.title, \"price\": gadget.price, \"at\": gadget.at}",
        "self.model_fields_set & {\"title\", \"price\"}",
        "for sort in [\"title\", \"-title\"]:",
        "json={\"title\": \"first\", \"price\": \"9.99\"}",
    ];
    assert_has(&text, &wanted);
}

#[test]
fn what_has_to_be_there_is_asked_for_though_no_field_takes_the_place() {
    let ordered = ORDERED.replace("sort: TagSort = \"name\"", "sort: TagSort = \"id\"");
    let text = written(&ordered, &["pages:int", "note:str?"]);
    let wanted = [
        "self.model_fields_set & {\"pages\"}",
        "GadgetSort = Literal[\"id\", \"-id\"]",
    ];
    assert_has(&text, &wanted);
}

/// The same, and what are tags to most of the code are tags of mails.
fn two_words() -> String {
    let renamed = [
        ("Tag", "MailTag"),
        ("\"/tags", "\"/mail-tags"),
        ("\"tags\"", "\"mail_tags\""),
        ("/app/tags.py", "/app/mail_tags.py"),
        ("/tests/test_tags.py", "/tests/test_mail_tags.py"),
        ("import tags", "import mail_tags"),
        ("tags.router", "mail_tags.router"),
        ("MAX_LABELS = 3", "SIZES = [3]\nMAX_LABELS = 3"),
    ];
    let renamed = renamed
        .iter()
        .fold(ORDERED.to_owned(), |text, (old, new)| text.replace(old, new));
    let main = "\nmail_tags_dir = Path(\"static\")\nprint(mail_tags_dir)\n#- /app/db.py";
    renamed.replace("#- /app/db.py", main).replace(
        "from fastapi import FastAPI\n",
        "from pathlib import Path\n\nfrom fastapi import FastAPI\n",
    )
}

#[test]
fn a_noun_of_two_words_is_renamed_where_its_last_word_says_it() {
    let text = written(&two_words(), &["title:str!"]);
    assert_has(
        &text,
        &[
            "@router.get(\"/{gadget_id}\", response_model=GadgetRead)
            def read_gadget(gadget_id: int, session: Session = Depends(get_session)) -> Gadget:
                gadget = session.get(Gadget, gadget_id)
                if gadget is None:",
            "def read_gadgets(sort: GadgetSort = \"title\"",
            "gadget = Gadget(**data.model_dump())",
            "def replace_gadget(gadget: Gadget = Depends(read_gadget)) -> dict[str, Any]:",
        ],
    );
    // What only the pattern is for is not repeated.
    assert!(!text.contains("SIZES") && !text.contains("gadgets_dir"), "{text}");
}

#[test]
fn factories_of_test_data_give_what_a_row_has_to_have() {
    let factories = "
#- /tests/factories.py
import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.models import Tag, User


class UserFactory(SQLAlchemyModelFactory):
    class Meta:
        model = User


class TagFactory(SQLAlchemyModelFactory):
    class Meta:
        model = Tag
#- /tests/test_all.py
";
    let user = "\n\nclass User(Base):\n    __tablename__ = \"users\"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n#- /app/schemas.py";
    let fixture = ORDERED
        .replace("#- /tests/test_all.py\n", factories)
        .replace("#- /app/schemas.py", user);
    let text = written(
        &fixture,
        &["title:str!", "at:datetime", "price:decimal?", "user:User", "rank:int!"],
    );
    let wanted = "class GadgetFactory(SQLAlchemyModelFactory):
        title = factory.Sequence(lambda n: f\"title{n}\")
        at = datetime.fromisoformat(\"2026-01-31T12:00:00+00:00\")
        user_id = factory.LazyFunction(lambda: UserFactory().id)
        rank = factory.Sequence(lambda n: n)

        class Meta:
            model = Gadget";
    assert_has(&text, &[wanted]);
    // Values that the pattern gives are given, and what has no place is added to them.
    let given = fixture.replace(
        "class TagFactory(SQLAlchemyModelFactory):\n",
        "class TagFactory(SQLAlchemyModelFactory):\n    name = factory.Faker(\"word\")\n\n",
    );
    let text = written(&given, &["title:str!", "price:decimal"]);
    let wanted = "title = factory.Faker(\"word\")
        price = Decimal(\"9.99\")

        class Meta:
            model = Gadget";
    assert_has(&text, &[wanted]);
}

#[test]
fn what_leads_to_the_same_model_is_led_back_to() {
    let models = "\
from app.db import Base


class User(Base):
    __tablename__ = \"users\"

    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[\"Tag\"]] = relationship(back_populates=\"user\")


class Tag(Base):
    __tablename__ = \"tags\"

    user_id: Mapped[int] = mapped_column(ForeignKey(\"users.id\"))
    user: Mapped[\"User\"] = relationship(back_populates=\"tags\")
";
    let old = "from app.db import Base\n\n\nclass Tag(Base):\n    __tablename__ = \"tags\"\n\n";
    let imports = (
        "import Mapped, mapped_column",
        "import Mapped, mapped_column, relationship",
    );
    let fixture = ORDERED.replace(old, models).replace(imports.0, imports.1);
    let fixture = fixture.replace("import String", "import ForeignKey, String");
    let fixture = fixture.replace(
        "class TagCreate(BaseModel):\n",
        "class TagCreate(BaseModel):\n    user_id: int\n",
    );
    for (field, name) in [("user:User", "user"), ("writer:User", "writer")] {
        let text = written(&fixture, &["title:str!", field]);
        let there = format!("gadgets: Mapped[list[\"Gadget\"]] = relationship(back_populates=\"{name}\")");
        let here = format!("{name}: Mapped[\"User\"] = relationship(back_populates=\"gadgets\")");
        assert_has(&text, &[&there, &here]);
    }
    // Where the other side is called otherwise, it is not there.
    let otherwise = fixture.replace("    tags: Mapped[list", "    labels: Mapped[list");
    let otherwise = otherwise.replace("back_populates=\"tags\"", "back_populates=\"labels\"");
    let text = written(&otherwise, &["title:str!", "user:User"]);
    assert_has(&text, &["user: Mapped[\"User\"] = relationship()"]);
}

/// The same where nothing refuses `null` but the database.
fn unchecked() -> String {
    let check = ORDERED.find("\n    @model_validator").unwrap();
    let end = check + ORDERED[check..].find("\n\n\n").unwrap();
    format!("{}{}", &ORDERED[..check], &ORDERED[end + 1..])
}

#[test]
fn null_is_refused_where_a_column_has_to_be_there() {
    let fields = ["title:str!", "note:str?", "price:decimal"];
    let text = written(&unchecked(), &fields);
    let wanted = "class GadgetUpdate(BaseModel):
        title: str | None = Field(default=None, min_length=1, max_length=255)
        note: str | None = Field(default=None, min_length=1, max_length=255)
        price: Decimal | None = Field(default=None, max_digits=12, decimal_places=2)

        @model_validator(mode=\"after\")
        def required_fields_stay(self) -> Self:
            for name in self.model_fields_set & {\"title\", \"price\"}:
                if getattr(self, name) is None:
                    raise ValueError(f\"{name} can't be null\")
            return self
    class GadgetRead";
    assert_has(&text, &[wanted]);
    let old = unchecked().replace("model_dump", "dict");
    let old = written(&format!("#- /requirements.txt\npydantic==1.10.26\n{old}"), &fields);
    let wanted = "@validator(\"title\", \"price\", pre=True)
        def required_fields_stay(cls, value):
            if value is None:
                raise ValueError(\"it can't be null\")
            return value";
    assert_has(&old, &[wanted]);
}

#[test]
fn null_that_the_pattern_leaves_out_is_no_mistake() {
    let setting = "def update_tag(tag: Tag, data: TagUpdate) -> None:
    for field, value in data.model_dump(exclude_none=True).items():
        setattr(tag, field, value)


MAX_LABELS = 3";
    let text = written(&unchecked().replace("MAX_LABELS = 3", setting), &["title:str!"]);
    assert_has(&text, &["class GadgetUpdate(BaseModel):"]);
    assert!(!text.contains("required_fields_stay"), "{text}");
    // What others leave out that only name a tag is nothing of the kind.
    let others = "#- /app/reports.py\nfrom app.models import Tag\n\n\ndef shown(tag: Tag, value: str | None) -> str:\n    \
                  return value if value is not None else tag.name\n";
    let text = written(&format!("{}{others}", unchecked()), &["title:str!"]);
    assert!(text.contains("required_fields_stay"), "{text}");
}

#[test]
fn null_is_left_out_as_others_do_it_where_nothing_can_be_emptied() {
    let setting = "def update_tag(tag: Tag, data: TagUpdate) -> None:
    for field, value in data.model_dump(exclude_unset=True).items():
        setattr(tag, field, value)


MAX_LABELS = 3";
    let others = "#- /app/users.py
def update_user(user: object, data: object) -> None:
    for field, value in data.model_dump(exclude_unset=True, exclude_none=True).items():
        setattr(user, field, value)
";
    let alone = unchecked().replace("MAX_LABELS = 3", setting);
    let fixture = format!("{alone}{others}");
    let text = written(&fixture, &["title:str!"]);
    let wanted = "for field, value in data.model_dump(exclude_unset=True, exclude_none=True).items():
        setattr(gadget, field, value)";
    assert_has(&text, &[wanted]);
    assert!(!text.contains("required_fields_stay"), "{text}");
    // What can be emptied is, so that what can't be is refused; and so it is where nothing shows otherwise.
    for (fixture, fields) in [(&fixture, &["title:str!", "note:str?"][..]), (&alone, &["title:str!"])] {
        let text = written(fixture, fields);
        let kept = "data.model_dump(exclude_unset=True).items():
        setattr(gadget, field, value)";
        assert_has(&text, &[kept, "def required_fields_stay("]);
    }
}

#[test]
fn tests_that_would_need_a_row_of_another_table_are_left_out() {
    let (project, analysis, plan) = plan(ORDERED, &["title:str!", "tag:Tag"]);
    let plan = plan.unwrap();
    let tests = plan
        .change
        .creations
        .iter()
        .find(|(path, _)| path.ends_with("test_gadgets.py"));
    let tests = &tests.unwrap().1;
    assert!(
        !tests.contains("test_create") && tests.contains("test_missing"),
        "{tests}"
    );
    let reason = "left out, as nothing there makes a row of `Tag` to refer to, with what uses it: `test_create`";
    assert!(plan.notes.iter().any(|note| note == reason), "{:?}", plan.notes);
    drop((project, analysis));
}

#[test]
fn arguments_of_others_keep_their_names() {
    let text = written(ORDERED, &["title:str!"]);
    let wanted = [
        "app.include_router(gadgets.router, tags=[\"gadgets\"])",
        "@router.get(\"\", response_model=list[GadgetRead], tags=[\"gadgets\"])",
    ];
    assert_has(&text, &wanted);
}

#[test]
fn what_only_the_pattern_is_asked_for_is_left_out_with_all_that_serves_it() {
    let (_project, _analysis, plan) = plan(ORDERED, &["title:str!"]);
    let plan = plan.unwrap();
    let router = plan
        .change
        .creations
        .iter()
        .find(|(path, _)| path.ends_with("app/gadgets.py"));
    let router = &router.unwrap().1;
    assert!(!router.to_lowercase().contains("label"), "{router}");
    assert!(router.contains("def replace_gadget("), "{router}");
}

/// The same with what others have for tags.
fn with_others(body: &str) -> String {
    let votes = "\n\nclass Vote(Base):\n    __tablename__ = \"votes\"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n    tag_id: Mapped[int]\n";
    let tags = "    name: Mapped[str] = mapped_column(String(50), unique=True)\n";
    let head = "    tag = session.get(Tag, tag_id)\n    if tag is None:";
    ORDERED
        .replace(tags, &format!("{tags}{votes}"))
        .replace("import Tag\n", "import Tag, Vote\nfrom app.caches import cache\n")
        .replace(head, &format!("{body}{head}"))
        + "#- /app/caches.py\nclass Cache:\n    def clear_tag(self, key: int) -> None: ...\n\n\ncache = Cache()\n"
}

#[test]
fn what_others_have_for_the_pattern_is_not_asked_of_them() {
    let text = written(&with_others("    cache.clear_tag(tag_id)\n"), &["title:str!"]);
    assert!(!text.contains("clear_gadget"), "{text}");
    assert_eq!(text.matches("clear_tag").count(), 0, "{text}");
    assert_has(&text, &["gadget = session.get(Gadget, gadget_id)"]);
}

#[test]
fn what_rests_on_other_tables_is_no_pattern() {
    let body = "    if session.scalar(select(Vote).where(Vote.tag_id == tag_id)) is None:\n        raise HTTPException(404)\n    return session.scalars(select(Tag).join(Vote, Vote.tag_id == Tag.id)).one()\n";
    let head =
        "    tag = session.get(Tag, tag_id)\n    if tag is None:\n        raise HTTPException(404)\n    return tag\n";
    let (_project, _analysis, plan) = plan(&with_others("").replace(head, body), &["title:str!"]);
    let plan = plan.unwrap();
    let notes = plan.notes.join("\n");
    assert!(notes.contains("of that `read_tag` would be left out"), "{notes}");
    let paths: Vec<_> = plan.change.creations.iter().map(|(path, _)| path).collect();
    assert!(
        paths
            .iter()
            .any(|path| path.ends_with("repositories/gadget.py") || path.ends_with("repositories.py")),
        "{paths:?}"
    );
}

#[test]
fn tests_of_others_are_not_repeated() {
    let text = written(ORDERED, &["title:str!"]);
    assert!(text.contains("test_read_gadget"), "{text}");
    assert!(!text.contains("test_welcome_gadget"), "{text}");
}
