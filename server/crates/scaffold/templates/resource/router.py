"""Path operations of {{ many | spoken }}."""

import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, status

{% if is_cursor %}
from {{ m.page }} import CursorDep, CursorPage, CursorParams, get_cursor_params
{% elif has_pages %}
from {{ m.page }} import Page, PageDep, PageParams, get_page_params
{% endif %}
from {{ m.model }} import {{ class }}
from {{ m.repository }} import {{ class }}Repository, {{ class }}RepositoryDep
from {{ m.schemas }} import {{ class }}Filter, {{ class }}Sort, {{ schema.create }}, {{ schema.read }}, {{ schema.update }}

router = APIRouter({{ router_arguments }})

{% set repository = dep(class ~ "RepositoryDep", class ~ "Repository", "Depends()") %}
{% set page = dep("PageDep", "PageParams", "Depends(get_page_params)") %}
{% set cursor = dep("CursorDep", "CursorParams", "Depends(get_cursor_params)") %}
{% set wanted_parameter = ", wanted: Annotated[" ~ class ~ "Filter, Depends()]" if filters else "" %}
{% set sort_parameter = ", sort: " ~ class ~ "Sort = \"-created_at\"" if sorts else "" %}
{% set told = ("wanted, " if filters else "") ~ ("sort=sort, " if sorts else "") %}
{% set said = ", response_model=" ~ schema.read if says_model else "" %}
{% set answer = class if says_model else schema.read %}
{% set shown = "" if says_model else schema.read ~ ".model_validate" %}
{% set newest_first = "" if sorts else ", the newest first" %}

{% if has_pages or is_cursor or not says_model %}
@router.get("")
{% else %}
@router.get("", response_model=list[{{ schema.read }}])
{% endif %}
{% if is_cursor %}
{{ def }} list_{{ many }}({{ many }}: {{ repository }}, page: {{ cursor }}{{ wanted_parameter }}) -> CursorPage[{{ schema.read }}]:
    """List {{ many | spoken }}{{ newest_first }}."""
    found, following = {{ aw }}{{ many }}.page({{ told }}limit=page.limit, after=page.after)
    shown = [{{ schema.read }}.model_validate({{ one }}) for {{ one }} in found]
    return CursorPage(items=shown, next_cursor=following.encoded() if following else None)
{% elif has_pages %}
{{ def }} list_{{ many }}({{ many }}: {{ repository }}, page: {{ page }}{{ wanted_parameter }}{{ sort_parameter }}) -> Page[{{ schema.read }}]:
    """List {{ many | spoken }}{{ newest_first }}."""
    found, total = {{ aw }}{{ many }}.page({{ told }}limit=page.limit, offset=page.offset)
    shown = [{{ schema.read }}.model_validate({{ one }}) for {{ one }} in found]
    return Page(items=shown, total=total, limit=page.limit, offset=page.offset)
{% else %}
{{ def }} list_{{ many }}(
    {{ many }}: {{ repository }}{{ wanted_parameter }},
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0{{ sort_parameter }},
) -> {{ "Sequence[" ~ class ~ "]" if says_model else "list[" ~ schema.read ~ "]" }}:
    """List {{ many | spoken }}{{ newest_first }}."""
    found, _ = {{ aw }}{{ many }}.page({{ told }}limit=limit, offset=offset)
{% if says_model %}
    return found
{% else %}
    return [{{ schema.read }}.model_validate({{ one }}) for {{ one }} in found]
{% endif %}
{% endif %}


@router.post(""{{ said }}, status_code=status.HTTP_201_CREATED)
{{ def }} create_{{ one }}(data: {{ schema.create }}, {{ many }}: {{ repository }}) -> {{ answer }}:
    """Create {{ one | spoken | article }}."""
    return {{ shown }}({{ aw }}{{ many }}.create(data))


@router.get("/{{ "{" }}{{ one }}_id}"{{ said }})
{{ def }} read_{{ one }}({{ one }}_id: {{ key.path }}, {{ many }}: {{ repository }}) -> {{ answer }}:
    """Read {{ one | spoken | article }}."""
    return {{ shown }}({{ aw }}{{ many }}.get({{ one }}_id))


@router.patch("/{{ "{" }}{{ one }}_id}"{{ said }})
{{ def }} update_{{ one }}({{ one }}_id: {{ key.path }}, data: {{ schema.update }}, {{ many }}: {{ repository }}) -> {{ answer }}:
    """Change {{ one | spoken | article }}."""
    {{ one }} = {{ aw }}{{ many }}.get({{ one }}_id)
    return {{ shown }}({{ aw }}{{ many }}.update({{ one }}, data))


@router.delete("/{{ "{" }}{{ one }}_id}", status_code=status.HTTP_204_NO_CONTENT)
{{ def }} delete_{{ one }}({{ one }}_id: {{ key.path }}, {{ many }}: {{ repository }}) -> None:
    """Delete {{ one | spoken | article }}."""
    {{ aw }}{{ many }}.delete({{ aw }}{{ many }}.get({{ one }}_id))
