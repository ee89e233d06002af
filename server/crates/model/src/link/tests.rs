//! Wiring as projects write it, and the table that FastAPI makes of it.

use crate::testing::{Memory, check, table};

#[test]
fn decorators_on_an_app() {
    check(
        r#"
from fastapi import FastAPI
app = FastAPI()

@app.get("/")
async def root():
    return {}

@app.api_route("/both", methods=["GET", "POST"])
def both(): ...

@app.post("/a")
@app.put("/b")
def stacked(): ...
"#,
        "main:app GET / -> main.root
         main:app GET /both -> main.both
         main:app POST /both -> main.both
         main:app PUT /b -> main.stacked
         main:app POST /a -> main.stacked",
    );
}

#[test]
fn nested_includes_with_settings() {
    check(
        r#"
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI
from app.api.main import api_router
from app.core.config import settings
app = FastAPI()
app.include_router(api_router, prefix=settings.API_V1_STR)
#- /app/core/__init__.py
#- /app/core/config.py
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    API_V1_STR: str = "/api/v1"
settings = Settings()
#- /app/api/__init__.py
#- /app/api/main.py
from fastapi import APIRouter
from app.api.routes import items
from .routes import users as people
api_router = APIRouter()
api_router.include_router(items.router, prefix="/items", tags=["items"])
api_router.include_router(people.router)
#- /app/api/routes/__init__.py
#- /app/api/routes/items.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/{item_id}")
def read_item(item_id: int): ...
#- /app/api/routes/users.py
import fastapi
PATH = "/me"
router = fastapi.APIRouter(prefix="/users")
@router.get(f"{PATH}/x")
def me(): ...
@router.websocket("/ws")
async def ws(): ...
"#,
        "app.main:app GET /api/v1/items/{item_id} -> app.api.routes.items.read_item
         app.main:app GET /api/v1/users/me/x -> app.api.routes.users.me
         app.main:app WEBSOCKET /api/v1/users/ws -> app.api.routes.users.ws",
    );
}

#[test]
fn one_router_included_twice_and_one_never() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
router = APIRouter()
lonely = APIRouter()
@router.get("/x")
def x(): ...
@lonely.get("/y")
def y(): ...
app = FastAPI()
for version in ("v1", "v2"):
    app.include_router(router, prefix="/" + version)
"#,
        "main:app GET /v1/x -> main.x
         main:app GET /v2/x -> main.x",
    );
}

#[test]
fn factories_and_helpers() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
def wire(target, *routers, **kwargs):
    for router in routers:
        target.include_router(router, **kwargs)
def make(prefix: str) -> APIRouter:
    router = APIRouter(prefix=prefix)
    @router.get("/list")
    def endpoint(): ...
    router.add_api_route("/add", endpoint, methods=["POST"])
    return router
def create_app():
    app = FastAPI()
    wire(app, make("/a"), make("/b"), prefix="/api")
    return app
"#,
        "main:create_app() GET /api/a/list -> main.make.<locals>.endpoint
         main:create_app() POST /api/a/add -> main.make.<locals>.endpoint
         main:create_app() GET /api/b/list -> main.make.<locals>.endpoint
         main:create_app() POST /api/b/add -> main.make.<locals>.endpoint",
    );
}

#[test]
fn mounts_and_starlette_tables() {
    check(
        r#"
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.routing import Route, Mount, Router
def page(request): ...
sub = FastAPI()
@sub.get("/s")
def s(): ...
app = FastAPI(routes=[Route("/page", page), Mount("/m", routes=[Route("/n", page, methods=["POST"])])])
app.mount("/sub/", sub)
app.mount("/static", StaticFiles(directory="static"), name="static")
"#,
        "main:sub GET /s -> main.s
         main:app GET /page -> main.page
         main:app POST /m/n -> main.page
         main:app GET /sub/s -> main.s
         main:app MOUNT /static -> -",
    );
}

#[test]
fn subclasses_that_change_what_is_registered() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
class Slashless(APIRouter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="/s", **kwargs)
    def add_api_route(self, path, endpoint, **kwargs):
        super().add_api_route(path.rstrip("/"), endpoint, **kwargs)
        super().add_api_route(path.rstrip("/") + "/", endpoint, include_in_schema=False, **kwargs)
router = Slashless(tags=["s"])
@router.get("/x/")
def x(): ...
app = FastAPI()
app.include_router(router)
"#,
        "main:app GET /s/x -> main.x
         main:app GET /s/x/ -> main.x",
    );
}

#[test]
fn class_based_registration() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
class Controller:
    prefix = "/c"
    def __init__(self):
        self.router = APIRouter(prefix=self.prefix)
        self.router.add_api_route("/list", self.list, methods=["GET"])
    def list(self): ...
class Other(Controller):
    prefix = "/o"
app = FastAPI()
for controller in [Controller(), Other()]:
    app.include_router(controller.router)
"#,
        "main:app GET /c/list -> main.Controller.list
         main:app GET /o/list -> main.Controller.list",
    );
}

#[test]
fn late_routes_count_since_0_137() {
    let fixture = r#"
from fastapi import APIRouter, FastAPI
app = FastAPI()
router = APIRouter()
@router.get("/early")
def early(): ...
app.include_router(router)
@router.get("/late")
def late(): ...
"#;
    let mut memory = Memory::new(fixture);
    assert!(table(&memory.link()).contains("/late"));
    memory.version = crate::FastApiVersion {
        major: 0,
        minor: 136,
        patch: 3,
    };
    assert!(!table(&memory.link()).contains("/late"));
}

#[test]
fn apps_do_not_mix() {
    check(
        r#"
#- /one.py
from fastapi import FastAPI
from shared import router
app = FastAPI()
app.include_router(router)
#- /two.py
from fastapi import FastAPI
from shared import router
import extra
app = FastAPI()
app.include_router(router)
#- /shared.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/s")
def s(): ...
#- /extra.py
from shared import router
@router.get("/e")
def e(): ...
"#,
        "one:app GET /s -> shared.s
         two:app GET /s -> shared.s
         two:app GET /e -> extra.e",
    );
}

#[test]
fn requirements_look_through_dependencies() {
    let model = Memory::new(
        r#"
from typing import Annotated
from fastapi import Depends, FastAPI, Header, Query
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
class Page(BaseModel):
    limit: int = 10
    offset: int
class Item(BaseModel):
    name: str
class Pager:
    def __init__(self, page_token: str | None = None): ...
oauth = OAuth2PasswordBearer(tokenUrl="t")
def get_user(token: Annotated[str, Depends(oauth)], user_id: int, x_tenant: Annotated[str, Header()]): ...
User = Annotated[dict, Depends(get_user)]
app = FastAPI()
@app.post("/users/{user_id}")
def create(user: User, item: Item, page: Annotated[Page, Query()], pager: Annotated[Pager, Depends()], q: str = "") -> Item: ...
"#,
    )
    .link();
    let found = model.requirements(&model.routes[0]);
    let shown: Vec<String> = found
        .parameters
        .iter()
        .map(|p| {
            format!(
                "{} {}{}",
                p.place_in.as_str(),
                p.name,
                if p.required { "" } else { "?" }
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "path user_id",
            "header x-tenant",
            "body item",
            "query limit?",
            "query offset",
            "query page_token?",
            "query q?"
        ]
    );
    assert_eq!(found.incomplete, None);
    assert_eq!(
        found.security.iter().map(|s| s.as_ref()).collect::<Vec<_>>(),
        ["OAuth2PasswordBearer"]
    );
    assert_eq!(found.dependencies.len(), 3);
}

#[test]
fn a_prefix_counts_as_it_was_when_a_route_was_registered() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
router = APIRouter(prefix="/a")
@router.get("/x")
def x(): ...
router.prefix = ""
app = FastAPI()
app.include_router(router)
"#,
        "main:app GET /a/x -> main.x",
    );
}

#[test]
fn a_package_runs_before_its_modules() {
    check(
        r#"
#- /early.py
import app.items
#- /app/__init__.py
from fastapi import FastAPI
from . import items
app = FastAPI()
app.include_router(items.router)
#- /app/items.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/x")
def x(): ...
"#,
        "app:app GET /x -> app.items.x",
    );
}

#[test]
fn work_is_bounded() {
    let chain = "x = ''".to_owned() + &" + 'a'".repeat(60_000) + "\n";
    let ladder = "if unknown():\n    pass\n".to_owned() + &"elif unknown():\n    pass\n".repeat(8_000);
    let deep = "t = ()\nfor i in range(4000):\n    for j in range(4000):\n        t = (t,)\n";
    let calls = "def f(n):\n    return n and f(n) + f(n) + f(n)\ny = f(1)\ndef g(x=None):\n    while True:\n        x = [x]\ng()\n";
    let app = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n@app.get('/x')\ndef x(): ...\n";
    let own = "r = APIRouter()\napp.include_router(r)\nfor i in range(10**9):\n    app.include_router(r)\n";
    for noise in [chain.as_str(), ladder.as_str(), deep, calls] {
        let model = Memory::new(&format!("{noise}{app}{own}")).link();
        assert!(table(&model).starts_with("main:app GET /x -> main.x\n"));
    }
}

#[test]
fn factories_that_nobody_calls() {
    check(
        r#"
from functools import wraps
from fastapi import APIRouter, FastAPI
def prepared(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
@prepared
def decorated():
    return inner(FastAPI())
def inner(app):
    app.add_api_route("/inner", inner)
    return app
def outer(settings):
    app = FastAPI()
    app.mount("/sub", part())
    return app
def part():
    app = FastAPI()
    @app.get("/part")
    def read(): ...
    return app
class App(FastAPI):
    @staticmethod
    def create(blocks):
        app = App()
        @app.get("/static")
        def static(): ...
        return app
class Server:
    def __init__(self, host):
        self.router = APIRouter()
        self.app = FastAPI()
        if not host:
            raise ValueError
    def serve(self):
        self.router.add_api_route("/status", self.status)
        self.app.include_router(self.router)
    async def status(self): ...
"#,
        "main:decorated() GET /inner -> main.inner
         main:outer(...) GET /sub/part -> main.part.<locals>.read
         main:App.create(...) GET /static -> main.App.create.<locals>.static
         main:Server(...).app GET /status -> main.Server.status",
    );
}

#[test]
fn factories_around_factories() {
    check(
        r#"
#- /a/build.py
from fastapi import FastAPI
def _base(title):
    app = FastAPI(title=title)
    @app.get("/base")
    def base(): ...
    return app
def build(settings):
    app = FastAPI()
    @app.get("/built")
    def built(): ...
    return app
def plain():
    app = FastAPI()
    @app.get("/plain")
    def read(): ...
    return app
def only_private(title):
    app = _base(title)
    app.add_api_route("/more", only_private)
    return app
#- /b/main.py
from a.build import build, only_private, plain
def create_app():
    return build({})
def same():
    return plain()
def more():
    app = plain()
    wire(app)
    return app
def wire(app):
    app.add_api_route("/wired", wire)
def serve():
    run(plain())
def outermost(flag=True):
    app = only_private("x")
    return app
"#,
        "a.build:plain() GET /plain -> a.build.plain.<locals>.read
         b.main:outermost() GET /base -> a.build._base.<locals>.base
         b.main:outermost() GET /more -> a.build.only_private
         b.main:create_app() GET /built -> a.build.build.<locals>.built",
    );
}

#[test]
fn lists_of_routes() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
app = FastAPI()
router = APIRouter(prefix="/r", tags=["r"])
@router.get("/a")
def a(): ...
@router.get("/b")
def b(): ...
@router.post("/b")
def c(): ...
for route in list(router.routes):
    if isinstance(route, APIRoute) and "POST" in route.methods:
        router.routes.remove(route)
    elif route.path == "/r/b":
        route.path = "/renamed"
other = APIRouter()
other.routes = [route for route in router.routes if route.endpoint is b]
app.include_router(other, prefix="/o")
app.include_router(router)
app.router.routes.extend(other.routes)
"#,
        "main:app GET /o/renamed -> main.b
         main:app GET /r/a -> main.a
         main:app GET /renamed -> main.b
         main:app GET /renamed -> main.b",
    );
}

#[test]
fn discovery_on_disk() {
    check(
        r#"
#- /app/__init__.py
#- /app/main.py
import importlib, os, pkgutil
from pathlib import Path
from fastapi import FastAPI
from app import routes, plugins
app = FastAPI()
for info in pkgutil.iter_modules(routes.__path__):
    app.include_router(importlib.import_module(f"{routes.__name__}.{info.name}").router)
for file in sorted(Path(__file__).parent.joinpath("plugins").glob("*.py")):
    if file.stem != "__init__":
        module = importlib.import_module(f"app.plugins.{file.stem}")
        app.include_router(module.router, prefix="/plugins")
for name in sorted(os.listdir(os.path.join(os.path.dirname(__file__), "more"))):
    if name.endswith(".py"):
        module = importlib.import_module("app.more." + name[:-3])
        module.register(app)
#- /app/routes/__init__.py
#- /app/routes/items.py
from fastapi import APIRouter
router = APIRouter(prefix="/items")
@router.get("")
def items(): ...
#- /app/plugins/__init__.py
#- /app/plugins/hello.py
from fastapi import APIRouter
router = APIRouter()
@router.get("/hello")
def hello(): ...
#- /app/more/late.py
def register(target):
    target.add_api_route("/late", late)
def late(): ...
"#,
        "app.main:app GET /items -> app.routes.items.items
         app.main:app GET /plugins/hello -> app.plugins.hello.hello
         app.main:app GET /late -> app.more.late.late",
    );
}

#[test]
fn generators_slices_and_defaults_of_fields() {
    check(
        r#"
from contextlib import contextmanager
from dataclasses import dataclass, field
from fastapi import APIRouter, FastAPI
def names():
    yield "a"
    yield from ["b", "c"]
@dataclass
class Views:
    prefix: str
    router: APIRouter = field(default_factory=APIRouter)
    def __post_init__(self):
        self.router.add_api_route(self.prefix, self.read)
    def read(self): ...
@contextmanager
def version(app, name):
    router = APIRouter()
    yield router
    app.include_router(router, prefix=name)
app = FastAPI()
for name in list(names())[1:]:
    app.include_router(Views("/" + name).router)
with version(app, "/v1") as v1:
    v1.add_api_route("/x", names)
"#,
        "main:app GET /b -> main.Views.read
         main:app GET /c -> main.Views.read
         main:app GET /v1/x -> main.names",
    );
}

#[test]
fn class_based_views() {
    check(
        r#"
import inspect
from fastapi import APIRouter, FastAPI
from starlette.routing import Route, WebSocketRoute
def controller(router):
    def decorator(cls):
        members = inspect.getmembers(cls, inspect.isfunction)
        numbered = {
            route.endpoint: (i, route) for i, route in enumerate(router.routes) if isinstance(route, Route | WebSocketRoute)
        }
        length = len(router.prefix)
        moved = []
        for _, function in members:
            found = numbered.get(function)
            if found is None:
                continue
            _, route = found
            route.path = route.path[length:]
            moved.append(found)
            router.routes.remove(route)
        moved.sort(key=lambda pair: pair[0])
        inner = APIRouter()
        inner.routes = [route for _, route in moved]
        prefix = router.prefix
        router.prefix = ""
        router.include_router(inner, prefix=prefix)
        return cls
    return decorator
router = APIRouter(prefix="/items")
@controller(router)
class Views:
    def helper(self): ...
    @router.get("")
    def read_all(self): ...
    @router.get("/{item_id}")
    def read(self, item_id: int): ...
app = FastAPI()
app.include_router(router)
"#,
        "main:app GET /items -> main.Views.read_all
         main:app GET /items/{item_id} -> main.Views.read",
    );
}

#[test]
fn branches_on_the_version_of_python_are_decided_where_it_is_known() {
    const TEXT: &str = r#"
#- /a.py
import sys
from fastapi import FastAPI
app = FastAPI()
if sys.version_info >= (3, 12):
    @app.get("/new")
    def new(): ...
else:
    @app.get("/old")
    def old(): ...
if sys.version_info[:2] == (3, 12) and sys.version_info > (3, 12) and sys.version_info[0] == 3:
    @app.get("/exact")
    def exact(): ...
if sys.version_info >= (3, 12, 4):
    @app.get("/patch")
    def patch(): ...
"#;
    let mut memory = Memory::new(TEXT);
    memory.python = Some((3, 12));
    let expected = "a:app GET /new -> a.new\na:app GET /exact -> a.exact\n? a:app GET /patch -> a.patch\n";
    assert_eq!(table(&memory.link()), expected);
    memory.python = Some((3, 11));
    assert_eq!(table(&memory.link()), "a:app GET /old -> a.old\n");
    memory.python = None;
    assert_eq!(table(&memory.link()).lines().count(), 4);
}
