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

#[test]
fn an_app_in_an_object_that_a_factory_returns() {
    check(
        r#"
#- /main.py
import attr
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, create_model
from api import Api, Request

class Search(BaseModel): ...

def make(prefix: str = "/v1"):
    by_query = attr.make_class("ByQuery", attrs={}, bases=(Request,))
    by_body = create_model("ByBody", limit=(int, 10), __base__=Search)
    return Api(app=FastAPI(), router=APIRouter(prefix=prefix), models=[by_query, by_body])

def create_app():
    return make().app

#- /other.py
from fastapi import FastAPI
class Server:
    def __init__(self, app):
        self.app = app
def serve():
    app = FastAPI()
    @app.get("/served")
    def served(): ...
    return Server(app)

#- /api.py
import attr
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

class Request: ...

def endpoint(model):
    if isinstance(model, dict):
        async def _endpoint(data: dict): ...
    elif issubclass(model, Request):
        async def _endpoint(first, data=Depends(model)): ...
    elif issubclass(model, (BaseModel, int)):
        async def _endpoint(second, data: model): ...
    else:
        raise ValueError
    _endpoint.__name__ = "x"
    return _endpoint

@attr.s
class Api:
    models: list = attr.ib()
    app: FastAPI = attr.ib(default=attr.Factory(FastAPI))
    router: APIRouter = attr.ib(default=attr.Factory(APIRouter))
    def __attrs_post_init__(self):
        self.router.add_api_route("/query", endpoint(self.models[0]), methods=["GET"])
        self.router.add_api_route("/body", endpoint(self.models[1]), methods=["POST"])
        self.app.include_router(self.router)
        self.app.state.prefix = self.router.prefix
        self.add_health()
    def add_health(self):
        router = APIRouter(prefix=self.app.state.prefix)
        if hasattr(self.app.state, "extra"):
            router.add_api_route("/extra", self.health)
        router.add_api_route("/health", self.health)
        self.app.include_router(router)
    def health(self): ...
"#,
        "main:create_app() GET /v1/query -> api.endpoint.<locals>._endpoint
         main:create_app() POST /v1/body -> api.endpoint.<locals>._endpoint
         ? main:create_app() GET /v1/extra -> api.Api.health
         main:create_app() GET /v1/health -> api.Api.health
         other:serve().app GET /served -> other.serve.<locals>.served",
    );
}

#[test]
fn a_library_that_requires_fastapi_is_read_though_its_package_does_not_name_it() {
    check(
        r#"
#- /main.py
from fastlib.unread import Versioned, make_router
class Api(Versioned):
    pass
app = Api(changelog="/changelog")
router = make_router()
@router.get("/mine")
def mine(): ...
app.include_router(router)
#- /fastlib/unread/__init__.py
from ..parts import Versioned, make_router
#- /fastlib/parts.py
from fastapi import APIRouter, FastAPI
class Root(APIRouter): ...
def make_router():
    return APIRouter(prefix="/made")
class Versioned(FastAPI):
    def __init__(self, changelog):
        super().__init__(docs_url=None)
        self.router = Root()
        self.router.add_api_route(changelog, self.log)
    def log(self): ...
"#,
        "main:app GET /changelog -> fastlib.parts.Versioned.log
         main:app GET /made/mine -> main.mine",
    );
}
