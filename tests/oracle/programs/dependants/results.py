"""Signatures that code gives to functions, with and without what they return."""

import inspect
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, Dict, List

from fastapi import Depends, FastAPI
from fastapi.dependencies.utils import get_typed_signature


def dep() -> None: ...


def more(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def inner(*args: Any, **kwargs: Any) -> None: ...

    signature = inspect.signature(function)
    extra = Parameter("zz", Parameter.KEYWORD_ONLY, annotation=int)
    parameters = [*signature.parameters.values(), extra]
    inner.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return inner


def without_result(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def inner(*args: Any, **kwargs: Any) -> None: ...

    signature = inspect.signature(function)
    inner.__signature__ = signature.replace(return_annotation=Signature.empty)  # type: ignore[attr-defined]
    return inner


def anew(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def inner(*args: Any, **kwargs: Any) -> None: ...

    signature = inspect.signature(function)
    parameters = [one for name, one in signature.parameters.items() if name != "q"]
    made = Signature(parameters, return_annotation=signature.return_annotation)
    inner.__signature__ = made  # type: ignore[attr-defined]
    return inner


def typed(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def inner(*args: Any, **kwargs: Any) -> None: ...

    inner.__signature__ = get_typed_signature(function)  # type: ignore[attr-defined]
    return inner


app = FastAPI()
decorators: Dict[str, Callable[..., Any]] = {
    "more": more,
    "without": without_result,
    "anew": anew,
    "typed": typed,
    "twice": lambda function: more(typed(function)),
}
for name, decorator in decorators.items():

    @app.get(f"/{name}")
    @decorator
    async def endpoint(q: int, r: int = 3, d: None = Depends(dep)) -> List[int]: ...
