//! Auth in projects that are there: what is reused, and what is refused. That what comes out works is for `tests/generated`.

use crate::case::analyse;
use ide::{AuthRequest, AuthScheme, KeyPlace, Plan, Refusal, ScaffoldRequest};
use testkit::Project;

const PROJECT: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import users

app = FastAPI()
app.include_router(users.router, prefix=\"/api/v7\")
#- /app/users.py
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from app.database import get_db
from app.models import User

router = APIRouter(prefix=\"/users\")


@router.get(\"\")
def count_users(session: Session = Depends(get_db)) -> int:
    return session.query(User).count()
#- /app/database.py
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    pass


def get_db() -> Iterator[Session]:
    with Session(create_engine(\"sqlite://\")) as session:
        yield session
";

fn build(models: &str) -> Result<Plan, Refusal> {
    let project = Project::from_fixture(&format!("{PROJECT}#- /app/models.py\n{models}"));
    let root = project.root();
    analyse(root).scaffold(root, &ScaffoldRequest::Auth(AuthRequest::default()))
}

fn models(columns: &str) -> String {
    let columns: String = columns.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, func\n\
         from sqlalchemy.orm import Mapped, mapped_column, relationship\n\n\
         from app.database import Base\n\n\n\
         class User(Base):\n    __tablename__ = \"people\"\n\n{columns}"
    )
}

/// What becomes of the module of the tables, and the text of a module that is made.
fn built(columns: &str, file: &str) -> (String, String) {
    let text = models(columns);
    let project = Project::from_fixture(&format!("{PROJECT}#- /app/models.py\n{text}"));
    let root = project.root();
    let analysis = analyse(root);
    let plan = analysis
        .scaffold(root, &ScaffoldRequest::Auth(AuthRequest::default()))
        .unwrap();
    let models = plan.change.files.iter().find_map(|edit| {
        let is_it = analysis.path(edit.file).ends_with("app/models.py");
        is_it.then(|| edit.apply(&text))
    });
    let made = plan.change.creations.iter().find(|(path, _)| path.ends_with(file));
    (models.unwrap(), made.unwrap().1.clone())
}

#[test]
fn a_table_of_users_is_used_and_gets_what_it_lacks() {
    let (models, schemas) = built(
        "id: Mapped[int] = mapped_column(primary_key=True)
email: Mapped[str] = mapped_column(String(100), unique=True)
nickname: Mapped[str] = mapped_column(String(40))
city: Mapped[str | None] = mapped_column(String(40))
joined: Mapped[str] = mapped_column(server_default=func.now())
disabled: Mapped[bool] = mapped_column(default=False)
is_admin: Mapped[bool] = mapped_column(default=False)
friend: Mapped[\"User\"] = relationship()",
        "app/schemas.py",
    );
    let added = "    is_admin: Mapped[bool] = mapped_column(default=False)\n    \
         hashed_password: Mapped[str | None] = mapped_column(String(255))\n    \
         scopes: Mapped[list[str]] = mapped_column(";
    assert!(models.contains(added), "{models}");
    assert!(!models.contains("is_active") && !models.contains("role:"), "{models}");
    assert!(
        models.contains("ForeignKey(\"people.id\", ondelete=\"CASCADE\")"),
        "{models}"
    );
    assert!(
        schemas.contains("Field(max_length=100)") && schemas.contains("nickname: str"),
        "{schemas}"
    );
    assert!(!schemas.contains("city") && !schemas.contains("joined"), "{schemas}");
}

#[test]
fn legacy_columns_are_added_as_the_others_are_written() {
    let (models, _) = built(
        "id = Column(Integer, primary_key=True)
email = Column(String(100), unique=True)
is_active = Column(Boolean, default=True)",
        "app/schemas.py",
    );
    assert!(
        models.contains("    hashed_password = Column(String(255))\n"),
        "{models}"
    );
    assert!(!models.contains("is_active: "), "{models}");
}

#[test]
fn urls_follow_the_project() {
    let (_, dependencies) = built(
        "id: Mapped[int] = mapped_column(primary_key=True)
email: Mapped[str] = mapped_column(String(100))",
        "app/dependencies.py",
    );
    assert!(
        dependencies.contains("tokenUrl=\"/api/v7/auth/login\""),
        "{dependencies}"
    );
    assert!(dependencies.contains("def get_current_user("), "{dependencies}");
    assert!(
        !dependencies.contains("async ") && !dependencies.contains("await "),
        "{dependencies}"
    );
    assert!(
        dependencies.contains("session: Session = Depends(get_db)"),
        "{dependencies}"
    );
}

#[test]
fn users_that_nobody_could_be_are_refused() {
    let key = "id: Mapped[int] = mapped_column(primary_key=True)\n";
    for (columns, reason) in [
        ("name: Mapped[str]", "it has no `email`"),
        (
            "email: Mapped[str]\nteam_id: Mapped[int] = mapped_column(ForeignKey(\"teams.id\"))",
            "`team_id` refers to another table",
        ),
        (
            "email: Mapped[str]\npassword: Mapped[str]",
            "it keeps passwords as `password`",
        ),
        ("email: Mapped[str]\nborn: Mapped[object]", "`born` has no default"),
    ] {
        let refusal = build(&models(&format!("{key}{columns}"))).unwrap_err().to_string();
        assert!(refusal.contains(reason), "{refusal}");
    }
}

#[test]
fn no_module_is_made_beside_a_package_of_its_name() {
    let columns = models("id: Mapped[int] = mapped_column(primary_key=True)\nemail: Mapped[str]");
    let refusal = build(&format!("{columns}#- /app/mail/__init__.py\n")).map(|plan| plan.change.creations);
    let made: Vec<String> = refusal
        .unwrap()
        .into_iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(made.iter().any(|path| path.ends_with("app/mail/mail.py")), "{made:?}");
    let refusal = build(&format!("{columns}#- /app/dependencies/__init__.py\n#- /app/auth.py\n"));
    let made: Vec<String> = refusal
        .unwrap()
        .change
        .creations
        .into_iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(
        made.iter().any(|path| path.ends_with("app/dependencies/auth.py")),
        "{made:?}"
    );
}

#[test]
fn auth_that_is_there_is_not_doubled() {
    let columns = models("id: Mapped[int] = mapped_column(primary_key=True)\nemail: Mapped[str]");
    for (module, reason) in [
        (
            "from fastapi.security import OAuth2PasswordBearer\nfrom jose import jwt\nfrom passlib.context import CryptContext\n\n\ndef get_current_user() -> None: ...\n",
            "`get_current_user` in app/security.py (with python-jose and passlib)",
        ),
        ("import fastapi_users\n", "that of fastapi_users"),
    ] {
        let refusal = build(&format!("{columns}#- /app/security.py\n{module}"))
            .unwrap_err()
            .to_string();
        assert!(
            refusal.contains(reason) && refusal.contains("add auth --on"),
            "{refusal}"
        );
    }
}

/// The modules that keys for programs bring, or why there are none.
fn keys(more: &str, key_in: KeyPlace) -> Result<String, String> {
    let project = Project::from_fixture(&format!(
        "{PROJECT}#- /app/models.py\n{}{more}",
        models("id: Mapped[int] = mapped_column(primary_key=True)")
    ));
    let root = project.root();
    let request = AuthRequest {
        scheme: AuthScheme::ApiKey,
        key_in,
        ..AuthRequest::default()
    };
    let plan = analyse(root).scaffold(root, &ScaffoldRequest::Auth(request));
    let plan = plan.map_err(|refusal| refusal.to_string())?;
    Ok(plan.change.creations.into_iter().map(|(_, text)| text).collect())
}

#[test]
fn keys_of_programs_are_hashed_and_compared_in_constant_time() {
    let text = keys("", KeyPlace::Header).unwrap();
    assert!(
        text.contains("APIKeyHeader(name=\"X-API-Key\", auto_error=False)"),
        "{text}"
    );
    assert!(
        text.contains("secrets.compare_digest(") && text.contains("hashlib.sha256("),
        "{text}"
    );
    let text = keys("", KeyPlace::Query).unwrap();
    assert!(
        text.contains("APIKeyQuery(name=\"api_key\", auto_error=False)"),
        "{text}"
    );
}

#[test]
fn keys_that_are_there_are_not_doubled() {
    let module =
        "#- /app/keys.py\nfrom fastapi.security import APIKeyHeader\n\nscheme = APIKeyHeader(name=\"X-Key\")\n";
    let refusal = keys(module, KeyPlace::Header).unwrap_err();
    assert!(refusal.contains("by `APIKeyHeader` in app/keys.py"), "{refusal}");
}
