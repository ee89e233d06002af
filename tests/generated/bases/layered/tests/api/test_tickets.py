import uuid

import pytest
import pytest_asyncio
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Ticket, User

URL = "/api/v1/tickets/"


@pytest_asyncio.fixture
async def ticket(db_session: AsyncSession, user: User) -> Ticket:
    ticket = Ticket(subject="Printer", body="It is on fire.", reporter_id=user.id)
    db_session.add(ticket)
    await db_session.commit()
    return ticket


@pytest.mark.asyncio
async def test_create_ticket(async_client: AsyncClient, user: User) -> None:
    payload = {"subject": "Printer", "body": "It is on fire.", "reporter_id": str(user.id)}
    response = await async_client.post(URL, json=payload)
    assert response.status_code == 201
    assert response.json()["status"] == "open"
    assert response.json()["reporter"]["email"] == user.email


@pytest.mark.asyncio
async def test_create_ticket_without_reporter(async_client: AsyncClient) -> None:
    payload = {"subject": "Printer", "body": "It is on fire.", "reporter_id": str(uuid.uuid4())}
    response = await async_client.post(URL, json=payload)
    assert response.status_code == 404


@pytest.mark.asyncio
async def test_list_tickets_by_cursor(async_client: AsyncClient, ticket: Ticket) -> None:
    response = await async_client.get(URL, params={"limit": 1})
    assert response.status_code == 200
    page = response.json()
    assert [item["id"] for item in page["items"]] == [str(ticket.id)]
    response = await async_client.get(URL, params={"limit": 1, "cursor": page["next_cursor"]})
    assert response.json() == {"items": [], "next_cursor": None}


@pytest.mark.asyncio
async def test_get_ticket_not_found(async_client: AsyncClient) -> None:
    response = await async_client.get(f"{URL}{uuid.uuid4()}")
    assert response.status_code == 404


@pytest.mark.asyncio
async def test_update_ticket(async_client: AsyncClient, ticket: Ticket) -> None:
    response = await async_client.patch(f"{URL}{ticket.id}", json={"status": "closed"})
    assert response.status_code == 200
    assert response.json()["status"] == "closed"
    assert response.json()["subject"] == "Printer"


@pytest.mark.asyncio
async def test_delete_ticket(async_client: AsyncClient, ticket: Ticket) -> None:
    response = await async_client.delete(f"{URL}{ticket.id}")
    assert response.status_code == 204
    response = await async_client.get(f"{URL}{ticket.id}")
    assert response.status_code == 404
