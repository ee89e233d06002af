"""Responses, security, callbacks, webhooks, metadata."""

from collections.abc import AsyncIterable, Iterator
from enum import Enum
from http import HTTPStatus
from typing import Annotated, Any
from typing import Iterable as BareIterable

from fastapi import APIRouter, Depends, FastAPI, Response, Security, status
from fastapi.responses import (
    EventSourceResponse,
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from fastapi.routing import APIRoute
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    HTTPDigest,
    OAuth2,
    OAuth2AuthorizationCodeBearer,
    OAuth2PasswordBearer,
    OAuth2PasswordRequestForm,
    OpenIdConnect,
    SecurityScopes,
)
from pydantic import BaseModel
from starlette.status import HTTP_202_ACCEPTED


class Tags(Enum):
    items = "items"
    users = "users"


class Message(BaseModel):
    message: str


class Item(BaseModel):
    name: str
    price: float = 1.5


class Private(Item):
    password: str


def unique_id(route: APIRoute) -> str:
    return f"{route.tags[0]}-{route.name}" if route.tags else route.name


app = FastAPI(
    title="Answers",
    summary="In short",
    description="At **length**",
    version="1.2.3",
    terms_of_service="http://example.com/terms/",
    contact={"name": "A", "url": "https://example.com", "email": "a@example.com"},
    license_info={"name": "MIT", "identifier": "MIT"},
    openapi_tags=[
        {
            "name": "items",
            "description": "Things",
            "externalDocs": {"url": "https://example.com/docs"},
        }
    ],
    servers=[{"url": "https://stag.example.com", "description": "Staging"}, {"url": "/api"}],
    generate_unique_id_function=unique_id,
    responses={500: {"model": Message}},
)

oauth2 = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Read me", "items": "Read items"})
code = OAuth2AuthorizationCodeBearer(authorizationUrl="auth", tokenUrl="token", refreshUrl="fresh")
custom = OAuth2(
    flows={"implicit": {"authorizationUrl": "a", "scopes": {"x": "X"}}}, scheme_name="Custom"
)
basic = HTTPBasic(description="Plain")
bearer = HTTPBearer(bearerFormat="JWT", auto_error=False)
digest = HTTPDigest()
header = APIKeyHeader(name="X-Key", scheme_name="key")
query = APIKeyQuery(name="key")
cookie = APIKeyCookie(name="session", description="Of the browser")
openid = OpenIdConnect(openIdConnectUrl="/oidc")


class OwnBearer(HTTPBearer):
    """Ours."""


own = OwnBearer(description="Our own")


def current(scopes: SecurityScopes, token: Annotated[str, Depends(oauth2)]) -> str:
    return token


def active(user: Annotated[str, Security(current, scopes=["me"])]) -> str:
    return user


@app.get(
    "/items", tags=[Tags.items], response_description="All of them", status_code=status.HTTP_200_OK
)
def items() -> list[Item]: ...


@app.post("/items", tags=[Tags.items, "more"], status_code=201, response_model=Item)
def create(item: Private) -> Any: ...


@app.put("/items/{id}", status_code=HTTP_202_ACCEPTED)
def replace(id: int) -> None: ...


@app.delete("/items/{id}", status_code=HTTPStatus.NO_CONTENT)
def delete(id: int) -> None: ...


@app.get("/none", response_model=None)
def nothing() -> Response | dict: ...


@app.get("/response")
def plain_response() -> JSONResponse: ...


@app.get("/html", response_class=HTMLResponse)
def html() -> str: ...


@app.get("/text", response_class=PlainTextResponse, response_model=Item)
def text(): ...


@app.get("/redirect", response_class=RedirectResponse)
def redirect(): ...


@app.get("/redirect-302", response_class=RedirectResponse, status_code=302)
def redirect_302(): ...


@app.get("/stream", response_class=StreamingResponse)
def stream(): ...


@app.get("/download", response_class=FileResponse)
def download(): ...


class Xml(Response):
    media_type = "application/xml"


class ProblemJson(JSONResponse):
    media_type = "application/problem+json"


@app.get("/xml", response_class=Xml)
def xml(): ...


@app.get("/problem", response_class=ProblemJson)
def problem() -> Item: ...


@app.get("/lines")
async def lines() -> AsyncIterable[Item]:
    yield Item(name="a")


@app.get("/numbers")
def numbers() -> Iterator[int]:
    yield 1


@app.get("/events", response_class=EventSourceResponse)
async def events() -> AsyncIterable[Item]:
    yield Item(name="a")


@app.get("/bare-lines")
def bare_lines() -> BareIterable:
    yield 1


SHARED = {404: {"description": "Not there"}, "4XX": {"model": Message, "description": "Wrong"}}


@app.get(
    "/responses",
    responses={
        **SHARED,
        200: {"content": {"image/png": {}}, "description": "Picture or data"},
        302: {"description": "Elsewhere", "headers": {"Location": {"schema": {"type": "string"}}}},
        418: {},
        422: {"model": Message},
        "default": {"model": list[Message]},
    },
)
def responses(q: int) -> Item: ...


@app.get(
    "/extra", openapi_extra={"x-note": {"a": [1]}, "parameters": [{"name": "p", "in": "query"}]}
)
def extra(q: int = 1): ...


@app.get("/doc", summary="Given", description="Given too")
def documented():
    """Not used."""


@app.get("/hidden", include_in_schema=False)
def hidden(): ...


@app.get("/secure/active")
def secure_active(user: Annotated[str, Depends(active)]): ...


@app.get("/secure/items")
def secure_items(user: Annotated[str, Security(active, scopes=["items"])]): ...


@app.get(
    "/secure/all", dependencies=[Depends(code), Depends(custom), Depends(basic), Depends(digest)]
)
def secure_all(
    a: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    b: Annotated[str, Security(header)],
    c: Annotated[str, Depends(query)],
    d: Annotated[str, Depends(cookie)],
    e: Annotated[str, Depends(openid)],
    f: Annotated[Any, Depends(own)],
): ...


@app.post("/token")
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]): ...


@app.get("/basic")
def with_basic(credentials: Annotated[HTTPBasicCredentials, Depends(basic)]) -> Message: ...


callbacks = APIRouter()


@callbacks.post("{$callback_url}/events/{$request.body.id}", response_model=Message)
def event(body: Item): ...


@app.post("/calls", callbacks=callbacks.routes)
def calls(item: Item, callback_url: str | None = None): ...


@app.webhooks.post("new-item")
def new_item(body: Item):
    """An item is new."""


router = APIRouter(
    prefix="/router",
    default_response_class=PlainTextResponse,
    responses={404: {"description": "From the router"}},
    deprecated=True,
)


@router.get("/a")
def router_a() -> str: ...


@router.get("/b", response_class=JSONResponse, responses={404: {"description": "Own"}})
def router_b() -> int: ...


app.include_router(router, responses={403: {"model": Message}}, tags=["late"])
