"""Parameters of a class that a result names, added where routes are known."""

import inspect
from collections.abc import Callable
from copy import copy
from typing import Any, Generic, List, Optional, TypeVar

import pydantic
from fastapi import Depends, FastAPI, Query, Response
from fastapi.dependencies.utils import get_parameterless_sub_dependant, lenient_issubclass
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

T = TypeVar("T")
IS_SECOND = pydantic.VERSION.startswith("2.")

if IS_SECOND:
    GenericModel = BaseModel
else:
    from pydantic.generics import GenericModel


class Params(BaseModel):
    limit: int = Query(50, ge=1, le=100)
    offset: int = Query(0, ge=0)


class SearchParams(Params):
    limit: int = Query(10)
    q: Optional[str] = Query(None, alias="query")


class BasePage(GenericModel, Generic[T]):
    items: List[T]


class Page(BasePage[T], Generic[T]):
    __params_type__ = Params


class SearchPage(Page[T], Generic[T]):
    __params_type__ = SearchParams


def parameter(name: str, field: Any) -> inspect.Parameter:
    field = copy(field)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=field.annotation, default=field
    )


def dependency(page: Any) -> Callable[..., Any]:
    def params(**given: Any) -> Any:
        return given

    parameters = [
        parameter(name, field) for name, field in page.__params_type__.model_fields.items()
    ]
    params.__signature__ = inspect.signature(page.__params_type__).replace(parameters=parameters)  # type: ignore[attr-defined]
    return params


def paginate(app: FastAPI) -> None:
    for route in app.routes:
        if not isinstance(route, APIRoute) or not lenient_issubclass(
            route.response_model, BasePage
        ):
            continue
        depends = Depends(dependency(route.response_model))
        sub = get_parameterless_sub_dependant(depends=depends, path=route.path_format)
        route.dependant.dependencies.append(sub)


app = FastAPI()


@app.get("/by-model", response_model=Page[int])
def by_model() -> Any: ...


@app.get("/by-result")
def by_result() -> SearchPage[str]: ...


@app.get("/no-model", response_model=None)
def no_model() -> SearchPage[str]: ...


@app.get("/plain")
def plain() -> bool: ...


@app.get("/list")
def many() -> List[int]: ...


@app.get("/response")
def response() -> Response: ...


@app.get("/json")
def json() -> JSONResponse: ...


if IS_SECOND:
    paginate(app)
