import enum
import uuid

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.models.user import User


class TicketStatus(enum.StrEnum):
    """How far a ticket has come."""

    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"


class Ticket(Base):
    """Something that a customer needs help with."""

    __tablename__ = "tickets"

    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[TicketStatus] = mapped_column(default=TicketStatus.OPEN, index=True)
    reporter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), index=True)

    reporter: Mapped[User] = relationship(lazy="raise")
