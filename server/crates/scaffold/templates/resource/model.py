"""The table of {{ many | spoken }}."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import JSON, DateTime, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from {{ m.base }} import Base, TimestampMixin, UTCDateTime, UUIDMixin
{% if not is_shared and references %}

if TYPE_CHECKING:
{% for reference in references %}
    from {{ reference.module }} import {{ reference.class }}
{% endfor %}
{% endif %}


class {{ class }}(UUIDMixin, TimestampMixin, Base):
    """{{ one | spoken | article | capitalize }}."""

    __tablename__ = "{{ table }}"

{% for field in fields %}
{% if field.reference %}
    {{ field.name }}_id: Mapped[{{ field.key_type }}{{ " | None" if field.optional }}] = mapped_column(ForeignKey("{{ field.reference.table }}.id"), index=True)
{% else %}
    {{ field.name }}: Mapped[{{ field.python }}{{ " | None" if field.optional }}]{{ field.column }}
{% endif %}
{% endfor %}
{% for field in fields if field.reference %}
    {{ field.name }}: Mapped["{{ field.reference.class }}{{ " | None" if field.optional }}"] = relationship(lazy="raise")
{% endfor %}
