"""The table of users."""

import uuid
from datetime import datetime

{% if is_sqlmodel %}
from sqlalchemy import JSON
from sqlmodel import Field, SQLModel
{% else %}
from sqlalchemy import JSON, DateTime, String, func
from sqlalchemy.orm import Mapped, mapped_column
{% endif %}

{{ imports.base }}


{% if is_sqlmodel %}
class User(SQLModel, table=True):
    """A user."""

    id: {{ key.sqlmodel }}
    email: str = Field(max_length=320, unique=True)
    hashed_password: str = Field(max_length=255)
    is_active: bool = True
    role: str = Field(default="user", max_length=50)
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
{% else %}
class User({{ table.bases }}):
    """A user."""

    __tablename__ = "users"

    {{ table.key }}
    email: Mapped[str] = mapped_column(String(320), unique=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    role: Mapped[str] = mapped_column(String(50), default="user")
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
{% endif %}
