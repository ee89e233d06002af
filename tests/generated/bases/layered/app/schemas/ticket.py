import uuid

from pydantic import BaseModel, Field

from app.models.ticket import TicketStatus
from app.schemas.common import ResponseModel
from app.schemas.user import UserResponse


class TicketCreate(BaseModel):
    """A ticket to open."""

    subject: str = Field(min_length=1, max_length=200)
    body: str = Field(max_length=10_000)
    reporter_id: uuid.UUID


class TicketUpdate(BaseModel):
    """Changes of a ticket; fields that are not set stay as they are."""

    subject: str | None = Field(default=None, min_length=1, max_length=200)
    body: str | None = Field(default=None, max_length=10_000)
    status: TicketStatus | None = None


class TicketResponse(ResponseModel):
    """A ticket with the user who opened it."""

    subject: str
    body: str
    status: TicketStatus
    reporter: UserResponse
