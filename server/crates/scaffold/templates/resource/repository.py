"""{{ many | spoken | capitalize }} in the database."""

import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from {{ m.errors }} import ConflictError, NotFoundError
from {{ m.model }} import {{ class }}
{% for reference in references %}
from {{ reference.module }} import {{ reference.class }}
{% endfor %}
from {{ m.schemas }} import {{ class }}Create, {{ class }}Update
from {{ m.session }} import SessionDep


class {{ class }}Repository:
    """Reads and writes {{ many | spoken }}."""

    def __init__(self, session: SessionDep) -> None:
        """Work in the session of one request."""
        self.session = session

    async def get(self, {{ one }}_id: uuid.UUID) -> {{ class }}:
        """Read one; an error where there is none."""
        {{ one }} = await self.session.get({{ class }}, {{ one }}_id)
        if {{ one }} is None:
            raise NotFoundError("{{ one | spoken | capitalize }} not found")
        return {{ one }}

    async def page(self, *, limit: int, offset: int) -> tuple[Sequence[{{ class }}], int]:
        """Read some, the newest first, and count all."""
        newest = select({{ class }}).order_by({{ class }}.created_at.desc(), {{ class }}.id)
        rows = await self.session.scalars(newest.limit(limit).offset(offset))
        total = await self.session.scalar(select(func.count()).select_from({{ class }}))
        return rows.all(), total or 0

    async def create(self, data: {{ class }}Create) -> {{ class }}:
        """Write a new one."""
{% for field in fields if field.reference %}
        await self._check_{{ field.name }}(data.{{ field.name }}_id)
{% endfor %}
        {{ one }} = {{ class }}(**data.model_dump())
        self.session.add({{ one }})
        await self._commit()
        await self.session.refresh({{ one }})
        return {{ one }}

    async def update(self, {{ one }}: {{ class }}, data: {{ class }}Update) -> {{ class }}:
        """Change what was sent."""
        changes = data.model_dump(exclude_unset=True)
{% for field in fields if field.reference %}
        if "{{ field.name }}_id" in changes:
            await self._check_{{ field.name }}(data.{{ field.name }}_id)
{% endfor %}
        for name, value in changes.items():
            setattr({{ one }}, name, value)
        await self._commit()
        await self.session.refresh({{ one }})
        return {{ one }}

    async def delete(self, {{ one }}: {{ class }}) -> None:
        """Remove one."""
        await self.session.delete({{ one }})
        await self._commit()
{% for field in fields if field.reference %}

    async def _check_{{ field.name }}(self, {{ field.name }}_id: {{ field.key_type }} | None) -> None:
        if {{ field.name }}_id is not None and await self.session.get({{ field.reference.class }}, {{ field.name }}_id) is None:
            raise NotFoundError("{{ field.name | spoken | capitalize }} not found")
{% endfor %}

    async def _commit(self) -> None:
        try:
            await self.session.commit()
        except IntegrityError as error:
            await self.session.rollback()
            raise ConflictError("{{ one | spoken | capitalize }} is there already") from error


{{ class }}RepositoryDep = Annotated[{{ class }}Repository, Depends()]
