"""Parameters, bodies and forms."""

from typing import Annotated, Any, Optional, TypeVar, Union
from uuid import UUID

from fastapi import (
    APIRouter,
    BackgroundTasks,
    Body,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    Path,
    Query,
    Request,
    Response,
    UploadFile,
    WebSocket,
)
from pydantic import AliasChoices, BaseModel, Field

app = FastAPI(separate_input_output_schemas=True)


class Item(BaseModel):
    name: str
    price: float | None = None


class User(BaseModel):
    login: str = "x"


class Filters(BaseModel):
    """Of a list."""

    model_config = {"extra": "forbid"}

    limit: int = Field(100, gt=0, le=100)
    offset: int = Field(0, ge=0)
    order_by: str = Field(default="created", alias="orderBy", description="By what")
    tags: list[str] = []


class Headers(BaseModel):
    host: str
    if_modified_since: str | None = None
    x_tag: list[str] = []


class Cookies(BaseModel):
    session_id: str
    tracker: str | None = Field(None, deprecated=True)


def common(
    q: str | None = None, skip: int = 0, limit: Annotated[int, Query(le=50)] = 10
) -> dict[str, Any]:
    return {}


class Pager:
    def __init__(self, page: int = 1, size: Annotated[int, Query(alias="page-size")] = 10) -> None:
        self.page = page


class Checker:
    def __init__(self, fixed: str) -> None:
        self.fixed = fixed

    def __call__(self, token: Annotated[str, Header()], q: str = "") -> bool:
        return True


async def chained(c: Annotated[dict, Depends(common)], last: str | None = Cookie(None)) -> Any:
    yield c


Common = Annotated[dict[str, Any], Depends(common)]
T = TypeVar("T")
Injected = Annotated[T, Depends()]
Count = Annotated[int, Field(description="How many", alias="count", title="Counted")]


@app.get("/items/{item_id}")
def paths(
    item_id: Annotated[UUID, Path(title="The ID", description="Of the item")],
    q: str | None = None,
    short: bool = False,
    needed: int = Query(...),
    many: Annotated[list[str] | None, Query(alias="m", deprecated=True)] = None,
    numbers: list[int] = Query([1, 2], min_length=1),
    old: Optional[str] = Query(None, regex="^a", max_length=3),
    hidden: Annotated[str | None, Query(include_in_schema=False)] = None,
    either: Union[int, str] = 1,
    shown: Annotated[
        str, Query(examples=["x"], openapi_examples={"a": {"summary": "A", "value": "v"}})
    ] = "d",
    user_agent: Annotated[str | None, Header()] = None,
    strange: Annotated[str | None, Header(convert_underscores=False)] = None,
    x_token: list[str] | None = Header(default=None, alias="X-Token"),
    ads_id: Annotated[str | None, Cookie(title="Ads", min_length=3)] = None,
) -> None: ...


@app.get("/files/{rest:path}")
def converted(rest: str, tail: Annotated[str, "a note"] = "t") -> str: ...


@app.get("/filters")
def filters(filters: Annotated[Filters, Query()]) -> list[Item]: ...


@app.get("/headers")
def headers(h: Annotated[Headers, Header()], c: Annotated[Cookies, Cookie()]) -> Any: ...


@app.get("/optional-filters")
def optional_filters(filters: Annotated[Filters | None, Query()] = None): ...


@app.get("/injected")
def injected(
    pager: Injected[Pager], kept: Annotated[Count, Query()], c: Annotated[Count, Query(alias=None)]
): ...


@app.get("/choices")
def choices(
    first: Annotated[int, Query(alias="x", validation_alias=AliasChoices("one", "eins"))],
    second: Annotated[str, Header(validation_alias=AliasChoices("X-Second", "x_2"))] = "",
): ...


@app.get("/special")
def special(request: Request, response: Response, tasks: BackgroundTasks, *, n: int): ...


@app.get("/dependencies", dependencies=[Depends(Checker("a"))])
def dependencies(
    c: Common, p: Annotated[Pager, Depends()], last: Annotated[Any, Depends(chained)]
): ...


@app.get("/untyped/{a}")
def untyped(a, b, c=1, d=None): ...


@app.websocket("/ws")
async def ws(socket: WebSocket, q: int): ...


@app.post("/one")
def one(item: Item) -> Item: ...


@app.post("/maybe")
def maybe(item: Item | None = None): ...


@app.post("/embedded")
def embedded(item: Annotated[Item, Body(embed=True)]): ...


@app.put("/two/{id}")
def two(
    id: int, item: Item, user: User, importance: Annotated[int, Body(gt=0)], q: str | None = None
): ...


@app.post("/listed")
def listed(items: list[Item]) -> dict[int, Item]: ...


@app.post("/scalar")
def scalar(age: Annotated[int, Body(ge=0, title="Years")]): ...


@app.post("/defaulted")
def defaulted(age: int = Body(3), name: str = Body("n", max_length=5)): ...


@app.post("/mapped")
def mapped(
    weights: dict[int, float], item: Annotated[Item | None, Body(description="It")] = None
): ...


@app.post("/examples")
def examples(
    item: Annotated[
        Item,
        Body(
            examples=[{"name": "Foo", "price": 35.4}],
            openapi_examples={"n": {"summary": "N", "value": {"name": "x", "price": None}}},
        ),
    ],
): ...


@app.post("/media")
def media(item: Annotated[Item, Body(media_type="application/vnd.api+json")]): ...


@app.post("/any")
def anything(data: Annotated[Any, Body()], more: Annotated[dict, Body()]): ...


@app.delete("/with-body")
def with_body(item: Item): ...


@app.post("/form")
def form(name: Annotated[str, Form()], age: Annotated[int, Form(gt=0)] = 3): ...


@app.post("/form-model")
def form_model(data: Annotated[User, Form()]): ...


@app.post("/file")
def file(file: UploadFile, note: Annotated[str | None, Form()] = None): ...


@app.post("/files")
def files(
    files: list[UploadFile],
    raw: Annotated[bytes, File(description="Raw")],
    more: Annotated[list[bytes] | None, File()] = None,
): ...


@app.post("/maybe-file")
def maybe_file(file: UploadFile | None = None): ...


def body_dependency(item: Item, extra: Annotated[str, Body()] = "e"): ...


@app.post("/body-dependency", dependencies=[Depends(body_dependency)])
def in_dependency(user: User): ...


router = APIRouter(prefix="/r/{tenant}", tags=["tenants"], dependencies=[Depends(common)])


@router.get("/x", tags=["x"], deprecated=True, name="named")
def in_router(tenant: str, x: int): ...


@router.api_route(
    "/several", methods=["PUT"], operation_id="several_it", summary="Several", description="D"
)
def several(tenant: int): ...


app.include_router(router)
app.include_router(router, prefix="/again", tags=["again"])
