//! What a resource is asked to be, against what the project's own ones are.

use crate::{case::analyse, migrations::layered};
use ide::{PageKind, Plan, ResourceRequest, ScaffoldRequest};
use testkit::Project;

fn plan(project: &Project, fields: &[&str]) -> Result<Plan, String> {
    let request = ResourceRequest {
        name: "gadget".to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        soft_delete: true,
        ..Default::default()
    };
    let root = project.root();
    analyse(root)
        .scaffold(root, &ScaffoldRequest::Resource(request))
        .map_err(|refusal| refusal.to_string())
}

#[test]
fn what_is_deleted_for_good_is_no_pattern_for_what_is_marked() {
    let refusal = plan(&layered(""), &["title:str"]).unwrap_err();
    assert!(
        refusal.contains("is deleted for good: let it have `deleted_at`"),
        "{refusal}"
    );
}

#[test]
fn the_mark_is_no_field_to_ask_for() {
    let empty = Project::from_fixture("#- /pyproject.toml\n[project]\nname = \"shop\"\n");
    let refusal = plan(&empty, &["deleted_at:datetime?"]).unwrap_err();
    assert!(refusal.contains("`--soft-delete` brings it"), "{refusal}");
    let made = plan(&empty, &["title:str!"]).unwrap();
    assert!(
        made.notes
            .join("\n")
            .contains("what is unique of gadgets that are deleted stays taken")
    );
}

fn asked(project: &Project, name: &str, fields: &[&str], asked: ResourceRequest) -> Result<Plan, String> {
    let request = ResourceRequest {
        name: name.to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..asked
    };
    let root = project.root();
    analyse(root)
        .scaffold(root, &ScaffoldRequest::Resource(request))
        .map_err(|refusal| refusal.to_string())
}

#[test]
fn what_a_list_is_not_asked_like_elsewhere_is_refused() {
    let sorted = || ResourceRequest {
        sort: Some(vec!["title".to_owned()]),
        ..ResourceRequest::default()
    };
    let refusal = asked(&layered(""), "gadget", &["title:str"], sorted()).unwrap_err();
    assert!(
        refusal.contains("leave `--filter`, `--sort` and `--page` out"),
        "{refusal}"
    );
    let empty = Project::from_fixture("#- /pyproject.toml\n[project]\nname = \"shop\"\n");
    let refusal = asked(&empty, "gadget", &["name:str"], sorted()).unwrap_err();
    assert!(refusal.contains("a list can sort by name, created_at"), "{refusal}");
    let both = ResourceRequest {
        page: Some(PageKind::Cursor),
        ..sorted()
    };
    let refusal = asked(&empty, "gadget", &["title:str"], both).unwrap_err();
    assert!(refusal.contains("pages by cursor have one order"), "{refusal}");
}

#[test]
fn a_reference_leads_to_a_model_with_a_table() {
    let empty = Project::from_fixture("#- /pyproject.toml\n[project]\nname = \"shop\"\n");
    let refusal = asked(&empty, "book", &["author:Author"], ResourceRequest::default()).unwrap_err();
    assert!(refusal.contains("there is no model `Author` with a table"), "{refusal}");
}

/// A project without a resource, with accounts that nobody may see the address of.
const ACCOUNTS: &str = r#"
#- /app/__init__.py
#- /app/models.py
import uuid

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "accounts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    deleted_at: Mapped[str | None]
#- /app/database.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("sqlite+aiosqlite://")


async def get_session() -> AsyncIterator[AsyncSession]:
    async with async_sessionmaker(engine)() as session:
        yield session
#- /app/status.py
from fastapi import APIRouter

from app.models import User

router = APIRouter()
known = [User]
#- /app/main.py
from fastapi import FastAPI

from app.status import router

app = FastAPI()
app.include_router(router)
"#;

#[test]
fn what_nobody_may_see_is_not_read_along() {
    let project = Project::from_fixture(ACCOUNTS);
    let plan = asked(
        &project,
        "note",
        &["text:text", "owner:User"],
        ResourceRequest::default(),
    )
    .unwrap();
    let edits = plan.change.files.iter().flat_map(|file| &file.edits);
    let made = plan.change.creations.iter().map(|(_, text)| text.as_str());
    let text = edits
        .map(|edit| edit.text.as_str())
        .chain(made)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        text.contains("ForeignKey(\"accounts.id\", ondelete=\"CASCADE\"), index=True"),
        "{text}"
    );
    assert!(
        text.contains("owner: Mapped[User] = relationship(back_populates=\"notes\")"),
        "{text}"
    );
    assert!(
        !text.contains("joinedload") && !text.contains("class NoteOwner"),
        "{text}"
    );
    // Who is deleted owns nothing new.
    assert!(
        text.contains("if owner is None or owner.deleted_at is not None:"),
        "{text}"
    );
    assert!(text.contains("owner_id: uuid.UUID | None = None"), "{text}");
    let notes = plan.notes.join("\n");
    assert!(notes.contains("`Note` shows the key of its owner alone"), "{notes}");
}

/// The model of a resource that refers to a user of some table.
fn referring(user: &str) -> String {
    let start = ACCOUNTS.find("class User(Base)").unwrap();
    let end = ACCOUNTS.find("#- /app/database.py").unwrap();
    let project = Project::from_fixture(&format!("{}{user}{}", &ACCOUNTS[..start], &ACCOUNTS[end..]));
    let plan = asked(
        &project,
        "note",
        &["title:str", "owner:User"],
        ResourceRequest::default(),
    )
    .unwrap();
    let edits = plan.change.files.iter().flat_map(|file| &file.edits);
    let made = plan.change.creations.iter().map(|(_, text)| text.as_str());
    let all: Vec<&str> = edits.map(|edit| edit.text.as_str()).chain(made).collect();
    all.join("\n")
}

#[test]
fn a_reference_names_the_key_of_the_table_that_it_leads_to() {
    for (user, owner, column) in [
        (
            "class User(Base):\n    __tablename__ = \"people\"\n\n    user_id: Mapped[int] = mapped_column(primary_key=True)\n",
            "owner_id: Mapped[int]",
            "ForeignKey(\"people.user_id\"",
        ),
        (
            "from sqlalchemy import Column, Integer\n\n\nclass User(Base):\n    __tablename__ = \"people\"\n\n    id = Column(Integer, primary_key=True)\n",
            "owner_id: Mapped[int]",
            "ForeignKey(\"people.id\"",
        ),
        (
            "from fastapi_users.db import SQLAlchemyBaseUserTableUUID\n\n\nclass User(SQLAlchemyBaseUserTableUUID, Base):\n    __tablename__ = \"people\"\n",
            "owner_id: Mapped[uuid.UUID]",
            "ForeignKey(\"people.id\"",
        ),
    ] {
        let text = referring(user);
        assert!(text.contains(owner) && text.contains(column), "{user}\n{text}");
    }
}

/// The modules of models that a note of a user brings or changes, by their names.
fn models(fixture: &str, fields: &[&str]) -> String {
    let project = Project::from_fixture(fixture);
    let plan = asked(&project, "note", fields, ResourceRequest::default()).unwrap();
    let analysis = analyse(project.root());
    let mut texts: Vec<String> = plan.change.creations.iter().map(|(_, text)| text.clone()).collect();
    for edit in &plan.change.files {
        texts.push(edit.apply(&std::fs::read_to_string(analysis.path(edit.file)).unwrap()));
    }
    texts.retain(|text| text.contains("Base)") || text.contains("import User as"));
    texts.join("\n# ---\n")
}

/// The accounts, with the models in a package, a module each.
fn in_package(user: &str) -> String {
    let start = ACCOUNTS.find("class User(Base)").unwrap();
    let end = ACCOUNTS.find("#- /app/database.py").unwrap();
    let base = ACCOUNTS[..start].replace("/app/models.py", "/app/base.py");
    let imports = "import uuid\n\nfrom sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.base import Base\n\n\n";
    let models = format!("#- /app/models/__init__.py\n#- /app/models/user.py\n{imports}{user}");
    let rest = ACCOUNTS[end..].replace("from app.models import User", "from app.models.user import User");
    format!("{base}{models}{rest}")
}

const USER: &str = "class User(Base):
    __tablename__ = \"accounts\"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
";

#[test]
fn both_sides_of_a_reference_know_each_other() {
    let text = models(&in_package(USER), &["title:str", "owner:User", "editor:User?"]);
    for wanted in [
        "from typing import TYPE_CHECKING\n",
        "from sqlalchemy.orm import Mapped, mapped_column, relationship\n\nfrom app.base import Base\n\nif TYPE_CHECKING:\n    from app.models.note import Note\n\n\nclass User",
        "default=uuid.uuid4)\n\n    owner_notes: Mapped[list[\"Note\"]] = relationship(\n",
        "        cascade=\"all, delete-orphan\",\n        passive_deletes=True,\n        foreign_keys=\"Note.owner_id\",\n",
        "    editor_notes: Mapped[list[\"Note\"]] = relationship(\n        back_populates=\"editor\", passive_deletes=True, foreign_keys=\"Note.editor_id\"\n",
        "back_populates=\"owner_notes\", foreign_keys=[owner_id]",
        // Whoever imports the one has imported the other.
        "from app.models.note import Note as Note\nfrom app.models.user import User as User\n",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let text = models(ACCOUNTS, &["title:str", "owner:User"]);
    assert!(
        text.contains("    notes: Mapped[list[\"Note\"]] = relationship(\n"),
        "{text}"
    );
    assert!(!text.contains("TYPE_CHECKING"), "{text}");
}

#[test]
fn a_reference_has_one_side_where_others_have() {
    let team = "\n    team: Mapped[\"Team\"] = relationship(ARGUMENTS)\n\n\nclass Team(Base):\n    __tablename__ = \"teams\"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n";
    let with = |arguments: &str| {
        let user = format!("{USER}{}", team.replace("ARGUMENTS", arguments));
        in_package(&user).replace(
            "mapped_column\n\nfrom app.base",
            "mapped_column, relationship\n\nfrom app.base",
        )
    };
    let text = models(&with("lazy=\"raise\""), &["title:str", "owner:User"]);
    assert!(text.contains("owner: Mapped[User] = relationship()"), "{text}");
    assert!(!text.contains("list[\"Note\"]"), "{text}");
    // A project that has both, and imports its models as it does.
    let text = models(&with("back_populates=\"users\""), &["title:str", "owner:User"]);
    assert!(
        text.contains("owner: Mapped[User] = relationship(back_populates=\"notes\")"),
        "{text}"
    );
    assert!(!text.contains("import Note as Note"), "{text}");
}

#[test]
fn a_model_that_may_be_imported_alone_knows_no_other() {
    let apart = in_package(USER)
        .replace("#- /app/models/__init__.py\n", "")
        .replace("app/models/", "app/people/");
    let apart = apart.replace("app.models.user", "app.people.user");
    let text = models(&apart, &["title:str", "owner:User"]);
    assert!(text.contains("owner: Mapped[User] = relationship()"), "{text}");
}
