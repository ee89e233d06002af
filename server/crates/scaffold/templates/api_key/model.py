"""The table of API keys."""

import uuid
from datetime import datetime

{% if is_sqlmodel %}
from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel
{% else %}
from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column
{% endif %}

{{ imports.base }}


{% if is_sqlmodel %}
class ApiKey(SQLModel, table=True):
    """A key with which a program calls the API."""

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    name: str = Field(max_length=100)
    secret_hash: str = Field(max_length=64)
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
{% else %}
class ApiKey({{ table.plain_bases }}):
    """A key with which a program calls the API."""

    __tablename__ = "api_keys"

    {{ table.plain_key }}
    name: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None] = mapped_column({{ table.moment }})
{% endif %}
