"""The tables of sessions and of password resets."""

import uuid
from datetime import datetime

{% if is_sqlmodel %}
from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel
{% else %}
from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
{% endif %}

{{ imports.base }}


{% if is_sqlmodel %}
class AuthSession(SQLModel, table=True):
    """The one session of a user: a family of refresh tokens."""

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    user_id: {{ key.python }} = Field(foreign_key="{{ user.table }}.id", ondelete="CASCADE", unique=True)
    token_hash: str = Field(max_length=64)
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))


class PasswordReset(SQLModel, table=True):
    """A password reset, its token stored as a hash; it goes when it is used."""

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    user_id: {{ key.python }} = Field(foreign_key="{{ user.table }}.id", ondelete="CASCADE", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
{% else %}
class AuthSession({{ table.plain_bases }}):
    """The one session of a user: a family of refresh tokens."""

    __tablename__ = "auth_sessions"

    {{ table.plain_key }}
    user_id: Mapped[{{ key.python }}] = mapped_column(ForeignKey("{{ user.table }}.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column({{ table.moment }})


class PasswordReset({{ table.plain_bases }}):
    """A password reset, its token stored as a hash; it goes when it is used."""

    __tablename__ = "password_resets"

    {{ table.plain_key }}
    user_id: Mapped[{{ key.python }}] = mapped_column(ForeignKey("{{ user.table }}.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column({{ table.moment }})
{% endif %}
