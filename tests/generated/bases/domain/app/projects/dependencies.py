from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.database import Session
from app.projects import service
from app.projects.models import Project


async def valid_project(project_id: UUID, session: Session) -> Project:
    return await service.get_project(session, project_id)


ValidProject = Annotated[Project, Depends(valid_project)]
