"""Path operations of {{ many | spoken }}."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query, status

{% if has_pages %}
from {{ m.page }} import Page, PageDep
{% endif %}
from {{ m.repository }} import {{ class }}RepositoryDep
from {{ m.schemas }} import {{ class }}Create, {{ class }}Read, {{ class }}Update

router = APIRouter({{ router_arguments }})


{% if has_pages %}
@router.get("")
{{ def }} list_{{ many }}({{ many }}: {{ class }}RepositoryDep, page: PageDep) -> Page[{{ class }}Read]:
    """List {{ many | spoken }}, the newest first."""
    found, total = {{ aw }}{{ many }}.page(limit=page.limit, offset=page.offset)
    shown = [{{ class }}Read.model_validate({{ one }}) for {{ one }} in found]
    return Page(items=shown, total=total, limit=page.limit, offset=page.offset)
{% else %}
@router.get("")
{{ def }} list_{{ many }}(
    {{ many }}: {{ class }}RepositoryDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[{{ class }}Read]:
    """List {{ many | spoken }}, the newest first."""
    found, _ = {{ aw }}{{ many }}.page(limit=limit, offset=offset)
    return [{{ class }}Read.model_validate({{ one }}) for {{ one }} in found]
{% endif %}


@router.post("", status_code=status.HTTP_201_CREATED)
{{ def }} create_{{ one }}(data: {{ class }}Create, {{ many }}: {{ class }}RepositoryDep) -> {{ class }}Read:
    """Create {{ one | spoken | article }}."""
    return {{ class }}Read.model_validate({{ aw }}{{ many }}.create(data))


@router.get("/{{ "{" }}{{ one }}_id}")
{{ def }} read_{{ one }}({{ one }}_id: {{ key.path }}, {{ many }}: {{ class }}RepositoryDep) -> {{ class }}Read:
    """Read {{ one | spoken | article }}."""
    return {{ class }}Read.model_validate({{ aw }}{{ many }}.get({{ one }}_id))


@router.patch("/{{ "{" }}{{ one }}_id}")
{{ def }} update_{{ one }}({{ one }}_id: {{ key.path }}, data: {{ class }}Update, {{ many }}: {{ class }}RepositoryDep) -> {{ class }}Read:
    """Change {{ one | spoken | article }}."""
    {{ one }} = {{ aw }}{{ many }}.get({{ one }}_id)
    return {{ class }}Read.model_validate({{ aw }}{{ many }}.update({{ one }}, data))


@router.delete("/{{ "{" }}{{ one }}_id}", status_code=status.HTTP_204_NO_CONTENT)
{{ def }} delete_{{ one }}({{ one }}_id: {{ key.path }}, {{ many }}: {{ class }}RepositoryDep) -> None:
    """Delete {{ one | spoken | article }}."""
    {{ aw }}{{ many }}.delete({{ aw }}{{ many }}.get({{ one }}_id))
