from uuid import uuid4

from httpx import AsyncClient
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.projects.models import Project
from app.users.models import User


@pytest.fixture
async def project(session: AsyncSession, user: User) -> Project:
    project = Project(name="Kernel", owner=user)
    session.add(project)
    await session.commit()
    return project


async def test_create_project(client: AsyncClient, user: User) -> None:
    data = {"name": "Kernel", "owner_id": str(user.id)}
    response = await client.post("/api/projects", json=data)
    assert response.status_code == 201
    assert response.json()["owner"]["username"] == user.username


async def test_create_project_unknown_owner(client: AsyncClient) -> None:
    data = {"name": "Kernel", "owner_id": str(uuid4())}
    response = await client.post("/api/projects", json=data)
    assert response.status_code == 404


async def test_list_projects(client: AsyncClient, project: Project) -> None:
    response = await client.get("/api/projects", params={"limit": 10})
    assert response.status_code == 200
    page = response.json()
    assert page["total"] == 1
    assert page["items"][0]["id"] == str(project.id)


async def test_update_project(client: AsyncClient, project: Project) -> None:
    response = await client.patch(
        f"/api/projects/{project.id}", json={"due_on": "2027-01-31"}
    )
    assert response.status_code == 200
    assert response.json()["due_on"] == "2027-01-31"
    assert response.json()["name"] == "Kernel"


async def test_delete_project(client: AsyncClient, project: Project) -> None:
    response = await client.delete(f"/api/projects/{project.id}")
    assert response.status_code == 204
    response = await client.get(f"/api/projects/{project.id}")
    assert response.status_code == 404
