//! Signatures as FastAPI reads them.

use crate::testing::Memory;

const IMPORTS: &str = "
import functools, inspect
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, NamedTuple, get_origin, get_type_hints
from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, File, Form, Header, Path, Query, Request, UploadFile
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
app = FastAPI()
";

/// What the first route of an app needs: `path item_id, query q?`.
#[track_caller]
fn check(module: &str, expected: &str) {
    let model = Memory::new(&format!("{IMPORTS}{module}")).link();
    let needs = model.requirements(&model.routes[0]);
    let parameters = needs.parameters.iter().map(|parameter| {
        let mark = if parameter.required { "" } else { "?" };
        format!("{} {}{mark}", parameter.place_in.as_str(), parameter.name)
    });
    let unknown = needs.incomplete.iter().map(|why| format!("unknown: {}", why.text));
    let found: Vec<String> = parameters.chain(unknown).collect();
    assert_eq!(found.join(", "), expected);
}

#[test]
fn a_model_with_a_marker_is_its_fields() {
    check(
        "
class Common(BaseModel):
    x_trace: str | None = None
    x_key: Annotated[str, Field(alias='the-key')]
class Wanted(Common):
    x_many: list[str] = Field(default_factory=list)
@app.get('/')
def read(one: Annotated[Wanted, Header()], two: Annotated[Common | None, Query()] = None): ...
",
        "header x-trace?, header the-key, header x-many?, query x_trace?, query the-key?",
    );
    check(
        "
class Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    first_name: str
class Made(BaseModel):
    model_config = ConfigDict(alias_generator=missing.camelize)
    first_name: str
@app.post('/')
def make(form: Annotated[Model, Form()], plain: Annotated[Model, Form(embed=True)], made: Made = Depends()): ...
",
        "form firstName, form plain, unknown: a parameter's name is not known before the program runs",
    );
}

#[test]
fn names_are_those_that_a_request_says() {
    check(
        "
@app.get('/{key}')
def read(
    one: Annotated[int, Path(validation_alias=AliasChoices('id', 'key'))],
    two: Annotated[int, Query(alias='shown', validation_alias='sent')],
    three: Annotated[int, Query(validation_alias=AliasChoices('first', 'second'))],
    four: Annotated[int, Query(validation_alias=AliasPath('a', 0))],
    five: Annotated[Annotated[int, Field(alias='inner')], Query()],
    six: Annotated[int, Field(alias='own')] = 1,
    x_seven: str = Header(convert_underscores=False),
): ...
",
        "path key, query sent, query first, query four, query inner, query own?, header x_seven",
    );
    check(
        "
def names(): return missing
@app.get('/')
def read(one: Annotated[int, Query(alias=names())], two: int = 1): ...
",
        "query two?, unknown: `missing` is not bound to anything that is known",
    );
}

#[test]
fn classes_have_the_signatures_that_python_gives_them() {
    check(
        "
@dataclass
class Pager:
    offset: int
    sizes: Annotated[list[int], Query()] = field(default_factory=list)
    kept: int = field(default=1, init=False)
class Span(NamedTuple):
    start: int
    end: int = 9
class Filter(BaseModel):
    text: str = Field(alias='q')
    labels: list[str] = []
class Own(BaseModel):
    a: int
    b: int = 0
    def __init__(self, first: int, **rest): super().__init__(a=first, **rest)
@app.get('/')
def read(w: Annotated[Pager, Depends()], x: Span = Depends(), y: Filter = Depends(), z: Own = Depends()): ...
",
        "query offset, query sizes?, query start, query end?, query q, body labels?, query first, query a, query b?",
    );
    check(
        "
import attr
def split(text: Annotated[str | None, Query(alias='list')] = None): return text
@attr.s
class Search:
    ids: list[str] = attr.ib(default=None, converter=split)
    _limit: int = attr.ib(default=10)
    untaken: int = 3
@app.get('/')
def read(search: Search = Depends()): ...
",
        "query list?, query limit?",
    );
    check(
        "
class Form(OAuth2PasswordRequestForm): ...
@app.post('/')
def login(form: Annotated[Form, Depends()]): ...
",
        "form grant_type?, form username, form password, form scope?, form client_id?, form client_secret?",
    );
}

#[test]
fn what_is_given_to_a_partial_has_a_default() {
    check(
        "
def page(first: int, size: int, *, order: str): ...
@app.get('/')
def read(page=Depends(functools.partial(page, 1, size=10))): ...
",
        "query size?, query order",
    );
}

#[test]
fn wrappers_have_the_signature_of_what_they_wrap_or_the_one_they_are_given() {
    check(
        "
def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs): return function(*args, **kwargs)
    return wrapper
@app.get('/')
@logged
def read(a: int, b: int = 1): ...
",
        "query a, query b?",
    );
    check(
        "
def with_request(function):
    def wrapper(*args, **kwargs): ...
    signature = inspect.signature(function)
    parameters = [p for p in signature.parameters.values() if p.name != 'hidden']
    added = inspect.Parameter('extra', inspect.Parameter.KEYWORD_ONLY, default=Query(None, alias='more'), annotation=str)
    wrapper.__signature__ = signature.replace(parameters=[*parameters, added])
    return wrapper
@app.get('/')
@with_request
def read(a: int, hidden: int): ...
",
        "query a, query more?",
    );
}

#[test]
fn a_class_based_view_takes_what_its_class_depends_on() {
    check(
        "
from pydantic import VERSION
if VERSION[0] == '2':
    from typing_inspect import is_classvar
else:
    from pydantic.typing import is_classvar
router = APIRouter()
def cbv(router):
    def decorator(cls):
        parameters = []
        for name, hint in get_type_hints(cls).items():
            if hint.__class__ == ClassVar.__class__ or get_origin(hint) == ClassVar or is_classvar(hint): continue
            parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=hint, default=getattr(cls, name, ...)))
        def new_init(self, **kwargs): ...
        setattr(cls, '__signature__', inspect.signature(cls.__init__).replace(parameters=parameters))
        for route in router.routes:
            endpoint = route.endpoint
            first, *others = inspect.signature(endpoint).parameters.values()
            others = [other.replace(kind=inspect.Parameter.KEYWORD_ONLY) for other in others]
            setattr(endpoint, '__signature__', inspect.signature(endpoint).replace(parameters=[first.replace(default=Depends(cls)), *others]))
        return cls
    return decorator
def get_tenant(x_tenant: Annotated[str, Header()]): ...
@cbv(router)
class Items:
    tenant: str = Depends(get_tenant)
    limit: int = 10
    count: ClassVar[int] = 1
    @router.get('/{item_id}')
    def read(self, item_id: int, q: str): ...
app.include_router(router)
",
        "header x-tenant, query limit?, path item_id, query q",
    );
}

#[test]
fn what_code_makes_of_a_models_signature_is_followed() {
    check(
        "
class Wanted(BaseModel):
    size: int = 10
    tags: list[str] | None = None
    body: dict[str, int] = {}
    KEPT = ['body']
def dependable(cls):
    def make(*args, **kwargs): return cls(*args, **kwargs)
    parameters = {p.name: p for p in inspect.signature(cls).parameters.values()}
    for name in parameters:
        if name not in getattr(cls, 'KEPT', []):
            old = parameters[name]
            parameters[name] = inspect.Parameter(name=old.name, default=Query(old.default), kind=old.kind, annotation=old.annotation)
    make.__signature__ = inspect.Signature(parameters=[p for p in parameters.values()])
    return make
@app.get('/')
def read(wanted: Wanted = Depends(dependable(Wanted))): ...
",
        "query size?, query tags?, body body?",
    );
}

#[test]
fn a_default_that_is_not_known_may_be_a_dependency() {
    check(
        "
class User: ...
@app.get('/')
def read(user: User = missing.current(), limit: int = missing.limit, q=1): ...
",
        "query limit?, query q?, unknown: `missing` is not bound to anything that is known",
    );
}

#[test]
fn types_decide_where_no_marker_does() {
    check(
        "
type Ids = list[int]
class Item[T](BaseModel):
    value: T
@app.post('/{a}')
def make(
    a: int, b: 'int | None', c: Item[int], d: list[int], e: list[UploadFile] | None, f: Ids, g: Request, h: bytes,
    i: dict[str, Any] | None = None, j: str | Item[str] = '',
): ...
",
        "path a, query b, body c, body d, file e, body f, query h, body i?, body j?",
    );
}

#[test]
fn modules_that_are_imported_when_they_are_needed_give_their_classes() {
    check(
        "
import importlib, threading, types
class Lazy(types.ModuleType):
    def __init__(self, name, set_loggers=None):
        self._name = name
        self._module = None
        self._set_loggers = set_loggers
        self._lock = threading.RLock()
    def load(self):
        with self._lock:
            if self._module is None:
                try:
                    self._module = importlib.import_module(self._name)
                    if self._set_loggers is not None:
                        self._set_loggers()
                except ImportError as e:
                    raise
        return self._module
    def __getattr__(self, name):
        try:
            if name in self.__dict__:
                return self.__dict__[name]
            return getattr(self.load(), name)
        except AttributeError:
            inner = Lazy(f'{self._name}.{name}')
            setattr(self, name, inner)
            return inner
pydantic = Lazy('pydantic')
class Body(pydantic.BaseModel):
    name: str
@app.post('/')
def make(body: Body): ...
",
        "body body",
    );
}

#[test]
fn a_function_that_is_a_fields_default_is_no_method() {
    check(
        "
def find(url: str, key: str = ''): ...
@dataclass
class Factory:
    finder: Any = find
    def register(self):
        @app.get('/')
        def read(found=Depends(self.finder)): ...
Factory().register()
",
        "query url, query key?",
    );
}

#[test]
fn a_column_tells_its_name() {
    check(
        "
from sqlalchemy import Column
from sqlalchemy.orm import mapped_column, DeclarativeBase, Mapped
class Base(DeclarativeBase): ...
class Run(Base):
    run_id: Mapped[str] = mapped_column(primary_key=True)
    _state = Column('state')
def by(column, kind, name=None):
    name = name or getattr(column, 'name', str(column))
    def depends(value: str | None = Query(alias=name, default=None)): ...
    depends.__annotations__['value'] = kind
    return depends
@app.get('/')
def read(a=Depends(by(Run.run_id, str)), b=Depends(by(Run._state, str)), c=Depends(by(Run.run_id, str, 'id'))): ...
",
        "query run_id?, query state?, query id?",
    );
}

#[test]
fn a_decorator_gives_a_signature() {
    check(
        "
from makefun import with_signature
def get_tenant(x_tenant: Annotated[str, Header()]): ...
kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
parameters = [
    inspect.Parameter('token', kind, default=Header(None)),
    inspect.Parameter(f'tenant_{missing}', kind, default=Depends(get_tenant)),
    inspect.Parameter(missing.name, kind, default=Query(None)),
]
@with_signature(inspect.Signature(parameters))
async def current(*args, **kwargs): ...
@app.get('/')
def read(user=Depends(current)): ...
",
        "header token?, header x-tenant, unknown: a parameter's name is not known before the program runs",
    );
}
