//! A user required on path operations, routers and apps, by what the project has for it.

use crate::case::analyse;
use ide::{RequireRequest, Requirement, ScaffoldRequest};
use testkit::Project;

const ANNOTATED: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import items

app = FastAPI()
app.include_router(items.router)
#- /app/models.py
class User:
    is_active: bool
#- /app/deps.py
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer, SecurityScopes

from app.models import User

oauth2 = OAuth2PasswordBearer(tokenUrl=\"login\")


def get_current_user(scopes: SecurityScopes, token: str = Depends(oauth2)) -> User:
    return User()


CurrentUser = Annotated[User, Depends(get_current_user)]


def get_current_active_superuser(user: CurrentUser) -> User:
    return user


def require_role(role: str):
    def check(user: CurrentUser) -> User:
        return user

    return check
#- /app/items.py
from fastapi import APIRouter, Query

router = APIRouter(prefix=\"/items\")


@router.get(\"/{item_id}\")
def read_item(item_id: int, q: str = Query(default=\"\")) -> str:
    return q


@router.delete(\"/{item_id}\", status_code=204)
async def delete_item(item_id: int) -> None:
    pass


@router.get(\"\")
def list_items() -> list[str]:
    return []
";

const DEFAULTS: &str = "\
#- /main.py
from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

oauth2 = OAuth2PasswordBearer(tokenUrl=\"login\")
app = FastAPI()
notes = APIRouter(prefix=\"/notes\", dependencies=[Depends(oauth2)])


class User:
    pass


def get_current_user(token: str = Depends(oauth2)) -> User:
    return User()


@app.post(\"/login\")
def login(form: OAuth2PasswordRequestForm = Depends()) -> str:
    return form.username


@notes.get(\"\")
def list_notes(
    limit: int = 10,  # at most
) -> list[str]:
    return []


app.include_router(notes)
";

/// What becomes of a file, or why nothing does.
fn required(fixture: &str, file: &str, name: Option<&str>, requirement: &str) -> Result<String, String> {
    let project = Project::from_fixture(fixture);
    let root = project.root();
    let analysis = analyse(root);
    let request = RequireRequest {
        file: file.into(),
        name: name.map(str::to_owned),
        requirement: Requirement::try_from(requirement.to_owned())?,
    };
    let plan = analysis
        .scaffold(root, &ScaffoldRequest::Require(request))
        .map_err(|refusal| refusal.to_string())?;
    let text = std::fs::read_to_string(root.join(file)).unwrap();
    Ok(match plan.change.files.as_slice() {
        [edit] => edit.apply(&text),
        _ => plan.notes.join("\n"),
    })
}

fn annotated(name: Option<&str>, requirement: &str) -> String {
    required(ANNOTATED, "app/items.py", name, requirement).unwrap()
}

#[test]
fn a_parameter_is_named_by_the_projects_alias() {
    let text = annotated(Some("read_item"), "user");
    let wanted = "def read_item(\n    item_id: int, current_user: CurrentUser, q: str = Query(default=\"\")\n) -> str:\n    return q\n";
    assert!(text.contains(wanted), "{text}");
    assert!(text.contains("from app.deps import CurrentUser\n"), "{text}");
    let text = annotated(Some("list_items"), "user");
    assert!(
        text.contains("def list_items(current_user: CurrentUser) -> list[str]:"),
        "{text}"
    );
}

#[test]
fn without_an_alias_it_is_annotated_where_the_project_annotates() {
    let text = annotated(Some("delete_item"), "admin");
    let wanted = "async def delete_item(\n    item_id: int, current_user: Annotated[User, Depends(get_current_active_superuser)]\n) -> None:\n    pass\n";
    assert!(text.contains(wanted), "{text}");
    assert!(text.contains("from typing import Annotated\n"), "{text}");
    assert!(text.contains("from app.models import User\n"), "{text}");
}

#[test]
fn administrators_are_let_in_by_what_the_project_has_for_that() {
    for name in ["admin_required", "verify_admin", "only_superusers", "get_admin"] {
        let project = ANNOTATED.replace("get_current_active_superuser", name);
        let raising = project.replace(
            &format!("def {name}(user: CurrentUser) -> User:\n"),
            &format!("def {name}(user: CurrentUser) -> User:\n    if not user:\n        raise HTTPException(403)\n"),
        );
        assert_ne!(project, raising);
        let text = required(&raising, "app/items.py", Some("delete_item"), "admin").unwrap();
        assert!(text.contains(&format!("Depends({name})]")), "{name}: {text}");
    }
    // What answers whether someone is one, or is handed a user, guards nothing.
    for (name, parameters, body) in [
        ("is_admin", "user: CurrentUser", "return True"),
        ("check_admin", "user: User", "raise HTTPException(403)"),
    ] {
        let project = ANNOTATED.replace(
            "get_current_active_superuser(user: CurrentUser) -> User:\n",
            &format!("{name}({parameters}) -> User:\n    {body}\n"),
        );
        assert_ne!(project, ANNOTATED);
        let refusal = required(&project, "app/items.py", Some("delete_item"), "admin").unwrap_err();
        assert!(refusal.contains("no dependency gives an administrator"), "{refusal}");
    }
}

#[test]
fn roles_and_scopes_stand_in_the_decorator() {
    let text = annotated(Some("delete_item"), "role=editor");
    let wanted = "@router.delete(\n    \"/{item_id}\", status_code=204, dependencies=[Depends(require_role(\"editor\"))]\n)\nasync def delete_item(item_id: int) -> None:\n    pass\n";
    assert!(text.contains(wanted), "{text}");
    let text = annotated(Some("list_items"), "scopes=items:read,items:list");
    let wanted = "dependencies=[Security(get_current_user, scopes=[\"items:read\", \"items:list\"])]";
    assert!(text.replace("\n    ", "").contains(wanted), "{text}");
}

#[test]
fn a_factory_that_returns_depends_is_not_wrapped_in_another() {
    let factory = "def require_scopes(*scopes: str):\n    return Security(get_current_user, scopes=list(scopes))\n";
    for (factory, wanted) in [
        (factory, "dependencies=[require_scopes(\"read\")]"),
        (
            "def require_scopes(*scopes: str):\n    def check(): ...\n\n    return check\n",
            "dependencies=[Depends(require_scopes(\"read\"))]",
        ),
    ] {
        let project = ANNOTATED.replace("def require_role", &format!("{factory}\n\ndef require_role"));
        let text = required(&project, "app/items.py", Some("list_items"), "scopes=read").unwrap();
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn who_is_told_already_is_not_told_again() {
    let known = ANNOTATED.replace("def list_items()", "def list_items(current_user: CurrentUser)");
    let text = required(&known, "app/items.py", Some("list_items"), "admin").unwrap();
    let wanted = "@router.get(\"\", dependencies=[Depends(get_current_active_superuser)])\ndef list_items(current_user: CurrentUser) -> list[str]:";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn what_the_project_has_in_lists_stands_in_a_list() {
    let listed = ANNOTATED.replace(
        "@router.get(\"\")",
        "@router.get(\"\", dependencies=[Depends(get_current_active_superuser)])",
    );
    let text = required(&listed, "app/items.py", Some("delete_item"), "admin").unwrap();
    assert!(text.contains("async def delete_item(item_id: int) -> None:"), "{text}");
    let lists = text
        .matches("dependencies=[Depends(get_current_active_superuser)]")
        .count();
    assert_eq!(lists, 2, "{text}");
}

#[test]
fn a_router_asks_for_all_of_its_path_operations() {
    let text = annotated(None, "user");
    assert!(
        text.contains("router = APIRouter(prefix=\"/items\", dependencies=[Depends(get_current_user)])\n"),
        "{text}"
    );
    let text = required(DEFAULTS, "main.py", Some("notes"), "user").unwrap();
    let wanted = "dependencies=[Depends(oauth2), Depends(get_current_user)]";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_project_that_writes_defaults_gets_one() {
    let text = required(DEFAULTS, "main.py", Some("list_notes"), "user").unwrap();
    let wanted = "def list_notes(\n    limit: int = 10,\n    current_user: User = Depends(get_current_user),  # at most\n) -> list[str]:\n";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn what_is_required_already_is_not_required_again() {
    let guarded = ANNOTATED.replace("def list_items()", "def list_items(user: CurrentUser)");
    let notes = required(&guarded, "app/items.py", Some("list_items"), "user").unwrap();
    assert_eq!(notes, "`list_items` requires it already");
}

#[test]
fn what_can_not_be_required_is_told() {
    for (fixture, file, name, requirement, reason) in [
        (
            ANNOTATED,
            "app/items.py",
            Some("read_item"),
            "active",
            "no dependency gives the active user: there is `get_current_user` (user)",
        ),
        (
            ANNOTATED,
            "app/items.py",
            Some("nothing"),
            "user",
            "no path operation, router or app `nothing`",
        ),
        (
            DEFAULTS,
            "main.py",
            Some("app"),
            "user",
            "`app` serves the login itself (/login)",
        ),
        (
            ANNOTATED,
            "app/items.py",
            None,
            "someone",
            "`someone` is none of user, active, admin",
        ),
    ] {
        let refusal = required(fixture, file, name, requirement).unwrap_err();
        assert!(refusal.contains(reason), "{refusal}");
    }
    let without = "#- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n";
    let refusal = required(without, "main.py", None, "user").unwrap_err();
    assert!(refusal.contains("add auth with `routewright add auth`"), "{refusal}");
    let optional = ANNOTATED.replace("get_current_active_superuser", "get_current_user_or_none");
    let refusal = required(&optional, "app/items.py", None, "optional").unwrap_err();
    assert!(refusal.contains("name a path operation"), "{refusal}");
}

const MODULES: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import items

app = FastAPI()
app.include_router(items.router)
#- /app/models/__init__.py
from app.models.user import User as User
#- /app/models/user.py
class User:
    is_active: bool
#- /app/deps.py
from typing import Optional

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer

from app import models

oauth2 = OAuth2PasswordBearer(tokenUrl=\"login\")


def get_current_user(token: str = Depends(oauth2)) -> models.User:
    return models.User()


def get_current_user_optional(token: str = Depends(oauth2)) -> Optional[models.User]:
    return None
#- /app/items.py
from fastapi import APIRouter, Depends

from app import deps, models

router = APIRouter(prefix=\"/items\")


@router.get(\"/\")
def read_items(q: str = \"\") -> str:
    return q


@router.get(\"/mine\")
def read_own(me: models.User = Depends(deps.get_current_user)) -> str:
    return \"\"
";

#[test]
fn a_user_of_a_module_is_imported_by_the_module() {
    let text = required(MODULES, "app/items.py", Some("read_items"), "user").unwrap();
    assert!(text.contains("user: models.User = Depends(get_current_user)"), "{text}");
    assert!(!text.contains("import models.User"), "{text}");
    let text = required(MODULES, "app/items.py", Some("read_items"), "optional").unwrap();
    assert!(
        text.contains("Optional[models.User] = Depends(get_current_user_optional)"),
        "{text}"
    );
    assert!(text.contains("from typing import Optional"), "{text}");
}

#[test]
fn who_is_asked_for_through_a_module_is_asked_for() {
    let notes = required(MODULES, "app/items.py", Some("read_own"), "user").unwrap();
    assert!(notes.contains("requires it already"), "{notes}");
}
