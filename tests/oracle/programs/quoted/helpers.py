"""What another module uses by dotted names."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

Limit = Annotated[int, Query(ge=1)]


class Other(BaseModel):
    a: int


def dep(inner: int) -> None: ...
