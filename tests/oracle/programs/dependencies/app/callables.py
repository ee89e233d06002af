from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Header, Request, Security, params
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer, SecurityScopes

oauth2 = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Oneself", "items": "Items"})
api_key = APIKeyHeader(name="X-API-Key", auto_error=False)
Token = Annotated[str, Depends(oauth2)]
T = TypeVar("T")


def get_settings() -> dict[str, str]:
    return {}


async def get_session(settings: Annotated[dict[str, str], Depends(get_settings)]):
    yield settings


Session = Annotated[object, Depends(get_session, scope="function")]


def get_user(scopes: SecurityScopes, token: Token, session: Session) -> str:
    return token


User = Annotated[str, Security(get_user, scopes=["me"])]


def get_active(user: User) -> str:
    return user


Active = Annotated[str, Security(get_active, scopes=["items"])]


class Pagination:
    def __init__(self, request: Request, session: Session, skip: int = 0, limit: int = 10):
        self.range = skip, limit


class Search:
    def __init__(self, q: str | None = None):
        self.q = q


class TitleSearch(Search):
    pass


class Checker:
    def __init__(self, role: str):
        self.role = role

    def __call__(self, user: User, x_role: Annotated[str | None, Header()] = None) -> bool:
        return x_role == self.role


class SessionChecker(Checker):
    async def __call__(self, session: Session) -> bool:
        return bool(session)


class Service:
    def check(self, session: Session, flag: bool = False) -> bool:
        return flag

    @classmethod
    def make(cls, session: Session) -> Service:
        return cls()

    @staticmethod
    def plain(session: Session) -> None:
        return None


class Repository(Generic[T]):
    def __init__(self, session: Session, table: str = "t"):
        self.table = table


class Users(Repository[int]):
    pass


@dataclasses.dataclass
class Parameters:
    session: Session
    q: str | None = None
    page: int = 1


class OwnBearer(HTTPBearer):
    async def __call__(self, request: Request):
        return await super().__call__(request)


def with_number(n: int, session: Session) -> int:
    return n


def made(name: str):
    def inner(session: Session) -> str:
        return name

    return inner


def verify_key(x_key: Annotated[str, Header()]) -> None:
    return None


def trace(trace: Annotated[str | None, Header()] = None) -> None:
    return None


def of_include() -> None:
    return None


service = Service()
need_admin = Checker("admin")
own_bearer = OwnBearer()
anew = Depends(get_settings, use_cache=False)
three = partial(with_number, 3)


class Resolved(params.Depends):
    """What `Depends` gives, with more to say."""

    def __init__(self, dependency: Callable[..., object], kind: type) -> None:
        super().__init__(dependency)
        object.__setattr__(self, "kind", kind)


def resolved(kind: type) -> Any:
    async def resolve(settings: dict[str, str] = Depends(get_settings)) -> object:
        return kind()

    return Resolved(resolve, kind)


def copied(function: FunctionType) -> Any:
    copy = FunctionType(
        function.__code__,
        function.__globals__,
        name=function.__name__,
        argdefs=function.__defaults__,
        closure=function.__closure__,
    )
    copy = functools.update_wrapper(copy, function)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


get_session_again = copied(get_session)
