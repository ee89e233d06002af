"""What the others ask for."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel


class Page(BaseModel):
    """Where a list begins and ends."""

    start: int = 0
    size: int


class Trace(BaseModel):
    """What a client says of itself."""

    request_id: str
    agent: str = "none"


def page(page: Annotated[Page, Query()]) -> Page:
    return page
