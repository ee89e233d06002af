from fastapi import APIRouter, status

from app.database import Session
from app.pagination import Page, Paging
from app.projects import service
from app.projects.dependencies import ValidProject
from app.projects.models import Project
from app.projects.schemas import ProjectCreate, ProjectPublic, ProjectUpdate


router = APIRouter(prefix="/projects", tags=["Projects"])


@router.get("")
async def list_projects(
    paging: Paging, session: Session
) -> Page[ProjectPublic]:
    projects, total = await service.list_projects(
        session, limit=paging.limit, offset=paging.offset
    )
    return Page(
        items=[ProjectPublic.model_validate(project) for project in projects],
        total=total,
        limit=paging.limit,
        offset=paging.offset,
    )


@router.post(
    "", response_model=ProjectPublic, status_code=status.HTTP_201_CREATED
)
async def create_project(data: ProjectCreate, session: Session) -> Project:
    return await service.create_project(session, data)


@router.get("/{project_id}", response_model=ProjectPublic)
async def get_project(project: ValidProject) -> Project:
    return project


@router.patch("/{project_id}", response_model=ProjectPublic)
async def update_project(
    project: ValidProject, data: ProjectUpdate, session: Session
) -> Project:
    return await service.update_project(session, project, data)


@router.delete("/{project_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_project(project: ValidProject, session: Session) -> None:
    await service.delete_project(session, project)
