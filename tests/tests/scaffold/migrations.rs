//! The revision that a new table gets where Alembic is set up, on the base `layered` of `tests/generated`; that such revisions
//! lead to what the models say, and back, is judged there by Alembic itself.

use crate::case::analyse;
use ide::{AuthRequest, Plan, ResourceRequest, ScaffoldRequest};
use std::{fmt::Write as _, path::Path};
use testkit::Project;

fn texts(folder: &Path, root: &Path, fixture: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, root, fixture);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let name = path.strip_prefix(root).unwrap().display();
            write!(fixture, "#- /{name}\n{text}").unwrap();
        }
    }
}

/// The base with other files beside its own, or in their place.
pub(crate) fn layered(others: &str) -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/bases/layered");
    let mut fixture = String::new();
    texts(&root, &root, &mut fixture);
    Project::from_fixture(&format!("{fixture}{others}"))
}

fn plan(project: &Project, fields: &[&str]) -> Plan {
    let request = ResourceRequest {
        name: "gadget".to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Default::default()
    };
    let root = project.root();
    analyse(root)
        .scaffold(root, &ScaffoldRequest::Resource(request))
        .unwrap()
}

/// The revision that a plan makes.
fn revision(plan: &Plan) -> Option<&str> {
    let mut created = plan.change.creations.iter();
    let found = created.find(|(path, _)| {
        path.parent()
            .is_some_and(|folder| folder.ends_with("migrations/versions"))
    });
    found.map(|(_, text)| text.as_str())
}

#[test]
fn columns_are_those_of_the_class_and_of_what_it_inherits_from() {
    let plan = plan(&layered(""), &["sku:str!", "owner:User", "price:decimal?"]);
    let text = revision(&plan).unwrap();
    for line in [
        "down_revision: str | None = \"1a2f5c0e7b31\"",
        "sa.Column(\"id\", sa.Uuid(), nullable=False),",
        "sa.Column(\"sku\", sa.String(length=255), nullable=False),",
        "sa.Column(\"price\", sa.Numeric(precision=12, scale=2), nullable=True),",
        "sa.Column(\"created_at\", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),",
        "sa.ForeignKeyConstraint([\"owner_id\"], [\"users.id\"], name=op.f(\"fk_gadgets_owner_id_users\")),",
        "sa.UniqueConstraint(\"sku\", name=op.f(\"uq_gadgets_sku\")),",
        "op.create_index(op.f(\"ix_gadgets_owner_id\"), \"gadgets\", [\"owner_id\"])",
        "op.drop_table(\"gadgets\")",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn a_revision_that_could_be_wrong_is_left_to_alembic() {
    let other = "#- /migrations/versions/other.py\nrevision = \"2b\"\ndown_revision = None\n";
    let plan = plan(&layered(other), &["title:str"]);
    assert_eq!(revision(&plan), None);
    let notes = plan.notes.join("\n");
    assert!(
        notes.contains("the project has 2 heads") && notes.contains("--autogenerate -m \"add gadgets\""),
        "{notes}"
    );
}

#[test]
fn a_table_that_a_revision_makes_already_is_not_made_again() {
    let made = "#- /migrations/versions/made.py\nfrom alembic import op\n\nrevision = \"2b\"\ndown_revision = \"1a2f5c0e7b31\"\n\n\n\
        def upgrade():\n    op.create_table('gadgets')\n";
    let plan = plan(&layered(made), &["title:str"]);
    assert_eq!(revision(&plan), None);
    assert!(
        plan.notes
            .join("\n")
            .contains("a migration makes the table of `Gadget` already")
    );
}

#[test]
fn duplicates_are_answered_where_nothing_does_yet() {
    const ANSWER: &str =
        "    except IntegrityError as error:\n        raise HTTPException(status_code=status.HTTP_409_CONFLICT,";
    let answered = |files: &str, field: &str| {
        let plan = plan(&layered(files), &[field]);
        assert!(!plan.notes.join("\n").contains("409"), "{:?}", plan.notes);
        plan.change.creations.iter().any(|(_, text)| text.contains(ANSWER))
    };
    assert!(answered("", "sku:str!"));
    assert!(!answered("", "sku:str"));
    let with = |handlers: &str| {
        let head = "#- /app/handlers.py\nfrom sqlalchemy.exc import IntegrityError\n";
        answered(&format!("{head}{handlers}"), "sku:str!")
    };
    assert!(with(""));
    assert!(with(
        "\n\ndef add(app):\n    app.add_exception_handler(ValueError, print)\n"
    ));
    assert!(!with(
        "\n\ndef add(app):\n    app.add_exception_handler(IntegrityError, print)\n"
    ));
    assert!(!with(
        "\n\ndef make(F):\n    return F(exception_handlers={IntegrityError: print})\n"
    ));
}

#[test]
fn duplicates_that_nothing_can_answer_are_told() {
    let file = "app/api/v1/endpoints/tickets.py";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/bases/layered");
    let text = std::fs::read_to_string(root.join(file)).unwrap();
    let text = text
        .replace("repository.create(", "repository.keep(")
        .replace("repository.update(", "repository.keep(");
    let plan = plan(&layered(&format!("#- /{file}\n{text}")), &["sku:str!"]);
    assert!(
        plan.notes.join("\n").contains("`routewright add errors`"),
        "{:?}",
        plan.notes
    );
}

fn auth(project: &Project) -> Plan {
    let root = project.root();
    analyse(root)
        .scaffold(root, &ScaffoldRequest::Auth(AuthRequest::default()))
        .unwrap()
}

#[test]
fn several_tables_and_new_columns_are_one_revision() {
    let plan = auth(&layered(""));
    let text = revision(&plan).unwrap();
    for line in [
        "op.create_table(\n        \"auth_sessions\",",
        "[\"user_id\"], [\"users.id\"], name=op.f(\"fk_auth_sessions_user_id_users\"), ondelete=\"CASCADE\"",
        "with op.batch_alter_table(\"users\") as batch_op:\n        batch_op.add_column(sa.Column(\"hashed_password\", sa.String(length=255), nullable=True))",
        "batch_op.add_column(sa.Column(\"scopes\", sa.JSON(), server_default=sa.text(\"('[]')\"), nullable=False))",
        "def downgrade() -> None:\n    with op.batch_alter_table(\"users\") as batch_op:\n        batch_op.drop_column(\"scopes\")",
        "op.drop_table(\"password_resets\")\n    op.drop_table(\"auth_sessions\")",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("is_active"));
}

#[test]
fn without_batches_columns_are_added_at_once() {
    let environment = "#- /migrations/env.py\nfrom app.db.base import Base\nimport app.models\n";
    let plan = auth(&layered(environment));
    let text = revision(&plan).unwrap();
    assert!(
        text.contains("op.add_column(\"users\", sa.Column(\"hashed_password\""),
        "{text}"
    );
    assert!(
        text.contains("op.drop_column(\"users\", \"hashed_password\")"),
        "{text}"
    );
}

/// What a module becomes with auth.
fn with_auth(others: &str, name: &str) -> String {
    let project = layered(others);
    let analysis = analyse(project.root());
    let request = ScaffoldRequest::Auth(AuthRequest::default());
    let plan = analysis.scaffold(project.root(), &request).unwrap();
    let path = project.path(name);
    let before = project.read(name);
    let file = analysis.file_id(&path);
    let known = plan.change.files.iter().find(|edit| Some(edit.file) == file);
    let other = plan.change.others.iter().find(|edit| edit.path == path);
    match (known, other) {
        (Some(edit), _) => edit.apply(&before),
        (None, Some(edit)) => edit.applied(),
        (None, None) => before,
    }
}

#[test]
fn new_models_are_imported_where_alembic_finds_those_that_are_there() {
    let exported = "#- /app/models/__init__.py\nfrom .ticket import Ticket as Ticket\nfrom .user import User as User\n";
    assert_eq!(
        with_auth(exported, "app/models/__init__.py"),
        "from .auth import AuthSession as AuthSession, PasswordReset as PasswordReset\n\
         from .ticket import Ticket as Ticket\nfrom .user import User as User\n"
    );
    let listed = "#- /app/models/__init__.py\nfrom app.models.ticket import *  # noqa: F403\nfrom app.models.user import *  # noqa: F403\n";
    let text = with_auth(listed, "app/models/__init__.py");
    assert!(
        text.starts_with("from app.models.auth import *  # noqa: F403\n"),
        "{text}"
    );
    let environment = "#- /app/models/__init__.py\n#- /migrations/env.py\nimport app.models.ticket  # noqa: F401\n\
         import app.models.user  # noqa: F401\nfrom app.db.base import Base\n";
    let text = with_auth(environment, "migrations/env.py");
    assert!(text.starts_with("import app.models.auth  # noqa: F401\n"), "{text}");
    let elsewhere = "#- /app/models/__init__.py\n#- /app/db/all.py\nfrom app.db.base import Base\nfrom app.models import ticket, user\n\
         #- /migrations/env.py\nfrom app.db.all import Base\n";
    let text = with_auth(elsewhere, "app/db/all.py");
    assert!(text.contains("from app.models import auth, ticket, user\n"), "{text}");
}

#[test]
fn who_has_to_import_new_models_is_told_where_nobody_does() {
    let told = |environment: &str| {
        let files = format!("#- /app/models/__init__.py\n#- /migrations/env.py\n{environment}");
        auth(&layered(&files)).notes.join("\n")
    };
    let remedy = "let migrations/env.py import `app.models.auth`";
    assert!(told("from app.db.base import Base\n").contains(remedy));
    assert!(!told("import pkgutil\n\nfor _ in pkgutil.walk_packages([]): ...\n").contains(remedy));
}
