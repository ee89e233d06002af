from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.session import get_session
from app.repositories.ticket import TicketRepository
from app.repositories.user import UserRepository

SessionDep = Annotated[AsyncSession, Depends(get_session)]


def get_user_repository(session: SessionDep) -> UserRepository:
    """Give access to users."""
    return UserRepository(session)


def get_ticket_repository(session: SessionDep) -> TicketRepository:
    """Give access to tickets."""
    return TicketRepository(session)


UserRepositoryDep = Annotated[UserRepository, Depends(get_user_repository)]
TicketRepositoryDep = Annotated[TicketRepository, Depends(get_ticket_repository)]
