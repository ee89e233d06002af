"""Plain types: the standard library's, Pydantic's, constrained ones."""

import datetime as dt
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Network, IPv6Interface
from pathlib import Path
from re import Pattern
from typing import Annotated, Any, Literal, NewType, Optional, Union

import annotated_types as at
from fastapi import FastAPI
from pydantic import (
    UUID4,
    AnyHttpUrl,
    AnyUrl,
    AwareDatetime,
    BaseModel,
    ByteSize,
    DirectoryPath,
    EmailStr,
    Field,
    FilePath,
    HttpUrl,
    Json,
    JsonValue,
    NonNegativeFloat,
    PastDate,
    PositiveInt,
    PostgresDsn,
    RedisDsn,
    SecretBytes,
    SecretStr,
    StrictBool,
    StrictInt,
    StringConstraints,
    conint,
    conlist,
    constr,
)

app = FastAPI(title="Plain types", version="2.0")

UserId = NewType("UserId", int)
Slug = Annotated[str, Field(pattern=r"^[a-z-]+$", min_length=2)]


class Plain(BaseModel):
    text: str
    number: int
    ratio: float
    flag: bool
    raw: bytes
    anything: Any
    thing: object
    nothing: None
    day: dt.date
    moment: dt.datetime
    hour: dt.time
    span: dt.timedelta
    key: uuid.UUID
    amount: Decimal
    share: Fraction
    folder: Path
    pattern: Pattern[str]
    host: IPv4Address
    net: IPv4Network
    face: IPv6Interface
    user: UserId


class OfPydantic(BaseModel):
    url: AnyUrl
    http: HttpUrl
    any_http: AnyHttpUrl
    mail: EmailStr
    secret: SecretStr
    secret_raw: SecretBytes
    key: UUID4
    size: ByteSize
    file: FilePath
    folder: DirectoryPath
    database: PostgresDsn
    cache: RedisDsn
    past: PastDate
    aware: AwareDatetime
    positive: PositiveInt
    share: NonNegativeFloat
    strict: StrictInt
    really: StrictBool
    document: Json
    numbers: Json[list[int]]
    value: JsonValue


class Containers(BaseModel):
    names: list[str]
    bare: list
    keys: set[int]
    frozen: frozenset[str]
    pair: tuple[int, str]
    many: tuple[int, ...]
    empty: tuple[()]
    any_tuple: tuple
    queue: deque[int]
    seq: Sequence[float]
    iterable: Iterable[int]
    by_name: dict[str, int]
    by_number: dict[int, list[str]]
    bare_dict: dict
    anything: dict[str, Any]
    mapping: Mapping[str, Decimal]
    counted: Counter[str]
    ordered: OrderedDict[str, int]
    default: defaultdict[str, list[int]]
    keyed: dict[Slug, int]
    nested: dict[str, dict[str, list[tuple[int, str] | None]]]


class Constrained(BaseModel):
    count: int = Field(gt=0, le=100, multiple_of=5)
    ratio: float = Field(ge=0.5, lt=1)
    name: str = Field(min_length=1, max_length=20, pattern="^a")
    optional: str | None = Field(default=None, max_length=5)
    tags: list[str] = Field(min_length=1, max_length=3)
    keys: set[int] = Field(default_factory=set, max_length=3)
    by_name: dict[str, int] = Field(min_length=2)
    amount: Decimal = Field(max_digits=6, decimal_places=2, gt=0)
    slug: Slug
    slugs: list[Slug]
    at_least: Annotated[int, at.Ge(3)]
    between: Annotated[float, at.Interval(gt=1, le=2)]
    short: Annotated[str, at.MaxLen(4)]
    sized: Annotated[list[int], at.Len(1, 4)]
    cleaned: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=3)]
    old: conint(gt=3, lt=9)
    old_text: constr(min_length=2)
    old_list: conlist(int, min_length=1)
    either: Annotated[int | str, Field(description="Either of them")]
    mixed: int | str | None = Field(default=None, gt=3)
    day: dt.date = Field(gt=dt.date(2020, 1, 1))


class Defaults(BaseModel):
    number: int = 3
    negative: int = -3
    ratio: float = 0.25
    text: str = "a"
    flag: bool = False
    nothing: str | None = None
    items: list[int] = [1, 2]
    mapping: dict[str, int] = {"a": 1}
    pair: tuple[int, str] = (1, "b")
    keys: set[str] = {"b", "a"}
    made: list[str] = Field(default_factory=list)
    amount: Decimal = Decimal("0.10")
    required: int = Field(...)
    annotated: Annotated[int, Field(ge=1)] = 4
    inner: Annotated[int, Field(default=5)]


class Literals(BaseModel):
    one: Literal["a"]
    some: Literal["a", "b"]
    numbers: Literal[1, 2]
    mixed: Literal["a", 1, True, None]
    optional: Optional[Literal["x", "y"]] = None
    nested: Literal[Literal["p"], "q"]
    old: Union[int, str, None] = None


@app.post("/plain")
def plain(item: Plain) -> Plain:
    return item


@app.post("/pydantic")
def of_pydantic(item: OfPydantic) -> OfPydantic:
    return item


@app.post("/containers")
def containers(item: Containers) -> Containers:
    return item


@app.post("/constrained")
def constrained(item: Constrained) -> Constrained:
    return item


@app.post("/defaults")
def defaults(item: Defaults) -> Defaults:
    return item


@app.post("/literals")
def literals(item: Literals) -> Literals:
    return item
