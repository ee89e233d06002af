"""Path operations of {{ many | spoken }}."""

import uuid

from fastapi import APIRouter, status

from {{ m.page }} import Page, PageDep
from {{ m.repository }} import {{ class }}RepositoryDep
from {{ m.schemas }} import {{ class }}Create, {{ class }}Read, {{ class }}Update

router = APIRouter(prefix="/{{ path }}", tags=["{{ many | spoken }}"])


@router.get("")
async def list_{{ many }}({{ many }}: {{ class }}RepositoryDep, page: PageDep) -> Page[{{ class }}Read]:
    """List {{ many | spoken }}, the newest first."""
    found, total = await {{ many }}.page(limit=page.limit, offset=page.offset)
    shown = [{{ class }}Read.model_validate({{ one }}) for {{ one }} in found]
    return Page(items=shown, total=total, limit=page.limit, offset=page.offset)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_{{ one }}(data: {{ class }}Create, {{ many }}: {{ class }}RepositoryDep) -> {{ class }}Read:
    """Create {{ one | spoken | article }}."""
    return {{ class }}Read.model_validate(await {{ many }}.create(data))


@router.get("/{{ "{" }}{{ one }}_id}")
async def read_{{ one }}({{ one }}_id: uuid.UUID, {{ many }}: {{ class }}RepositoryDep) -> {{ class }}Read:
    """Read {{ one | spoken | article }}."""
    return {{ class }}Read.model_validate(await {{ many }}.get({{ one }}_id))


@router.patch("/{{ "{" }}{{ one }}_id}")
async def update_{{ one }}({{ one }}_id: uuid.UUID, data: {{ class }}Update, {{ many }}: {{ class }}RepositoryDep) -> {{ class }}Read:
    """Change {{ one | spoken | article }}."""
    {{ one }} = await {{ many }}.get({{ one }}_id)
    return {{ class }}Read.model_validate(await {{ many }}.update({{ one }}, data))


@router.delete("/{{ "{" }}{{ one }}_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_{{ one }}({{ one }}_id: uuid.UUID, {{ many }}: {{ class }}RepositoryDep) -> None:
    """Delete {{ one | spoken | article }}."""
    await {{ many }}.delete(await {{ many }}.get({{ one }}_id))
