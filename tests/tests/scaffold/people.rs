//! Tests of path operations that ask who is asking: who is let in, and who is not.

use crate::parts::{add, nothing_left, read};
use ide::{RequireRequest, Requirement, ScaffoldRequest, TestsRequest};
use std::path::Path;
use testkit::Project;

/// The project that is also really run.
fn guarded() -> Project {
    let base = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/generated/bases/guarded"));
    let mut files = String::new();
    let mut folders = vec![base.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(base).unwrap().display().to_string();
            match path.is_dir() {
                true => folders.push(path),
                false if name.ends_with(".py") => {
                    let text = std::fs::read_to_string(&path).unwrap();
                    files.push_str(&format!("#- /{name}\n{text}"));
                }
                false => {}
            }
        }
    }
    Project::from_fixture(&files)
}

#[test]
fn a_session_is_one_whatever_its_fixture_says() {
    let project = guarded();
    let conftest = project.root().join("tests/conftest.py");
    let text = std::fs::read_to_string(&conftest).unwrap();
    let bare = text.replace(
        "@pytest.fixture\ndef db() -> Iterator[Session]:",
        "@pytest.fixture(scope=\"session\")\ndef db() -> Generator:",
    );
    assert_ne!(bare, text);
    std::fs::write(&conftest, bare.replace("import Iterator", "import Generator, Iterator")).unwrap();
    add(&project, &tests_of("app/notes.py"));
    let conftest = read(&project, "tests/conftest.py");
    // What an earlier test wrote is still there.
    let wanted = "def user(db: Session) -> User:
    user = User(
        email=f\"{uuid.uuid4().hex}@example.com\",
        hashed_password=uuid.uuid4().hex,";
    assert!(conftest.contains(wanted), "{conftest}");
    let tests = read(&project, "tests/test_notes.py");
    assert!(tests.contains("def test_read_note_forbidden("), "{tests}");
}

/// Guards that a library makes, which reads who is asking from a token by a strategy.
const MADE: &str = "\
#- /.venv/pyvenv.cfg
home = /usr/bin
version = 3.12.0
#- /.venv/lib/python3.12/site-packages/fastapi/__init__.py
#- /.venv/lib/python3.12/site-packages/sqlalchemy/__init__.py
#- /.venv/lib/python3.12/site-packages/fastapi_users/__init__.py
from typing import Generic, TypeVar

from fastapi import Depends, HTTPException

U = TypeVar(\"U\")
I = TypeVar(\"I\")


class FastAPIUsers(Generic[U, I]):
    def __init__(self, get_user_manager, auth_backends):
        self.auth_backends = auth_backends

    def current_user(self, active=False, superuser=False):
        backend = self.auth_backends[0]

        def current_user_dependency(
            strategy=Depends(backend.get_strategy), token=Depends(backend.scheme)
        ):
            if token is None:
                raise HTTPException(401)

        return current_user_dependency


class AuthenticationBackend:
    def __init__(self, scheme, get_strategy):
        self.scheme = scheme
        self.get_strategy = get_strategy
#- /.venv/lib/python3.12/site-packages/fastapi_users-15.0.1.dist-info/METADATA
Name: fastapi-users
Version: 15.0.1
Requires-Dist: fastapi>=0.65.2
#- /.venv/lib/python3.12/site-packages/fastapi_users-15.0.1.dist-info/RECORD
fastapi_users/__init__.py,,
#- /app/__init__.py
#- /app/db.py
from collections.abc import Iterator

from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session

engine = create_engine(\"sqlite://\")


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    pass


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
#- /app/users.py
import uuid

from fastapi.security import OAuth2PasswordBearer
from fastapi_users import AuthenticationBackend, FastAPIUsers

from app.db import User

backend = AuthenticationBackend(OAuth2PasswordBearer(tokenUrl=\"login\"), lambda: None)
users = FastAPIUsers[User, uuid.UUID](lambda: None, [backend])
current_active_user = users.current_user(active=True)
current_superuser = users.current_user(active=True, superuser=True)
#- /app/main.py
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from app.db import User, get_session
from app.users import current_active_user, current_superuser

app = FastAPI()


@app.get(\"/me\")
def read_me(user: User = Depends(current_active_user)) -> str:
    return user.email


@app.get(\"/reports\")
def read_reports(
    user: User = Depends(current_superuser), session: Session = Depends(get_session)
) -> list[str]:
    return []
";

#[test]
fn who_is_asking_stands_behind_the_token_where_a_library_asks() {
    let project = Project::from_fixture(MADE);
    add(&project, &tests_of("app/main.py"));
    let conftest = read(&project, "tests/conftest.py");
    for part in [
        "from app.users import backend\n",
        "is_superuser=True",
        "    scheme: Any = backend.transport.scheme\n",
        "        strategy = Mock(read_token=AsyncMock(return_value=user))\n",
        "        app.dependency_overrides[backend.get_strategy] = lambda: strategy\n",
    ] {
        assert!(conftest.contains(part), "{part}: {conftest}");
    }
    let tests = read(&project, "tests/test_main.py");
    for part in [
        "def test_read_me_unauthorized(client: TestClient) -> None:",
        "sign_in(user)\n    response = client.get(\"/reports\")\n    assert response.status_code == 403",
        "sign_in(admin)\n    response = client.get(\"/reports\")\n    assert response.status_code == 200",
    ] {
        assert!(tests.contains(part), "{part}: {tests}");
    }
}

fn tests_of(file: &str) -> ScaffoldRequest {
    ScaffoldRequest::Tests(TestsRequest {
        file: Some(file.into()),
        name: None,
    })
}

fn required(file: &str, name: &str, requirement: Requirement) -> ScaffoldRequest {
    ScaffoldRequest::Require(RequireRequest {
        file: file.into(),
        name: Some(name.to_owned()),
        requirement,
    })
}

#[test]
fn users_are_made_for_those_who_are_let_in() {
    let project = guarded();
    let notes = add(&project, &tests_of("app/notes.py"));
    let conftest = read(&project, "tests/conftest.py");
    for part in [
        "def user(db: Session) -> User:",
        "    user = User(\n        email=\"ada@example.com\", hashed_password=uuid.uuid4().hex, is_active=True",
        "def other_user(db: Session) -> User:",
        "def editor(db: Session) -> User:",
        "role=Role.EDITOR",
        "app.dependency_overrides[get_current_user] = lambda: user\n",
    ] {
        assert!(conftest.contains(part), "{part}: {conftest}");
    }
    let tests = read(&project, "tests/test_notes.py");
    for name in [
        "list_notes_unauthorized",
        "list_notes",
        "create_note",
        "create_note_invalid",
        "read_note",
        "read_note_not_found",
        "read_note_forbidden",
        "update_note_forbidden",
        "delete_note_forbidden",
        "delete_note",
        "export_notes",
        "note_events_unauthorized",
        "live",
        "private_refused",
    ] {
        assert!(tests.contains(&format!("def test_{name}(")), "{name}: {tests}");
    }
    // It has no end.
    assert!(!tests.contains("def test_note_events("), "{tests}");
    assert!(
        notes.join("\n").contains("`note_events` answers without an end"),
        "{notes:?}"
    );
    assert!(
        tests.contains("assert websocket.receive_text() == \"Hello\""),
        "{tests}"
    );
    nothing_left(&project, &tests_of("app/notes.py"));
}

#[test]
fn fixtures_that_are_there_are_used() {
    let project = guarded();
    let conftest = read(&project, "tests/conftest.py");
    let own = "\n\n@pytest.fixture\ndef auth_headers(db: Session) -> dict[str, str]:\n    return {}\n\n\n\
               @pytest.fixture\ndef editor_headers(db: Session) -> dict[str, str]:\n    return {}\n";
    std::fs::write(project.path("tests/conftest.py"), conftest + own).unwrap();
    add(&project, &tests_of("app/notes.py"));
    let tests = read(&project, "tests/test_notes.py");
    assert!(
        tests.contains("client.get(\"/notes\", headers=auth_headers)"),
        "{tests}"
    );
    assert!(tests.contains("headers=editor_headers"), "{tests}");
    // Somebody else has no fixture yet.
    assert!(tests.contains("sign_in(other_user)"), "{tests}");
}

#[test]
fn tests_that_pass_go_on_passing_when_somebody_is_required() {
    let project = guarded();
    let notes = add(&project, &required("app/tags.py", "router", Requirement::User));
    let tests = read(&project, "tests/test_tags.py");
    let mark = "@pytest.mark.usefixtures(\"signed_in\")\n";
    // By a request, and by a helper that makes one.
    assert!(tests.contains(&format!("{mark}def test_list(")), "{tests}");
    assert!(tests.contains(&format!("{mark}def test_read(")), "{tests}");
    assert!(!tests.contains(&format!("{mark}def test_nothing(")), "{tests}");
    assert!(tests.contains("import pytest\n"), "{tests}");
    let conftest = read(&project, "tests/conftest.py");
    assert!(conftest.contains("def signed_in("), "{conftest}");
    assert!(notes.join("\n").contains("2 tests that call it"), "{notes:?}");
    nothing_left(&project, &required("app/tags.py", "router", Requirement::User));
}

#[test]
fn a_role_is_one_that_the_user_has() {
    let project = guarded();
    let role = Requirement::Role("editor".to_owned());
    add(&project, &required("app/tags.py", "read_tag", role));
    let conftest = read(&project, "tests/conftest.py");
    assert!(conftest.contains("role=Role(\"editor\")"), "{conftest}");
    let tests = read(&project, "tests/test_tags.py");
    let mark = "@pytest.mark.usefixtures(\"signed_in_editor\")\n";
    assert!(tests.contains(&format!("{mark}def test_read(")), "{tests}");
    assert!(!tests.contains(&format!("{mark}def test_list(")), "{tests}");
}
