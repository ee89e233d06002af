"""One page of a longer list."""

from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel


class PageParams(BaseModel):
    """Which part of a list is asked for."""

    limit: int
    offset: int


def get_page_params(
    limit: Annotated[int, Query(ge=1, le=100, description="How many, at most")] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to skip")] = 0,
) -> PageParams:
    """Read which part of a list is asked for."""
    return PageParams(limit=limit, offset=offset)


PageDep = Annotated[PageParams, Depends(get_page_params)]


{% if not has_type_parameters %}
T = TypeVar("T")


class Page(BaseModel, Generic[T]):
{% else %}
class Page[T](BaseModel):
{% endif %}
    """A part of a list, and how long the whole is."""

    items: list[T]
    total: int
    limit: int
    offset: int
