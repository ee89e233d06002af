"""Path operations of {{ many | spoken }}."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, status

{% if is_cursor %}
from {{ m.page }} import CursorDep, CursorPage
{% elif has_pages %}
from {{ m.page }} import Page, PageDep
{% endif %}
from {{ m.repository }} import {{ class }}RepositoryDep
from {{ m.schemas }} import {{ class }}Filter, {{ class }}Sort, {{ schema.create }}, {{ schema.read }}, {{ schema.update }}

router = APIRouter({{ router_arguments }})

{% set wanted_parameter = ", wanted: Annotated[" ~ class ~ "Filter, Depends()]" if filters else "" %}
{% set sort_parameter = ", sort: " ~ class ~ "Sort = \"-created_at\"" if sorts else "" %}
{% set told = ("wanted, " if filters else "") ~ ("sort=sort, " if sorts else "") %}
{% set newest_first = "" if sorts else ", the newest first" %}

@router.get("")
{% if is_cursor %}
{{ def }} list_{{ many }}({{ many }}: {{ class }}RepositoryDep, page: CursorDep{{ wanted_parameter }}) -> CursorPage[{{ schema.read }}]:
    """List {{ many | spoken }}{{ newest_first }}."""
    found, following = {{ aw }}{{ many }}.page({{ told }}limit=page.limit, after=page.after)
    shown = [{{ schema.read }}.model_validate({{ one }}) for {{ one }} in found]
    return CursorPage(items=shown, next_cursor=following.encoded() if following else None)
{% elif has_pages %}
{{ def }} list_{{ many }}({{ many }}: {{ class }}RepositoryDep, page: PageDep{{ wanted_parameter }}{{ sort_parameter }}) -> Page[{{ schema.read }}]:
    """List {{ many | spoken }}{{ newest_first }}."""
    found, total = {{ aw }}{{ many }}.page({{ told }}limit=page.limit, offset=page.offset)
    shown = [{{ schema.read }}.model_validate({{ one }}) for {{ one }} in found]
    return Page(items=shown, total=total, limit=page.limit, offset=page.offset)
{% else %}
{{ def }} list_{{ many }}(
    {{ many }}: {{ class }}RepositoryDep{{ wanted_parameter }},
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0{{ sort_parameter }},
) -> list[{{ schema.read }}]:
    """List {{ many | spoken }}{{ newest_first }}."""
    found, _ = {{ aw }}{{ many }}.page({{ told }}limit=limit, offset=offset)
    return [{{ schema.read }}.model_validate({{ one }}) for {{ one }} in found]
{% endif %}


@router.post("", status_code=status.HTTP_201_CREATED)
{{ def }} create_{{ one }}(data: {{ schema.create }}, {{ many }}: {{ class }}RepositoryDep) -> {{ schema.read }}:
    """Create {{ one | spoken | article }}."""
    return {{ schema.read }}.model_validate({{ aw }}{{ many }}.create(data))


@router.get("/{{ "{" }}{{ one }}_id}")
{{ def }} read_{{ one }}({{ one }}_id: {{ key.path }}, {{ many }}: {{ class }}RepositoryDep) -> {{ schema.read }}:
    """Read {{ one | spoken | article }}."""
    return {{ schema.read }}.model_validate({{ aw }}{{ many }}.get({{ one }}_id))


@router.patch("/{{ "{" }}{{ one }}_id}")
{{ def }} update_{{ one }}({{ one }}_id: {{ key.path }}, data: {{ schema.update }}, {{ many }}: {{ class }}RepositoryDep) -> {{ schema.read }}:
    """Change {{ one | spoken | article }}."""
    {{ one }} = {{ aw }}{{ many }}.get({{ one }}_id)
    return {{ schema.read }}.model_validate({{ aw }}{{ many }}.update({{ one }}, data))


@router.delete("/{{ "{" }}{{ one }}_id}", status_code=status.HTTP_204_NO_CONTENT)
{{ def }} delete_{{ one }}({{ one }}_id: {{ key.path }}, {{ many }}: {{ class }}RepositoryDep) -> None:
    """Delete {{ one | spoken | article }}."""
    {{ aw }}{{ many }}.delete({{ aw }}{{ many }}.get({{ one }}_id))
