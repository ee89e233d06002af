import uuid
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, status

from app.api.deps import TicketRepositoryDep, UserRepositoryDep
from app.models.ticket import Ticket
from app.schemas.common import CursorPage
from app.schemas.ticket import TicketCreate, TicketResponse, TicketUpdate

router = APIRouter()


@router.get("/")
async def list_tickets(
    repository: TicketRepositoryDep,
    cursor: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> CursorPage[TicketResponse]:
    """List tickets."""
    tickets = await repository.list(cursor=cursor, limit=limit)
    return CursorPage(
        items=[TicketResponse.model_validate(ticket) for ticket in tickets],
        next_cursor=tickets[-1].id if len(tickets) == limit else None,
    )


@router.post("/", response_model=TicketResponse, status_code=status.HTTP_201_CREATED)
async def create_ticket(payload: TicketCreate, repository: TicketRepositoryDep, users: UserRepositoryDep) -> Ticket:
    """Open a ticket."""
    if await users.get(payload.reporter_id) is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Reporter not found")
    return await repository.create(**payload.model_dump())


@router.get("/{ticket_id}", response_model=TicketResponse)
async def get_ticket(ticket_id: uuid.UUID, repository: TicketRepositoryDep) -> Ticket:
    """Get a ticket."""
    ticket = await repository.get(ticket_id)
    if ticket is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Ticket not found")
    return ticket


@router.patch("/{ticket_id}", response_model=TicketResponse)
async def update_ticket(ticket_id: uuid.UUID, payload: TicketUpdate, repository: TicketRepositoryDep) -> Ticket:
    """Change a ticket."""
    ticket = await repository.get(ticket_id)
    if ticket is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Ticket not found")
    return await repository.update(ticket, **payload.model_dump(exclude_unset=True, exclude_none=True))


@router.delete("/{ticket_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_ticket(ticket_id: uuid.UUID, repository: TicketRepositoryDep) -> None:
    """Delete a ticket."""
    ticket = await repository.get(ticket_id)
    if ticket is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Ticket not found")
    await repository.delete(ticket)
