"""{{ many | spoken | capitalize }} in the database."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
{% if is_sqlmodel %}
from sqlmodel import col, func, select
{% else %}
from sqlalchemy import func, select
{% endif %}
from sqlalchemy.exc import IntegrityError

{{ imports.errors }}
from {{ m.model }} import {{ class }}
from {{ m.schemas }} import {{ schema.create }}, {{ schema.update }}
{{ imports.session }}


class {{ class }}Repository:
    """Reads and writes {{ many | spoken }}."""

    def __init__(self, session: {{ session.annotation }}) -> None:
        """Work in the session of one request."""
        self.session = session

    {{ def }} get(self, {{ one }}_id: {{ key.python }}) -> {{ class }}:
        """Read one; an error where there is none."""
        {{ one }} = {{ aw }}self.session.get({{ class }}, {{ one }}_id)
        if {{ one }} is None{{ " or " ~ one ~ ".deleted_at is not None" if is_soft }}:
            raise {{ error(404, found) }}
        return {{ one }}

    {{ def }} page(self, *, limit: int, offset: int) -> tuple[Sequence[{{ class }}], int]:
        """Read some, the newest first, and count all."""
{% if is_soft %}
        is_kept = {{ col(class ~ ".deleted_at") }}.is_(None)
{% endif %}
        newest = select({{ class }}){{ ".where(is_kept)" if is_soft }}.order_by({{ col(class ~ ".created_at") }}.desc(), {{ col(class ~ ".id") }})
{% if is_sqlmodel %}
        rows = {{ aw }}self.session.exec(newest.limit(limit).offset(offset))
        counts = {{ aw }}self.session.exec(select(func.count()).select_from({{ class }}){{ ".where(is_kept)" if is_soft }})
        return rows.all(), counts.one()
{% else %}
        rows = {{ aw }}self.session.scalars(newest.limit(limit).offset(offset))
        total = {{ aw }}self.session.scalar(select(func.count()).select_from({{ class }}){{ ".where(is_kept)" if is_soft }})
        return rows.all(), total or 0
{% endif %}

    {{ def }} create(self, data: {{ schema.create }}) -> {{ class }}:
        """Write a new one."""
        {{ one }} = {{ class }}(**data.model_dump())
        self.session.add({{ one }})
        {{ aw }}self._commit()
        {{ aw }}self.session.refresh({{ one }})
        return {{ one }}

    {{ def }} update(self, {{ one }}: {{ class }}, data: {{ schema.update }}) -> {{ class }}:
        """Change what was sent."""
        for name, value in data.model_dump(exclude_unset=True).items():
            setattr({{ one }}, name, value)
        {{ aw }}self._commit()
        {{ aw }}self.session.refresh({{ one }})
        return {{ one }}

    {{ def }} delete(self, {{ one }}: {{ class }}) -> None:
{% if is_soft %}
        """Mark one as deleted: it is served no more, and stays in the database."""
        {{ one }}.deleted_at = datetime.now(UTC)
{% else %}
        """Remove one."""
        {{ aw }}self.session.delete({{ one }})
{% endif %}
        {{ aw }}self._commit()

    {{ def }} _commit(self) -> None:
        try:
            {{ aw }}self.session.commit()
        except IntegrityError as error:
            {{ aw }}self.session.rollback()
            raise {{ error(409, conflict) }} from error


{{ class }}RepositoryDep = Annotated[{{ class }}Repository, Depends()]
