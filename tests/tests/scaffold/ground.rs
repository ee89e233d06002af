//! What a project has that scaffolds build on: the bases of `tests/generated`, and small projects for one thing each.

use crate::case::analyse;
use ide::ground::{Ground, Layer, Lifespan, Part, Symbol};
use ide::{ResourceRequest, ScaffoldRequest};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use testkit::Project;

fn ground(root: &Path) -> Arc<Ground> {
    analyse(root).ground(root)
}

fn base(name: &str) -> (Arc<Ground>, PathBuf) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = tests.join("generated/bases").join(name);
    (ground(&root), root)
}

fn name(symbol: &Symbol) -> String {
    format!("{}.{}", symbol.module, symbol.name)
}

fn part<T>(part: &Part<T>, root: &Path, show: impl Fn(&T) -> String) -> String {
    match part {
        Part::Found(found) => show(found),
        Part::Free(path) => format!("free: {}", path.strip_prefix(root).unwrap().display()),
        Part::Refused(refusal) => format!("refused: {refusal}"),
    }
}

/// All of it, one line each.
fn told(ground: &Ground, root: &Path) -> String {
    let below = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    let settings = part(&ground.settings, root, |settings| {
        format!(
            "{} by {} in {}",
            name(&settings.class),
            settings.access.expression(),
            settings.access.symbol().module
        )
    });
    let session = part(&ground.session, root, |session| {
        let alias = session.alias.as_ref().map_or("no alias".to_owned(), name);
        format!(
            "{} of {}.{}, {alias}",
            name(&session.provider),
            session.class.0,
            session.class.1
        )
    });
    let tables = part(&ground.base, root, |base| {
        let class = base.class.as_ref().map_or("sqlmodel.SQLModel".to_owned(), name);
        let key = match (&base.key_mixin, base.has_key) {
            (Some(mixin), _) => name(mixin),
            (None, true) => "in it".to_owned(),
            (None, false) => "in each table".to_owned(),
        };
        format!("{class}, {} {key}", base.key_type)
    });
    let errors = part(&ground.errors, root, |errors| {
        let statuses: Vec<String> = errors
            .by_status
            .iter()
            .map(|(status, class)| format!("{status} {}", class.name))
            .collect();
        format!("{}: {}", name(&errors.base), statuses.join(", "))
    });
    let parent = part(&ground.parent, root, |parent| {
        let shared = parent.shared_prefix.as_deref().unwrap_or("none");
        let place = if parent.has_prefixes_at_includes {
            "at includes"
        } else {
            "in routers"
        };
        format!(
            "{} in {}, below `{}`, prefixes {place}, shared: {shared}",
            parent.object,
            below(&parent.path),
            parent.prefix
        )
    });
    let client = part(&ground.client, root, |client| {
        let mark = client.mark.unwrap_or("no mark");
        format!(
            "{} in {}, {}, {mark}",
            client.fixture.name,
            below(&client.fixture.path),
            client.class.1
        )
    });
    let lifespan = match &ground.lifespan {
        Some(Lifespan::Function(symbol)) => name(symbol),
        other => format!("{other:?}"),
    };
    let layers = [
        Layer::Models,
        Layer::Schemas,
        Layer::Repositories,
        Layer::Services,
        Layer::Routers,
    ];
    let places: Vec<String> = layers
        .iter()
        .map(|layer| below(&ground.layers.place(*layer, "gadget", "gadgets")))
        .collect();
    format!(
        "settings {settings}\nsession {session}\nbase {tables}\nerrors {errors}\nparent {parent}\nclient {client}\nlifespan {lifespan}\n{:?}: {}\n",
        ground.layers.shape,
        places.join(" ")
    )
}

#[test]
fn flat() {
    let (ground, root) = base("flat");
    assert_eq!(
        told(&ground, &root),
        "\
settings free: config.py
session database.get_session of sqlalchemy.ext.asyncio.AsyncSession, database.SessionDep
base database.Base, int in each table
errors free: errors.py
parent app in main.py, below ``, prefixes in routers, shared: none
client client in tests/conftest.py, AsyncClient, no mark
lifespan main.lifespan
Flat: models.py schemas.py crud.py services.py routers/gadgets.py
"
    );
}

#[test]
fn modular() {
    let (ground, root) = base("modular");
    assert_eq!(
        told(&ground, &root),
        "\
settings app.config.Settings by get_settings() in app.config
session app.database.get_db of sqlalchemy.ext.asyncio.AsyncSession, app.dependencies.DbSession
base app.database.Base, uuid.UUID app.database.UUIDMixin
errors free: app/errors.py
parent app in app/main.py, below ``, prefixes in routers, shared: none
client client in tests/conftest.py, AsyncClient, pytest.mark.anyio
lifespan app.main.lifespan
Layered: app/models/gadget.py app/schemas/gadget.py app/repositories/gadget.py app/services/gadget.py app/routers/gadgets.py
"
    );
}

#[test]
fn layered() {
    let (ground, root) = base("layered");
    assert_eq!(
        told(&ground, &root),
        "\
settings app.core.config.Settings by settings in app.core.config
session app.db.session.get_session of sqlalchemy.ext.asyncio.AsyncSession, app.api.deps.SessionDep
base app.db.base.Base, uuid.UUID in it
errors free: app/core/errors.py
parent api_router in app/api/v1/router.py, below `/api/v1`, prefixes at includes, shared: none
client async_client in tests/conftest.py, AsyncClient, pytest.mark.asyncio
lifespan None
Layered: app/models/gadget.py app/schemas/gadget.py app/repositories/gadget.py app/services/gadget.py app/api/v1/endpoints/gadgets.py
"
    );
}

#[test]
fn domain() {
    let (ground, root) = base("domain");
    assert_eq!(
        told(&ground, &root),
        "\
settings app.config.Settings by settings in app.config
session app.database.get_session of sqlalchemy.ext.asyncio.AsyncSession, app.database.Session
base app.database.Base, uuid.UUID in it
errors app.exceptions.AppError: 404 NotFoundError, 409 ConflictError
parent app in app/main.py, below ``, prefixes in routers, shared: \"/api\"
client client in tests/conftest.py, AsyncClient, no mark
lifespan app.main.lifespan
Domain: app/gadgets/models.py app/gadgets/schemas.py app/gadgets/repository.py app/gadgets/service.py app/gadgets/router.py
"
    );
}

#[test]
fn sqlmodel() {
    let (ground, root) = base("sqlmodel");
    assert_eq!(
        told(&ground, &root),
        "\
settings app.core.config.Settings by settings in app.core.config
session app.api.deps.get_db of sqlmodel.Session, app.api.deps.SessionDep
base sqlmodel.SQLModel, uuid.UUID in each table
errors free: app/core/errors.py
parent api_router in app/api/main.py, below `/api/v1`, prefixes in routers, shared: none
client client in tests/conftest.py, TestClient, no mark
lifespan app.main.lifespan
Layered: app/models.py app/schemas.py app/crud.py app/services.py app/api/routes/gadgets.py
"
    );
}

#[test]
fn sync() {
    let (ground, root) = base("sync");
    assert_eq!(
        told(&ground, &root),
        "\
settings free: src/shop/config.py
session shop.database.get_db of sqlalchemy.orm.Session, no alias
base shop.database.Base, int in each table
errors free: src/shop/errors.py
parent app in src/shop/main.py, below ``, prefixes in routers, shared: none
client client in tests/conftest.py, TestClient, no mark
lifespan None
Flat: src/shop/models.py src/shop/schemas.py src/shop/repositories.py src/shop/services.py src/shop/routers/gadgets.py
"
    );
}

#[test]
fn empty() {
    let (ground, root) = base("empty");
    assert_eq!(
        told(&ground, &root),
        "\
settings free: app/core/config.py
session free: app/db/session.py
base free: app/db/base.py
errors free: app/core/errors.py
parent free: app/api/router.py
client free: tests/conftest.py
lifespan None
Layered: app/models/gadget.py app/schemas/gadget.py app/repositories/gadget.py app/services/gadget.py app/api/routes/gadgets.py
"
    );
}

#[test]
fn bare() {
    let (ground, root) = base("bare");
    assert_eq!(
        told(&ground, &root),
        "\
settings notes.options.Options by options in notes.options
session notes.store.open_session of sqlalchemy.orm.Session, no alias
base notes.store.Table, int in it
errors free: notes/errors.py
parent everything in notes/api/everything.py, below `/v2`, prefixes in routers, shared: none
client api in tests/conftest.py, TestClient, no mark
lifespan notes.main.lifespan
Layered: notes/models/gadget.py notes/schemas/gadget.py notes/repositories/gadget.py notes/services/gadget.py notes/api/gadgets.py
"
    );
}

/// The lines of a small project that begin with one of some words.
fn of(fixture: &str, words: &[&str]) -> String {
    let project = Project::from_fixture(fixture);
    let root = project.root();
    let told = told(&ground(root), root);
    let lines = told
        .lines()
        .filter(|line| words.iter().any(|word| line.starts_with(word)));
    lines.map(|line| format!("{line}\n")).collect()
}

const APP: &str = "\
#- /main.py
from fastapi import FastAPI

app = FastAPI()
";

#[test]
fn an_app_alone_leaves_all_places_free() {
    assert_eq!(
        of(
            APP,
            &["settings", "session", "base", "errors", "parent", "client", "Flat"]
        ),
        "\
settings free: config.py
session free: database.py
base free: database.py
errors free: errors.py
parent app in main.py, below ``, prefixes in routers, shared: none
client free: tests/conftest.py
Flat: models.py schemas.py repositories.py services.py routers/gadgets.py
"
    );
}

#[test]
fn no_module_is_made_beside_a_package_of_its_name() {
    let fixture = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

app = FastAPI()
#- /app/schemas/__init__.py
#- /app/config/__init__.py
#- /app/config/base.py
#- /app/db.py
#- /app/models/__init__.py
";
    assert_eq!(
        of(fixture, &["settings", "session", "Layered"]),
        "\
settings free: app/config/config.py
session free: app/database.py
Layered: app/models/gadget.py app/schemas/gadget.py app/repositories/gadget.py app/services/gadget.py app/routers/gadgets.py
"
    );
}

#[test]
fn the_parent_is_who_includes_others() {
    let fixture = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import endpoints, health
from app.constants import PREFIX

app = FastAPI()
app.include_router(health.router)
app.include_router(endpoints.everything, prefix=PREFIX)
#- /app/constants.py
PREFIX = \"/v3\"
#- /app/health.py
from fastapi import APIRouter

router = APIRouter()


@router.get(\"/health\")
def health() -> None: ...
#- /app/endpoints.py
from fastapi import APIRouter

from app.one import router as one
from app.two import router as two

everything = APIRouter(prefix=\"/api\")


def install(parent: APIRouter) -> None:
    parent.include_router(one)
    for router in [two]:
        parent.include_router(router)


install(everything)
#- /app/one.py
from fastapi import APIRouter

router = APIRouter(prefix=\"/one\")


@router.get(\"\")
def one() -> None: ...
#- /app/two.py
from fastapi import APIRouter

router = APIRouter(prefix=\"/two\")


@router.get(\"\")
def two() -> None: ...
";
    let project = Project::from_fixture(fixture);
    let ground = ground(project.root());
    let parent = ground.parent.found().unwrap();
    assert_eq!(
        (parent.object.as_str(), parent.prefix.to_string().as_str()),
        ("parent", "/v3/api")
    );
    let text = std::fs::read_to_string(project.root().join("app/endpoints.py")).unwrap();
    let before = &text[..parent.behind.unwrap() as usize];
    assert!(before.ends_with("        parent.include_router(router)"), "{before}");
    assert_eq!(parent.indent, "    ");
}

#[test]
fn what_a_helper_includes_for_its_callers_is_no_place_for_more() {
    let fixture = "\
#- /main.py
from fastapi import APIRouter, FastAPI

from one import router


def add(app: FastAPI, router: APIRouter) -> None:
    app.include_router(router)


app = FastAPI()
add(app, router)
#- /one.py
from fastapi import APIRouter

router = APIRouter(prefix=\"/one\")


@router.get(\"\")
def one() -> None: ...
";
    let project = Project::from_fixture(fixture);
    let ground = ground(project.root());
    let parent = ground.parent.found().unwrap();
    assert_eq!((parent.object.as_str(), parent.behind), ("app", None));
}

#[test]
fn sessions_are_found_however_they_are_made() {
    let annotated = "\
#- /database.py
from collections.abc import Iterator

from sqlmodel import Session, create_engine

engine = create_engine(\"sqlite://\")


def sessions() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
";
    let line = of(&format!("{APP}{annotated}"), &["session", "base"]);
    assert_eq!(
        line,
        "session database.sessions of sqlmodel.Session, no alias\nbase sqlmodel.SQLModel, uuid.UUID in each table\n"
    );
    let bare = "\
#- /database.py
from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

SessionLocal = sessionmaker(bind=create_engine(\"sqlite://\"))
Base = declarative_base()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
";
    let line = of(&format!("{APP}{bare}"), &["session", "base"]);
    assert_eq!(
        line,
        "session database.get_db of sqlalchemy.orm.Session, no alias\nbase database.Base, uuid.UUID in each table\n"
    );
}

/// A session of a module that makes sessions, however its provider is written.
fn session_by(provider: &str) -> String {
    let made = "\
#- /database.py
from collections.abc import AsyncGenerator, Generator

from fastapi import Depends, Request
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

engine = create_engine(\"sqlite://\")
SessionLocal = sessionmaker(bind=engine)
scoped = scoped_session(SessionLocal)
maker = async_sessionmaker(create_async_engine(\"sqlite+aiosqlite://\"))


";
    of(&format!("{APP}{made}{provider}"), &["session"])
}

#[test]
fn sessions_are_found_however_they_are_yielded() {
    const SYNC: &str = "session database.take of sqlalchemy.orm.Session, no alias\n";
    const ASYNC: &str = "session database.take of sqlalchemy.ext.asyncio.AsyncSession, no alias\n";
    for (provider, expected) in [
        (
            "def take() -> Generator:\n    try:\n        db = SessionLocal()\n        yield db\n    finally:\n        db.close()\n",
            SYNC,
        ),
        ("def take():\n    yield SessionLocal()\n", SYNC),
        (
            "def take():\n    with Session(engine) as session:\n        yield session\n",
            SYNC,
        ),
        (
            "def take():\n    with SessionLocal.begin() as session:\n        yield session\n",
            SYNC,
        ),
        ("def take():\n    session = scoped()\n    yield session\n", SYNC),
        (
            "async def take() -> AsyncGenerator:\n    async with maker() as session:\n        yield session\n",
            ASYNC,
        ),
        (
            "async def take():\n    async with maker() as session:\n        async with session.begin():\n            yield session\n",
            ASYNC,
        ),
        (
            "async def take():\n    async with maker() as session, session.begin():\n        yield session\n",
            ASYNC,
        ),
        (
            "async def take(request: Request):\n    yield request.app.state.maker()\n\n\ndef read(session: AsyncSession = Depends(take)) -> None: ...\n",
            ASYNC,
        ),
        (
            "def take(request: Request):\n    return request.state.db\n\n\ndef read(session: Session = Depends(take)) -> None: ...\n",
            SYNC,
        ),
    ] {
        assert_eq!(session_by(provider), expected, "{provider}");
    }
    let method = "\
class Database:
    async def session(self):
        async with maker() as session:
            yield session


database = Database()


async def read(session: AsyncSession = Depends(database.session)) -> None: ...
";
    assert_eq!(
        session_by(method),
        "session database.database.session of sqlalchemy.ext.asyncio.AsyncSession, no alias\n"
    );
    let other = "def take():\n    with open(\"x\") as file:\n        yield file\n";
    assert!(session_by(other).starts_with("session free"), "{}", session_by(other));
}

#[test]
fn fixtures_go_to_the_tests_of_the_package() {
    let test = "#- /app/__init__.py\n#- /app/tests/__init__.py\n#- /app/tests/api/test_items.py\ndef test_it(): ...\n";
    let free = |more: &str| of(&format!("{APP}{test}{more}"), &["client"]);
    assert_eq!(free(""), "client free: app/tests/conftest.py\n");
    let conftest = "#- /app/tests/api/conftest.py\nimport pytest\n";
    assert_eq!(free(conftest), "client free: app/tests/api/conftest.py\n");
    let client = "\
#- /app/tests/conftest.py
from typing import Generator

import pytest
from fastapi.testclient import TestClient
from main import app


@pytest.fixture
def client() -> Generator:
    with TestClient(app) as c:
        yield c
";
    assert_eq!(
        free(client),
        "client client in app/tests/conftest.py, TestClient, no mark\n"
    );
}

#[test]
fn another_kind_of_database_is_said() {
    let fixture = format!("{APP}#- /store.py\nfrom beanie import Document\nfrom fastapi import Depends\n");
    let line = of(&fixture, &["session"]);
    assert_eq!(
        line,
        "session refused: the project keeps its data with beanie, and this is written for SQLAlchemy and SQLModel\n"
    );
}

#[test]
fn a_module_that_a_package_would_hide_is_refused() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bare = tests.join("generated/bases/bare/notes");
    let text = |file: &str| std::fs::read_to_string(bare.join(file)).unwrap();
    let files = [
        "main.py",
        "options.py",
        "store.py",
        "api/everything.py",
        "api/status.py",
        "schemas/status.py",
    ];
    let fixture: String = files
        .iter()
        .map(|file| format!("#- /notes/{file}\n{}", text(file)))
        .collect();
    let project = Project::from_fixture(&format!(
        "{fixture}#- /notes/__init__.py\n#- /notes/api/__init__.py\n#- /notes/schemas/__init__.py\n#- /notes/api/gadgets/__init__.py\n"
    ));
    let request = ResourceRequest {
        name: "gadget".to_owned(),
        fields: vec!["title:str".to_owned()],
        ..Default::default()
    };
    let root = project.root();
    let refusal = analyse(root)
        .scaffold(root, &ScaffoldRequest::Resource(request))
        .unwrap_err();
    assert!(
        refusal
            .to_string()
            .starts_with("notes/api/gadgets.py would stand beside notes/api/gadgets/__init__.py"),
        "{refusal}"
    );
}

#[test]
fn a_layer_may_lie_in_a_package_of_its_layer() {
    let tables = |name: &str, class: &str| {
        format!(
            "#- /app/models/db/{name}.py\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n\
             class {class}Base(DeclarativeBase):\n    pass\n\n\nclass {class}({class}Base):\n    __tablename__ = \"{name}s\"\n\n    \
             id: Mapped[int] = mapped_column(primary_key=True)\n"
        )
    };
    let fixture = format!(
        "#- /app/main.py\nfrom fastapi import FastAPI\n\nfrom app.models.db import book, user\n\napp = FastAPI()\n{}{}#- /app/models/__init__.py\n#- /app/models/schemas/user.py\n#- /app/repository/base.py\n#- /app/repository/crud/user.py\n",
        tables("user", "User"),
        tables("book", "Book")
    );
    let project = Project::from_fixture(&fixture);
    let layers = &ground(project.root()).layers;
    let places = [Layer::Models, Layer::Schemas, Layer::Repositories].map(|layer| {
        let place = layers.place(layer, "gadget", "gadgets");
        place.strip_prefix(project.root()).unwrap().display().to_string()
    });
    assert_eq!(
        places,
        [
            "app/models/db/gadget.py",
            "app/models/schemas/gadget.py",
            "app/repository/crud/gadget.py"
        ]
    );
}

#[test]
fn no_second_database_is_made_where_sessions_are_made_somewhere() {
    let providers = "#- /app/providers.py\nfrom sqlalchemy.ext.asyncio import create_async_engine\n\n\nclass Provider:\n    \
                     def engine(self, url: str) -> object:\n        return create_async_engine(url)\n";
    let project = Project::from_fixture(&format!("{APP}{providers}"));
    let root = project.root().to_path_buf();
    let resource = ResourceRequest {
        name: "gadget".to_owned(),
        fields: vec!["title:str".to_owned()],
        ..Default::default()
    };
    for request in [
        ScaffoldRequest::Resource(resource),
        ScaffoldRequest::Database(ide::DatabaseRequest::default()),
    ] {
        let refused = analyse(&root).scaffold(&root, &request).unwrap_err().to_string();
        assert!(
            refused.contains("though app/providers.py makes what sessions are of"),
            "{refused}"
        );
    }
}
