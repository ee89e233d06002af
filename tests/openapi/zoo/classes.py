"""Models and their like: inheritance, generics, configuration, aliases, computed fields, serializers."""

from __future__ import annotations

import dataclasses
import enum
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple, TypeVar

import pydantic.dataclasses
from fastapi import FastAPI
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    RootModel,
    Tag,
    WithJsonSchema,
    computed_field,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import NotRequired, Required, TypeAliasType, TypedDict

app = FastAPI()

T = TypeVar("T")
K = TypeVar("K", bound=int)


class Color(enum.Enum):
    """What color it is."""

    red = "r"
    green = "g"


class Level(enum.IntEnum):
    low = 1
    high = 2
    alias = 2


class Kind(str, enum.Enum):
    plain = "plain"
    fancy = "fancy"

    @property
    def label(self) -> str:
        return self.value.title()


class Step(enum.Enum):
    first = enum.auto()
    second = enum.auto()


class Mixed(enum.Enum):
    a = 1
    b = "b"


class Named(BaseModel):
    """Something with a name.

    With a long description.
    """

    name: str = Field(title="The name", description="What it is called", examples=["a", "b"])
    secret: str = Field(exclude=True, default="")
    constant: ClassVar[int] = 3
    _private: int = PrivateAttr(default=0)


class Node(Named):
    children: list[Node] = []
    parent: Node | None = None
    kind: Kind = Kind.plain
    level: Level = Level.low
    color: Color | None = None
    step: Step = Step.second
    mixed: Mixed = Mixed.b


class Overriding(Node):
    name: str = "overridden"
    level: Level


class Page(BaseModel, Generic[T]):
    """Some of many."""

    items: list[T]
    total: int
    next: T | None = None


class Pair(BaseModel, Generic[T, K]):
    first: T
    second: K = 1


class NamedPage(Page[Named]):
    """A page of named things."""

    title: str


class Wrapped(Page[T], Generic[T, K]):
    key: K


class Camel(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, title="CamelCase", extra="forbid"
    )

    first_name: str
    last_name: str = Field(alias="surname")
    zip_code: str | None = Field(default=None, serialization_alias="zip")


class Aliases(BaseModel):
    one: int = Field(alias="eins")
    two: int = Field(validation_alias="zwei")
    three: int = Field(serialization_alias="drei")
    four: int = Field(validation_alias=AliasChoices("vier", "quatre"), default=4)


class OldConfig(BaseModel):
    value: int

    class Config:
        extra = "allow"
        title = "Old"
        json_schema_extra = {"examples": [{"value": 3}]}


class Extra(BaseModel, extra="forbid"):
    a: int = Field(json_schema_extra={"x-note": "n"}, deprecated=True)
    b: Annotated[int, Field(title="Bee", json_schema_extra={"x-a": 1})] = 2

    model_config = {"json_schema_extra": {"example": {"a": 1, "b": None}}}


class Computed(BaseModel):
    width: int
    height: int

    @computed_field
    @property
    def area(self) -> int:
        """How large it is."""
        return self.width * self.height

    @computed_field(alias="outline", title="Around", description="All sides", examples=[3])
    @property
    def around(self) -> float:
        return 2.0 * (self.width + self.height)


class Holder(BaseModel):
    shape: Computed
    shapes: list[Computed] = []


class Serialized(BaseModel):
    when: int
    other: int
    third: int | None = None
    fourth: Annotated[int, PlainSerializer(lambda v: str(v), return_type=str)]
    fifth: Annotated[int, PlainSerializer(str, return_type=str, when_used="unless-none")] = 5
    checked: Annotated[int, AfterValidator(abs)]
    before: Annotated[int, BeforeValidator(int)]
    before_typed: Annotated[int, BeforeValidator(int, json_schema_input_type=int | str)]
    plainly: Annotated[int, PlainValidator(int)]
    shown: Annotated[int, WithJsonSchema({"type": "string", "format": "odd"})]
    hidden: SkipJsonSchema[int] = 3
    partly: int | SkipJsonSchema[None] = None

    @field_serializer("when")
    def say_when(self, value: int) -> str:
        return str(value)

    @field_serializer("other")
    def say_other(self, value: int):
        return value

    @field_validator("third", mode="before")
    @classmethod
    def read_third(cls, value: Any) -> Any:
        return value

    @model_validator(mode="after")
    def check(self) -> Serialized:
        return self


class AsText(BaseModel):
    a: int

    @model_serializer
    def say(self) -> str:
        return str(self.a)


class Names(RootModel[list[str]]):
    """All names."""


class Table(RootModel):
    root: dict[str, Named] = {}


class Cat(BaseModel):
    type: Literal["cat"]
    lives: int


class Dog(BaseModel):
    type: Literal["dog", "puppy"] = "dog"
    barks: bool


class Circle(BaseModel):
    shape: Literal["circle"] = Field(alias="shapeType")
    radius: float


class Square(BaseModel):
    shape: Literal["square"] = Field(alias="shapeType")
    side: float


def tag_of(value: Any) -> str:
    return "cat"


class Pets(BaseModel):
    pet: Cat | Dog = Field(discriminator="type")
    maybe: Annotated[Cat | Dog, Field(discriminator="type")] | None = None
    many: list[Annotated[Cat | Dog, Field(discriminator="type")]] = []
    plain: Cat | Dog | None = None
    tagged: Annotated[
        Annotated[Cat, Tag("cat")] | Annotated[Dog, Tag("dog")], Discriminator(tag_of)
    ]


@dataclasses.dataclass
class Point:
    """A point."""

    x: int
    y: int = 0
    names: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Bare:
    a: int | None = None


@pydantic.dataclasses.dataclass
class Checked:
    a: int = Field(gt=3, description="More than three")
    b: Point | None = None


class Movie(TypedDict):
    """A movie."""

    title: str
    year: NotRequired[int]


class Partial(TypedDict, total=False):
    a: int
    b: Required[str]


class Spot(NamedTuple):
    x: int
    y: float = 0.5


@dataclasses.dataclass
class Box(Generic[T]):
    """Holds one."""

    content: T


class Typed(TypedDict, Generic[T]):
    value: T


Ids = TypeAliasType("Ids", list[int])
Pairs = TypeAliasType("Pairs", list[tuple[T, T]], type_params=(T,))


class Aliased(BaseModel):
    ids: Ids
    described: Annotated[Ids, Field(description="Some ids")] = []
    pairs: Pairs[int]
    maybe: Ids | None = None
    box: Box[int]
    other: Box[Named]
    typed: Typed[str]


class Rest(BaseModel):
    point: Point
    bare: Bare
    checked: Checked
    movie: Movie
    partial: Partial
    spot: Spot
    names: Names
    table: Table


@app.post("/nodes", response_model=Node)
def nodes(node: Node) -> Any:
    """Makes a node.

    Indented:
        more
    \f
    Not shown.
    """
    return node


@app.post("/overriding")
def overriding(item: Overriding) -> Overriding:
    return item


@app.get("/pages")
def pages() -> Page[Named]: ...


@app.post("/pages")
def make_page(page: Page[Node], pair: Pair[str, int], named: NamedPage) -> Page[int]: ...


@app.get("/wrapped")
def wrapped() -> Wrapped[list[Named], int]: ...


@app.get("/deep")
def deep() -> Page[Page[dict[str, Named] | None]]: ...


@app.post("/unbound")
def unbound(page: Page) -> Pair: ...


@app.post("/camel")
def camel(item: Camel) -> Camel: ...


@app.post("/aliases")
def aliases(item: Aliases) -> Aliases: ...


@app.post("/old")
def old(item: OldConfig, extra: Extra) -> dict[str, Extra]: ...


@app.post("/computed")
def computed(item: Holder) -> Holder: ...


@app.post("/serialized")
def serialized(item: Serialized) -> Serialized: ...


@app.post("/text")
def text(item: AsText) -> AsText: ...


@app.post("/pets")
def pets(item: Pets) -> Pets: ...


@app.post("/shapes")
def shapes(
    item: Annotated[Circle | Square, Field(discriminator="shape")] | None = None,
) -> list[Circle | Square]: ...


@app.post("/rest")
def rest(item: Rest) -> Rest: ...


@app.post("/aliased")
def aliased(item: Aliased, ids: Ids) -> Ids: ...


@app.get("/by-alias")
def by_alias(q: Ids | None = None) -> Aliased: ...


@app.post("/points")
def points(points: list[Point]) -> tuple[Point, Movie]: ...
