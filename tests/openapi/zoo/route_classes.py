"""Classes of routes that change what is shown, and what is shown of endpoints that are no plain functions."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Header
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, computed_field


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]

    @computed_field
    @property
    def loud(self) -> bool:
        return True


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


def token(x_token: Annotated[str, Header()]) -> str:
    return x_token


class Described(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        doc = endpoint.__doc__ or ""
        if "hidden" in doc:
            kwargs["include_in_schema"] = False
        if "guarded" in doc:
            kwargs["dependencies"] = [*(kwargs.get("dependencies") or []), Depends(token)]
        if "old" in doc:
            kwargs["deprecated"] = True
        if "cat" in doc:
            kwargs["response_model"] = Cat
            kwargs["status_code"] = 203
        kwargs["operation_id"] = f"{endpoint.__name__}_operation"
        kwargs["summary"] = f"{endpoint.__name__} of the class"
        super().__init__(path, endpoint, **kwargs)


def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


app = FastAPI(default_response_class=PlainTextResponse)
router = APIRouter(prefix="/described", route_class=Described)


@router.get("/hidden")
def never_shown() -> None:
    """This is hidden."""


@router.get("/guarded")
def guarded_one() -> None:
    """This is guarded, and old."""


@router.get("/wrapped")
@wrapped
def wrapped_one(limit: int = 10) -> Any:
    """Gives a cat."""


@router.get("/plain")
def plain_one() -> str: ...


def numbered(route: APIRoute, number: int) -> str:
    return f"{route.name}_{number}"


app.include_router(router)
several = APIRouter()


@several.get("/several")
def one_of_several() -> None: ...


for version in (1, 10):
    app.include_router(
        several,
        prefix=f"/v{version}",
        generate_unique_id_function=lambda route, version=version: numbered(route, version),
    )


@app.post("/pets")
def pets(pet: Pet) -> list[Pet]: ...


def of_kind(kind: str, count: int = 1) -> None:
    """Of a kind."""


class Called:
    """What is called."""

    def __call__(self, question: int) -> None:
        """Not shown."""


app.add_api_route("/partly", partial(of_kind, kind="x"), name="partly")
app.add_api_route("/called", Called(), name="called")
