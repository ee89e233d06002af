"""Pages of a list, each with what leads to the next one."""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Annotated, Generic, Self, TypeVar

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel{{ ", Field" if key.python == "int" }}


def in_utc(moment: datetime) -> datetime:
    """Put a moment the way the database takes it{{ ": in UTC" if is_aware else ": in UTC, without a time zone" }}."""
{% if is_aware %}
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
{% else %}
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
{% endif %}


class Cursor(BaseModel):
    """The last row of a page: the next page begins behind it."""

    created_at: Annotated[datetime, AfterValidator(in_utc)]
    id: {{ "int = Field(ge=1, le=2_147_483_647)" if key.python == "int" else key.python }}

    def encoded(self) -> str:
        """Make a text of it, which clients hand back as it is."""
        return urlsafe_b64encode(self.model_dump_json().encode()).decode()

    @classmethod
    def decoded(cls, text: str) -> Self:
        """Read what `encoded` made; anything else is refused with 422."""
        try:
            return cls.model_validate_json(urlsafe_b64decode(text))
        except (ValueError, OverflowError) as error:
            problem = {
                "type": "value_error",
                "loc": ("query", "cursor"),
                "msg": "Value error, this is no cursor of a page",
                "input": text,
            }
            raise RequestValidationError([problem]) from error


class CursorParams(BaseModel):
    """Which part of a list is asked for."""

    limit: int
    after: Cursor | None


def get_cursor_params(
    limit: Annotated[int, Query(ge=1, le=100, description="How many, at most")] = 20,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before")] = None,
) -> CursorParams:
    """Read which part of a list is asked for."""
    after = None if cursor is None else Cursor.decoded(cursor)
    return CursorParams(limit=limit, after=after)


CursorDep = Annotated[CursorParams, Depends(get_cursor_params)]


{% if not has_type_parameters %}
T = TypeVar("T")


class CursorPage(BaseModel, Generic[T]):
{% else %}
class CursorPage[T](BaseModel):
{% endif %}
    """A part of a list, and what leads to the next one."""

    items: list[T]
    next_cursor: str | None
