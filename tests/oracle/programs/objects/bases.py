"""Classes that know their bases, and what calls make of them."""

from typing import Any, ClassVar, Generic, TypeVar, get_args

from fastapi import APIRouter, Depends, FastAPI, params
from pydantic import BaseModel, create_model

T = TypeVar("T")


class Controller(Generic[T]):
    registry: ClassVar[dict[str, Any]] = {}
    model: ClassVar[Any] = None
    prefix: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            found = get_args(base)
            if found and not isinstance(found[0], TypeVar):
                cls.model = found[0]
                cls.registry[cls.__name__] = cls

    def __init__(self) -> None:
        self.router = APIRouter(prefix=self.prefix)
        self.router.add_api_route("/", self.index, methods=["GET"], response_model=self.model)

    def index(self) -> Any: ...


class Numbers(Controller[int]):
    prefix = "/numbers"


class Texts(Controller[str]):
    prefix = "/texts"


app = FastAPI()
for controller in Controller.registry.values():
    app.include_router(controller().router)

Made = create_model("Made", a=(int, 3), b=(str, ...))


class More(Made):  # type: ignore[misc,valid-type]
    extra: int = 1


class Own(BaseModel):
    name: str


@app.get("/made")
def made(more: More = Depends()) -> None: ...


def auth(token: str) -> None: ...


def ensured(value: Any) -> Any:
    return value if isinstance(value, params.Depends) else Depends(value)


def again(value: Any) -> Any:
    return Depends(value.dependency if hasattr(value, "dependency") else value)


@app.get("/ensured")
def guarded(one: Any = ensured(Depends(auth)), other: Any = ensured(auth)) -> None: ...


@app.get("/again")
def guarded_again(one: Any = again(Depends(auth)), other: Any = again(auth)) -> None: ...
