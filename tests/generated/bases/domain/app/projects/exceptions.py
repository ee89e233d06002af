from uuid import UUID

from app.exceptions import NotFoundError


class ProjectNotFoundError(NotFoundError):
    def __init__(self, project_id: UUID) -> None:
        super().__init__(f"Project {project_id} doesn't exist")
