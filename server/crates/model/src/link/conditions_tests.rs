//! What is conditional: undecided branches, settings, what is installed, what runs later.

use crate::testing::{Memory, check};

#[test]
fn a_dependency_that_both_branches_define_is_one_of_which_little_is_known() {
    let model = Memory::new(
        r#"
import os
from fastapi import Depends, FastAPI
app = FastAPI()
if os.environ["MODE"] == "open":
    def authenticated() -> bool: ...
    def anyone() -> bool: ...
    user = anyone
else:
    def authenticated(token: str) -> bool: ...
    def known() -> bool: ...
    user = known
@app.get("/x")
def x(ok: bool = Depends(authenticated), user: bool = Depends(user)): ...
"#,
    )
    .link();
    let needs = model.requirements(&model.routes[0]);
    let named: Vec<_> = needs
        .dependencies
        .iter()
        .filter_map(|node| node.callable.map(|id| &model.callables[id.0 as usize]))
        .collect();
    assert_eq!(named.len(), 1);
    assert_eq!(&*named[0].name, "main.authenticated");
    assert_eq!(named[0].def, None);
    let why = named[0].opaque.as_ref().unwrap();
    assert!(why.text.contains("which of several functions"), "{}", why.text);
}

#[test]
fn conditions() {
    check(
        r#"
import os
from fastapi import APIRouter, FastAPI
app = FastAPI()
router = APIRouter()
@router.get("/x")
def x(): ...
if os.getenv("FLAG"):
    app.include_router(router, prefix="/flag")
try:
    import missing_library
    from missing.library import thing
    app.include_router(router, prefix="/never")
except ImportError:
    app.include_router(router, prefix="/fallback")
if os.environ["MODE"] == "a":
    PREFIX = "/a"
else:
    PREFIX = "/b"
@app.get(PREFIX + "/y")
def y(): ...
app.include_router(router, prefix=os.environ["PREFIX"])
"#,
        "? main:app GET /flag/x -> main.x
         main:app GET /fallback/x -> main.x
         main:app GET …/y -> main.y
         main:app GET …/x -> main.x
         unresolved GET …/y: it depends on a condition that is not decided before the program runs
         unresolved app.include_router(router, prefix=os.environ[\"PREFIX\"]): the value of os.environ['PREFIX'] is not known before the program runs; 1 route is below it",
    );
}

#[test]
fn what_settings_rule_out_is_conditional() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    debug: bool = False
    open: bool = True
settings = Settings()
app = FastAPI()
private = APIRouter()
@private.get("/p")
def p(): ...
public = APIRouter()
@public.get("/o")
def o(): ...
if settings.debug:
    app.include_router(private)
if settings.open:
    app.include_router(public)
DEBUG = settings.debug
if DEBUG:
    @app.get("/d")
    def d(): ...
"#,
        "? main:app GET /p -> main.p
         ? main:app GET /o -> main.o
         ? main:app GET /d -> main.d",
    );
}

#[test]
fn environment_without_a_default() {
    check(
        r#"
import os
from fastapi import FastAPI
app = FastAPI()
def prefixed(route):
    if prefix := os.environ.get("PREFIX"):
        return prefix.rstrip("/") + route
    return route
@app.get(prefixed("/x"))
def x(): ...
PREFIX = os.getenv("OTHER") or "/v1"
@app.get(PREFIX + "/y")
def y(): ...
if os.getenv("FLAG") == "1":
    @app.get("/flag")
    def flag(): ...
@app.get(f"/{os.getenv('NAME')}")
def z(): ...
"#,
        "main:app GET /x -> main.x
         main:app GET /v1/y -> main.y
         ? main:app GET /flag -> main.flag
         main:app GET /… -> main.z
         unresolved GET /…: the environment variable NAME is not known before the program runs",
    );
}

#[test]
fn what_runs_when_the_server_starts_is_conditional() {
    check(
        r#"
import asyncio
from contextlib import asynccontextmanager
from fastapi import APIRouter, FastAPI
router = APIRouter()
@router.get("/r")
def r(): ...
def wire(target):
    target.include_router(router, prefix="/late")
@asynccontextmanager
async def lifespan(app: FastAPI):
    await asyncio.to_thread(wire, app)
    yield
class Lazy:
    def __init__(self, app, target):
        self.target = target
    async def __call__(self, scope, receive, send):
        if scope["path"].startswith("/lazy"):
            self.target.add_api_route("/lazy", r)
app = FastAPI(lifespan=lifespan)
app.add_middleware(Lazy, target=app)
@app.on_event("startup")
async def start():
    app.mount("/sub", FastAPI(routes=[]))
    app.add_api_route("/started", r)
"#,
        "? main:app GET /late/r -> main.r
         ? main:app GET /lazy -> main.r
         ? main:app GET /started -> main.r",
    );
}

#[test]
fn what_is_perhaps_not_installed_is_conditional() {
    check(
        r#"
from fastapi import APIRouter, FastAPI
app = FastAPI()
extra = APIRouter()
@extra.get("/e")
def e(): ...
try:
    from unsure.chat import mount_chat as _mount_chat
except ImportError:
    mount_chat = None
else:
    mount_chat = _mount_chat
try:
    import unsure.metrics
    HAS_METRICS = True
except Exception:
    HAS_METRICS = False
try:
    import unsure.needed
    app.include_router(extra, prefix="/needed")
except ImportError:
    raise
if mount_chat is not None:
    @app.get("/")
    def redirect(): ...
else:
    @app.get("/")
    def root(): ...
if HAS_METRICS:
    app.include_router(extra, prefix="/metrics")
def extras(app):
    try:
        import unsure.extras
    except ImportError:
        return
    app.include_router(extra, prefix="/extras")
extras(app)
@app.get("/sure")
def sure(): ...
"#,
        "main:app GET /needed/e -> main.e
         ? main:app GET / -> main.redirect
         ? main:app GET / -> main.root
         ? main:app GET /metrics/e -> main.e
         ? main:app GET /extras/e -> main.e
         main:app GET /sure -> main.sure",
    );
}

#[test]
fn a_module_that_lacks_a_library_is_not_imported() {
    check(
        r#"
#- /main.py
from fastapi import FastAPI
app = FastAPI()
try:
    from plugins.first import router as first
    app.include_router(first)
except ImportError as error:
    print(error)
try:
    from plugins.second import router as second
except ImportError:
    second = None
if second:
    app.include_router(second)
#- /plugins/__init__.py
#- /plugins/first.py
from .deeper import helper
from fastapi import APIRouter
router = APIRouter()
@router.get("/first")
def first(): ...
#- /plugins/deeper.py
import missing.library
def helper(): ...
#- /plugins/second.py
try:
    import missing.library
except ImportError:
    pass
from fastapi import APIRouter
router = APIRouter()
@router.get("/second")
def second(): ...
"#,
        "main:app GET /second -> plugins.second.second",
    );
}

#[test]
fn attributes_rest_on_what_they_were_given() {
    check(
        r#"
import os
from fastapi import FastAPI
class Config:
    ADMIN = os.getenv("ADMIN", "false") == "true"
class Api(FastAPI):
    def __init__(self):
        super().__init__()
        self.chat = os.getenv("CHAT", "true") == "true"
app = Api()
config = Config()
if app.chat:
    @app.get("/chat")
    def chat(): ...
if Config.ADMIN:
    @app.get("/admin")
    def admin(): ...
if not config.ADMIN:
    @app.get("/user")
    def user(): ...
"#,
        "? main:app GET /chat -> main.chat
         ? main:app GET /admin -> main.admin
         ? main:app GET /user -> main.user",
    );
}

#[test]
fn what_follows_a_way_out_is_conditional() {
    check(
        r#"
import os
from fastapi import APIRouter, FastAPI
from somewhere import wanted, broken
app = FastAPI()
router = APIRouter()
@router.get("/r")
def r(): ...
for name in ["a", "b"]:
    if not wanted(name):
        continue
    app.include_router(router, prefix=f"/{name}")
def nested(app):
    if wanted("x"):
        if wanted("y"):
            return
    app.include_router(router, prefix="/nested")
nested(app)
def loop(app):
    for name in ["c"]:
        if wanted(name):
            return
    app.include_router(router, prefix="/loop")
loop(app)
def setting(app):
    if os.getenv("OFF", "") == "1":
        return
    app.include_router(router, prefix="/setting")
setting(app)
try:
    if broken():
        raise ValueError
    app.include_router(router, prefix="/whole")
except ValueError:
    app.include_router(router, prefix="/broken")
app.include_router(router, prefix="/always")
"#,
        "? main:app GET /a/r -> main.r
         ? main:app GET /b/r -> main.r
         ? main:app GET /nested/r -> main.r
         ? main:app GET /loop/r -> main.r
         ? main:app GET /setting/r -> main.r
         ? main:app GET /whole/r -> main.r
         ? main:app GET /broken/r -> main.r
         main:app GET /always/r -> main.r",
    );
}

#[test]
fn an_arm_that_is_ruled_out_makes_objects_of_its_own() {
    check(
        r#"
import os
from fastapi import APIRouter, FastAPI
app = FastAPI()
class Admin:
    def __init__(self):
        self.router = APIRouter(prefix="/admin")
        self.router.add_api_route("/x", self.x)
    def x(self): ...
if os.getenv("ADMIN", "") == "1":
    app.include_router(Admin().router)
"#,
        "? main:app GET /admin/x -> main.Admin.x",
    );
}

#[test]
fn what_is_not_wired_for_want_of_knowledge_is_said() {
    check(
        r#"
import os, secrets
from fastapi import APIRouter, FastAPI
from unknown_library import instrument
app = FastAPI()
router = APIRouter()
@router.get("/x")
def x(): ...
groups = ["/a"]
groups.extend(secrets.choice([["/b"], []]))
for group in groups:
    app.include_router(router, prefix=group)
def wire(target):
    if not os.path.isdir(os.path.dirname(__file__)):
        raise RuntimeError
    raise RuntimeError
    target.include_router(router)
wire(app)
found = os.environ["APP"]
found.include_router(router)
@found.api_route("/y")
def y(): ...
instrument(app)
"#,
        "main:app GET /a/x -> main.x
         ? main:app GET …/x -> main.x
         unresolved app.include_router(router, prefix=group): iterates over a value that is not known; 1 route is below it
         unresolved wire(app): it ends with an exception, as far as can be told, so what it would wire is not known
         unresolved found.include_router(router): the value of os.environ['APP'] is not known before the program runs
         unresolved found.api_route(\"/y\"): the value of os.environ['APP'] is not known before the program runs
         unresolved instrument(app): it is handed to `unknown_library.instrument`, which is not read",
    );
}

#[test]
fn a_break_that_may_come_makes_later_rounds_conditional() {
    check(
        r#"
import secrets
from fastapi import FastAPI
app = FastAPI()
def x(): ...
for name in ["a", "b"]:
    app.add_api_route(f"/{name}", x)
    if secrets.randbits(1):
        break
    app.add_api_route(f"/{name}/then", x)
else:
    app.add_api_route("/else", x)
app.add_api_route("/after", x)
while True:
    if secrets.randbits(1):
        break
app.add_api_route("/last", x)
"#,
        "main:app GET /a -> main.x
         ? main:app GET /a/then -> main.x
         ? main:app GET /b -> main.x
         ? main:app GET /b/then -> main.x
         ? main:app GET /else -> main.x
         main:app GET /after -> main.x
         main:app GET /last -> main.x",
    );
}

#[test]
fn a_continue_that_may_come_makes_the_rest_of_its_round_conditional() {
    check(
        r#"
import secrets
from fastapi import FastAPI
app = FastAPI()
def x(): ...
for name in ["a", "b"]:
    for part in secrets.choice([["/p"], ["/q"]]):
        if secrets.randbits(1):
            break
    app.add_api_route(f"/{name}", x)
    if secrets.randbits(1):
        continue
    app.add_api_route(f"/{name}/then", x)
else:
    app.add_api_route("/else", x)
"#,
        "main:app GET /a -> main.x
         ? main:app GET /a/then -> main.x
         main:app GET /b -> main.x
         ? main:app GET /b/then -> main.x
         main:app GET /else -> main.x",
    );
}

#[test]
fn what_an_expression_may_skip_is_conditional() {
    check(
        r#"
import secrets
from fastapi import APIRouter, FastAPI
app = FastAPI()
def x(): ...
def wire(path):
    app.add_api_route(path, x)
wire("/one") if secrets.randbits(1) else wire("/other")
secrets.randbits(1) and wire("/and")
wire("/always") or secrets.randbits(1) or wire("/or")
"#,
        "? main:app GET /one -> main.x
         ? main:app GET /other -> main.x
         ? main:app GET /and -> main.x
         main:app GET /always -> main.x
         ? main:app GET /or -> main.x",
    );
}
