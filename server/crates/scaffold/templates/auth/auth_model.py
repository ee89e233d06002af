"""The tables of sessions and of password resets."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from {{ m.base }} import Base, TimestampMixin, UTCDateTime, UUIDMixin


class AuthSession(UUIDMixin, TimestampMixin, Base):
    """A family of refresh tokens that one login begins; only one is valid."""

    __tablename__ = "auth_sessions"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PasswordReset(UUIDMixin, TimestampMixin, Base):
    """A password reset, its token stored as a hash; it goes when it is used."""

    __tablename__ = "password_resets"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
