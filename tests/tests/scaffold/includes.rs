//! Where a router is included: beside its neighbours, below the path that they are served below.

use crate::case::analyse;
use ide::{RouterRequest, ScaffoldRequest};
use testkit::Project;

/// The files of a project after a router `reports` was added, by their paths.
fn added(fixture: &str) -> Vec<(String, String)> {
    let project = Project::from_fixture(fixture);
    let root = project.root().to_path_buf();
    let request = RouterRequest {
        name: "reports".to_owned(),
        prefix: None,
        tag: None,
    };
    let analysis = analyse(&root);
    let plan = analysis.scaffold(&root, &ScaffoldRequest::Router(request)).unwrap();
    let name = |path: &std::path::Path| path.strip_prefix(&root).unwrap().display().to_string();
    let changed = plan.change.files.iter().map(|edit| {
        let path = analysis.path(edit.file);
        (name(&path), edit.apply(&std::fs::read_to_string(&path).unwrap()))
    });
    let created = plan
        .change
        .creations
        .iter()
        .map(|(path, text)| (name(path), text.clone()));
    changed.chain(created).collect()
}

fn text<'t>(files: &'t [(String, String)], path: &str) -> &'t str {
    let found = files.iter().find(|(name, _)| name == path);
    found.map_or_else(|| panic!("{path} is not among {files:?}"), |(_, text)| text)
}

const ITEMS: &str = "\
#- /app/__init__.py
#- /app/routers/__init__.py
#- /app/routers/items.py
from fastapi import APIRouter

router = APIRouter()


@router.get(\"/items\")
def read_items() -> None: ...
#- /app/routers/login.py
from fastapi import APIRouter

router = APIRouter()


@router.post(\"/token\")
def log_in() -> None: ...
";

#[test]
fn what_neighbours_are_served_below_is_a_prefix_too() {
    let main = "\
#- /app/main.py
from fastapi import FastAPI

from app.routers import items, login

app = FastAPI()
app.include_router(items.router, prefix=\"/api/v1\", tags=[\"items\"])
app.include_router(login.router, prefix=\"/api\", tags=[\"login\"])
";
    let files = added(&format!("{ITEMS}{main}"));
    let wanted = "app.include_router(reports.router, prefix=\"/api/v1/reports\", tags=[\"reports\"])\n";
    assert!(text(&files, "app/main.py").ends_with(wanted), "{files:?}");
}

#[test]
fn a_router_for_one_thing_is_no_parent_of_another() {
    let part = |name: &str| {
        format!(
            "#- /app/{name}/__init__.py\n#- /app/{name}/api.py\nfrom fastapi import APIRouter\n\nfrom app.routers.{name} import router as own\n\nrouter = APIRouter()\nrouter.include_router(own, prefix=\"/api/v1/{name}\", tags=[\"{name}\"])\n"
        )
    };
    let main = "\
#- /app/main.py
from fastapi import FastAPI

from app.items.api import router as items_router
from app.login.api import router as login_router


def init_routers(app: FastAPI) -> None:
    app.include_router(items_router)
    app.include_router(login_router)


app = FastAPI()
init_routers(app)
";
    let files = added(&format!("{ITEMS}{}{}{main}", part("items"), part("login")));
    let wanted = "    app.include_router(login_router)\n    app.include_router(reports_router, prefix=\"/api/v1\")\n";
    assert!(text(&files, "app/main.py").contains(wanted), "{files:?}");
}

#[test]
fn what_runs_once_for_each_of_several_is_no_place() {
    let main = "\
#- /app/main.py
from fastapi import APIRouter, FastAPI

from app.routers import items, login

app = FastAPI()
app.include_router(items.router)


def inject(plugin: APIRouter, target: APIRouter) -> None:
    target.include_router(plugin)


for plugin in [login.router]:
    inject(plugin, app)
";
    let files = added(&format!("{ITEMS}{main}"));
    let wanted = "app.include_router(items.router)\napp.include_router(reports.router)\n";
    assert!(text(&files, "app/main.py").contains(wanted), "{files:?}");
}

#[test]
fn an_app_that_only_holds_others_includes_nothing() {
    let main = "\
#- /app/main.py
from fastapi import FastAPI

from app.routers import items

app = FastAPI()
api = FastAPI()
api.include_router(items.router)
app.mount(\"/api/v1\", api)
";
    let files = added(&format!("{ITEMS}{main}"));
    let wanted = "api.include_router(items.router)\napi.include_router(reports.router)\n";
    assert!(text(&files, "app/main.py").contains(wanted), "{files:?}");
}
