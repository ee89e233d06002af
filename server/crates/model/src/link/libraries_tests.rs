//! Installed libraries whose routes are wired from source.

use crate::testing::check;

#[test]
fn helpers_of_a_library_are_read_where_it_calls_them() {
    check(
        r#"
#- /main.py
from fastapi import FastAPI
from tiles.factory import Factory
from tiles.unread.setup import attach
app = FastAPI()
app.include_router(Factory().router)
attach(app)
#- /tiles/__init__.py
#- /tiles/factory.py
from fastapi import APIRouter
from tiles.unread.tracing import trace
from tiles.unread.base import Base
class Factory(Base):
    def __init__(self):
        self.router = APIRouter(prefix=self.prefix)
        @self.router.get("/info")
        def info(): ...
        self.router.get("/unwrapped")(trace(info))
        for route in self.router.routes:
            route.endpoint = trace(route.endpoint)
#- /tiles/unread/__init__.py
#- /tiles/unread/base.py
class Base:
    prefix = "/tiles"
#- /tiles/unread/tracing.py
import functools
from somewhere import tracer
def trace(func):
    if not tracer:
        return func
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        return func(*args, **kwargs)
    return wrapper
#- /tiles/unread/setup.py
def attach(app):
    @app.get("/health")
    def health(): ...
"#,
        "main:app GET /tiles/info -> tiles.factory.Factory.__init__.<locals>.info
         main:app GET /tiles/unwrapped -> tiles.factory.Factory.__init__.<locals>.info
         main:app GET /health -> tiles.unread.setup.attach.<locals>.health",
    );
}
