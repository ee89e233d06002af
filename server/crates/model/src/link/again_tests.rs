//! Linking again after a change gives what a fresh start gives.

use super::Wiring;
use crate::{
    Model,
    testing::{Memory, table},
};

const PROJECT: &str = r#"
#- /app/__init__.py
#- /app/main.py
from fastapi import Depends, FastAPI
from app.api import router
from app.deps import guard
from app.kept import paths, settings
from app.registry import ROUTERS
import app.plugin
app = FastAPI(dependencies=[Depends(guard)])
app.include_router(router, prefix="/api")
for extra in ROUTERS:
    app.include_router(extra)
for path in paths():
    app.get(path + settings().suffix)(guard)
#- /app/kept.py
from functools import lru_cache
class Settings:
    suffix = "/kept"
@lru_cache
def settings(): return Settings()
@lru_cache(maxsize=None)
def paths(): return []
#- /app/api.py
from fastapi import APIRouter
from app import items, users
router = APIRouter()
router.include_router(items.router)
router.include_router(users.router, prefix="/users")
#- /app/items.py
from fastapi import APIRouter, Depends
from app.deps import Session, guard
from app.schemas import Item
router = APIRouter(prefix="/items")
@router.get("/{item_id}")
def read(item_id: int, session: Session) -> Item: ...
@router.post("/", dependencies=[Depends(guard)])
def create(item: Item): ...
#- /app/users.py
from fastapi import APIRouter
from app.deps import Session
from app.kept import settings
router = APIRouter(tags=[settings().suffix])
@router.get("/me")
def me(session: Session): ...
#- /app/deps.py
from typing import Annotated
from fastapi import Depends
class Db: ...
def get_db(): yield Db()
def guard(x: str): ...
Session = Annotated[Db, Depends(get_db)]
#- /app/schemas.py
from pydantic import BaseModel
class Item(BaseModel):
    name: str
#- /app/registry.py
ROUTERS = []
#- /app/plugin.py
from fastapi import APIRouter
from app.kept import paths
from app.registry import ROUTERS
router = APIRouter()
paths().append("/first")
@router.get("/plugin")
def plugin(): ...
ROUTERS.append(router)
"#;

/// Everything a model says, without the numbers that it uses inside.
fn told(model: &Model) -> String {
    let mut told = table(model);
    for route in &model.routes {
        let needs = model.requirements(route);
        for parameter in &needs.parameters {
            told.push_str(&format!(
                "{} {:?} {}\n",
                parameter.name, parameter.place_in, parameter.required
            ));
        }
        for node in &needs.dependencies {
            let name = node.callable.map(|id| model.callables[id.0 as usize].name.clone());
            told.push_str(&format!("{name:?} {}\n", node.depth));
        }
        let returned = route
            .operation
            .and_then(|id| model.operations[id.0 as usize].response_model.clone());
        for schema in returned.iter().flat_map(|ty| &ty.schemas) {
            told.push_str(&format!("{}\n", model.schemas[schema.0 as usize].fields.len()));
        }
    }
    let mut live = vec![
        format!("routers {}", model.routers.iter().count()),
        format!("operations {}", model.operations.iter().count()),
        format!("depends {}", model.depends.iter().count()),
        format!("callables {}", model.callables.iter().count()),
        format!("schemas {}", model.schemas.iter().count()),
    ];
    live.extend(
        model
            .routers
            .iter()
            .map(|router| format!("{:?} {} {:?}", router.name, router.escapes, router.incomplete)),
    );
    live.sort();
    told + &live.join("\n")
}

#[test]
fn linking_again_is_as_linking_afresh() {
    let edits = [
        (
            "app.items",
            "from fastapi import APIRouter\nrouter = APIRouter(prefix=\"/things\")\n@router.get(\"/x\")\ndef x(): ...\n",
        ),
        (
            "app.users",
            "from fastapi import APIRouter\nfrom app.deps import Session, guard\nrouter = APIRouter()\n@router.get(\"/you\")\ndef you(session: Session, x: int): ...\n",
        ),
        (
            "app.schemas",
            "from pydantic import BaseModel\nclass Item(BaseModel):\n    name: str\n    price: int\n",
        ),
        (
            "app.deps",
            "from typing import Annotated\nfrom fastapi import Depends\nclass Db: ...\ndef get_db(q: int): yield Db()\ndef guard(y: str): ...\nSession = Annotated[Db, Depends(get_db)]\n",
        ),
        (
            "app.plugin",
            "from fastapi import APIRouter\nfrom app.registry import ROUTERS\nrouter = APIRouter()\n@router.get(\"/other\")\ndef other(): ...\nROUTERS.append(router)\n",
        ),
        ("app.registry", "ROUTERS = [] + []\n"),
        (
            "app.plugin",
            "from app.kept import paths, settings\npaths().append(\"/second\")\nsettings().suffix = \"/changed\"\n",
        ),
        (
            "app.kept",
            "from functools import cache\nclass Settings:\n    suffix = \"/new\"\n@cache\ndef settings(): return Settings()\n@cache\ndef paths(): return [\"/own\"]\n",
        ),
        (
            "app.api",
            "from fastapi import APIRouter\nfrom app import items\nrouter = APIRouter()\nrouter.include_router(items.router)\nrouter.include_router(items.router, prefix=\"/twice\")\n",
        ),
        ("app.users", ""),
        (
            "app.items",
            "from fastapi import APIRouter\nfrom app.registry import ROUTERS\nrouter = APIRouter()\nROUTERS.append(router)\n@router.get(\"/late\")\ndef late(): ...\n",
        ),
        (
            "app.users",
            "from fastapi import APIRouter, FastAPI\nrouter = APIRouter()\ndef build(x):\n    app = FastAPI()\n    app.add_api_route(\"/b\", build)\n    return app\n",
        ),
        (
            "app.plugin",
            "from app.users import build\ndef create():\n    return build(1)\n",
        ),
        (
            "app.plugin",
            "from app.users import build\ndef create():\n    return 1\n",
        ),
        (
            "app.items",
            "from app.deps import guard\nfrom fastapi import APIRouter\nrouter = APIRouter()\n@router.get(\"/p\")\ndef p(): ...\n",
        ),
    ];
    let mut memory = Memory::new(PROJECT);
    let mut wiring = Wiring::default();
    wiring.link(&memory, None);
    for (name, text) in edits {
        let file = memory.set(name, text);
        let again = wiring.link(&memory, Some(&[file].into_iter().collect()));
        assert_eq!(told(&again), told(&memory.link()), "after a change of {name}");
    }
}

#[test]
fn only_the_changed_module_and_its_importers_run_again() {
    let mut memory = Memory::new(PROJECT);
    let mut wiring = Wiring::default();
    wiring.link(&memory, None);
    let file = memory.set("app.users", "from fastapi import APIRouter\nrouter = APIRouter()\n");
    let heap = &wiring.state.as_ref().unwrap().heap;
    let modules = heap.dependents(&[file].into_iter().collect());
    assert_eq!(modules.len(), 3, "users, api and main");
    assert!(heap.is_separate(&modules));
    wiring.link(&memory, Some(&[file].into_iter().collect()));
    assert_eq!(wiring.state.as_ref().unwrap().links, 1);
}
