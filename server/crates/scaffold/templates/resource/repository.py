"""{{ many | spoken | capitalize }} in the database."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends
{% if is_sqlmodel %}
from sqlalchemy import ColumnElement, DateTime, literal
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import and_, col, func, or_, select
{% else %}
from sqlalchemy import ColumnElement, DateTime, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload
{% endif %}
from sqlalchemy.exc import IntegrityError

{{ imports.errors }}
from {{ m.model }} import {{ class }}
{% for relation in relations %}
from {{ relation.module }} import {{ relation.class }}
{% endfor %}
from {{ m.schemas }} import {{ class }}Filter, {{ class }}Sort, {{ schema.create }}, {{ schema.update }}
{% if is_cursor %}
from {{ m.page }} import Cursor
{{ imports.base }}
{% endif %}
{{ imports.session }}

{% set write = "_flush" if has_transaction else "_commit" %}
{% set along = relations | selectattr("label") | list %}
{% set loads %}{% for relation in along %}joinedload({{ class }}.{{ relation.name }}){{ ", " if not loop.last }}{% endfor %}{% endset %}
{% set has_loads = along and not is_sqlmodel %}
{% set shown = "select(" ~ class ~ ")" ~ (".options(" ~ loads ~ ")" if has_loads else "") %}
{% set where = ".where(*conditions)" if filters else (".where(is_kept)" if is_soft else "") %}


class {{ class }}Repository:
    """Reads and writes {{ many | spoken }}."""

    def __init__(self, session: {{ session.annotation }}) -> None:
        """Work in the session of one request."""
        self.session = session

    {{ def }} get(self, {{ one }}_id: {{ key.python }}) -> {{ class }}:
        """Read one; an error where there is none."""
        {{ one }} = {{ aw }}self.session.get({{ class }}, {{ one }}_id{{ ", options=[" ~ loads ~ "]" if has_loads }})
        if {{ one }} is None{{ " or " ~ one ~ ".deleted_at is not None" if is_soft }}:
            raise {{ error(404, found) }}
        return {{ one }}

{% if is_cursor %}
    {{ def }} page(self, {{ "wanted: " ~ class ~ "Filter, " if filters }}*, limit: int, after: Cursor | None) -> tuple[Sequence[{{ class }}], Cursor | None]:
        """Read some, the newest first, and say behind which row the next ones are."""
{% if filters %}
        conditions = self._matching(wanted)
{% elif is_soft %}
        is_kept = {{ col(class ~ ".deleted_at") }}.is_(None)
{% endif %}
        newest = {{ shown }}{{ where }}.order_by({{ col(class ~ ".created_at") }}.desc(), {{ col(class ~ ".id") }}.desc())
        if after is not None:
            newest = newest.where(self._is_behind(after))
{% if is_sqlmodel %}
        rows = {{ "(" if aw }}{{ aw }}self.session.exec(newest.limit(limit + 1)){{ ")" if aw }}.all()
{% else %}
        rows = {{ "(" if aw }}{{ aw }}self.session.scalars(newest.limit(limit + 1)){{ ")" if aw }}.all()
{% endif %}
        if len(rows) <= limit:
            return rows, None
        last = rows[limit - 1]
        return rows[:limit], Cursor(created_at=last.created_at, id=last.id)
{% else %}
    {{ def }} page(self, {{ "wanted: " ~ class ~ "Filter, " if filters }}*, {{ "sort: " ~ class ~ "Sort, " if sorts }}limit: int, offset: int) -> tuple[Sequence[{{ class }}], int]:
        """Read some, {{ "in order" if sorts else "the newest first" }}, and count all{{ " that match" if filters }}."""
{% if filters %}
        conditions = self._matching(wanted)
{% elif is_soft %}
        is_kept = {{ col(class ~ ".deleted_at") }}.is_(None)
{% endif %}
{% if sorts %}
        found = {{ shown }}{{ where }}.order_by(self._order(sort), {{ col(class ~ ".id") }})
{% else %}
        found = {{ shown }}{{ where }}.order_by({{ col(class ~ ".created_at") }}.desc(), {{ col(class ~ ".id") }})
{% endif %}
{% if is_sqlmodel %}
        rows = {{ aw }}self.session.exec(found.limit(limit).offset(offset))
        counts = {{ aw }}self.session.exec(select(func.count()).select_from({{ class }}){{ where }})
        return rows.all(), counts.one()
{% else %}
        rows = {{ aw }}self.session.scalars(found.limit(limit).offset(offset))
        total = {{ aw }}self.session.scalar(select(func.count()).select_from({{ class }}){{ where }})
        return rows.all(), total or 0
{% endif %}
{% endif %}

    {{ def }} create(self, data: {{ schema.create }}) -> {{ class }}:
        """Write a new one."""
{% if relations %}
        {{ aw }}self._check_references(data)
{% endif %}
        {{ one }} = {{ class }}(**data.model_dump())
        self.session.add({{ one }})
        {{ aw }}self.{{ write }}()
        {{ aw }}self.session.refresh({{ one }})
{% if has_loads %}
        {{ aw }}self.session.refresh({{ one }}, [{% for relation in along %}"{{ relation.name }}"{{ ", " if not loop.last }}{% endfor %}])
{% endif %}
        return {{ one }}

    {{ def }} update(self, {{ one }}: {{ class }}, data: {{ schema.update }}) -> {{ class }}:
        """Change what was sent."""
{% if relations %}
        {{ aw }}self._check_references(data)
{% endif %}
        for name, value in data.model_dump(exclude_unset=True).items():
            setattr({{ one }}, name, value)
        {{ aw }}self.{{ write }}()
        {{ aw }}self.session.refresh({{ one }})
{% if has_loads %}
        {{ aw }}self.session.refresh({{ one }}, [{% for relation in along %}"{{ relation.name }}"{{ ", " if not loop.last }}{% endfor %}])
{% endif %}
        return {{ one }}

    {{ def }} delete(self, {{ one }}: {{ class }}) -> None:
{% if is_soft %}
        """Mark one as deleted: it is served no more, and stays in the database."""
        {{ one }}.deleted_at = datetime.now(UTC)
{% else %}
        """Remove one."""
        {{ aw }}self.session.delete({{ one }})
{% endif %}
        {{ aw }}self.{{ write }}()

{% if filters %}
    def _matching(self, wanted: {{ class }}Filter) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [{{ col(class ~ ".deleted_at") ~ ".is_(None)" if is_soft }}]
{% for filter in filters %}
        if wanted.{{ filter.name }} is not None:
            conditions.append({{ col(class ~ "." ~ filter.column) }} {{ filter.operator }} wanted.{{ filter.name }})
{% endfor %}
        return conditions

{% endif %}
{% if sorts %}
    def _order(self, sort: {{ class }}Sort) -> ColumnElement[Any]:
        columns: dict[str, {{ "Mapped" if is_sqlmodel else "InstrumentedAttribute" }}[Any]] = {
{% for sort in sorts %}
            "{{ sort }}": {{ col(class ~ "." ~ sort) }},
{% endfor %}
        }
        column = columns[sort.removeprefix("-")]
        return column.desc() if sort.startswith("-") else column.asc()

{% endif %}
{% if is_cursor %}
    def _is_behind(self, after: Cursor) -> ColumnElement[bool]:
        # By what is stored: SQLite keeps moments less exactly than they are sent.
        last = aliased({{ class }})
        stored = select({{ col("last.created_at") }}).where({{ col("last.id") }} == after.id).scalar_subquery()
        moment = func.coalesce(stored, literal(after.created_at, {{ cursor_moment }}))
        return or_(
            {{ col(class ~ ".created_at") }} < moment,
            and_({{ col(class ~ ".created_at") }} == moment, {{ col(class ~ ".id") }} < after.id),
        )

{% endif %}
{% if relations %}
    {{ def }} _check_references(self, data: {{ schema.create }} | {{ schema.update }}) -> None:
{% for relation in relations %}
        if data.{{ relation.key }} is not None:
{% if relation.has_whole_key %}
            {{ relation.name }} = {{ aw }}self.session.get({{ relation.class }}, data.{{ relation.key }})
{% else %}
            {{ relation.name }} = {{ first("select(" ~ relation.class ~ ").where(" ~ col(relation.class ~ "." ~ relation.table_key) ~ " == data." ~ relation.key ~ ")") }}
{% endif %}
            if {{ relation.name }} is None{{ relation.gone }}:
                raise {{ error(404, relation.missing) }}
{% endfor %}

{% endif %}
    {{ def }} {{ write }}(self) -> None:
        try:
{% if has_transaction %}
            {{ aw }}self.session.flush()
        except IntegrityError as error:
{% else %}
            {{ aw }}self.session.commit()
        except IntegrityError as error:
            {{ aw }}self.session.rollback()
{% endif %}
            raise {{ error(409, conflict) }} from error


{{ class }}RepositoryDep = Annotated[{{ class }}Repository, Depends()]
