"""The table of users."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from {{ m.base }} import Base, TimestampMixin, UUIDMixin


class User(UUIDMixin, TimestampMixin, Base):
    """A user."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(320), unique=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    role: Mapped[str] = mapped_column(String(50), default="user")
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
