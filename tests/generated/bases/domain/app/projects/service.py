from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.projects.exceptions import ProjectNotFoundError
from app.projects.models import Project
from app.projects.schemas import ProjectCreate, ProjectUpdate
from app.users import service as users


async def get_project(session: AsyncSession, project_id: UUID) -> Project:
    project = await session.get(Project, project_id)
    if project is None:
        raise ProjectNotFoundError(project_id)
    return project


async def list_projects(
    session: AsyncSession, *, limit: int, offset: int
) -> tuple[Sequence[Project], int]:
    query = select(Project).order_by(Project.created_at, Project.id)
    projects = await session.scalars(query.limit(limit).offset(offset))
    total = await session.scalar(select(func.count()).select_from(Project))
    return projects.all(), total or 0


async def create_project(
    session: AsyncSession, data: ProjectCreate
) -> Project:
    owner = await users.get_user(session, data.owner_id)
    project = Project(owner=owner, **data.model_dump(exclude={"owner_id"}))
    session.add(project)
    await session.commit()
    return project


async def update_project(
    session: AsyncSession, project: Project, data: ProjectUpdate
) -> Project:
    changes = data.model_dump(exclude_unset=True)
    if changes.get("name") is None:
        changes.pop("name", None)
    for field, value in changes.items():
        setattr(project, field, value)
    await session.commit()
    return project


async def delete_project(session: AsyncSession, project: Project) -> None:
    await session.delete(project)
    await session.commit()
