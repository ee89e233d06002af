from sqlalchemy.orm import joinedload

from app.models.ticket import Ticket
from app.repositories.base import BaseRepository


class TicketRepository(BaseRepository[Ticket]):
    """Access to tickets and their reporters."""

    model = Ticket
    options = (joinedload(Ticket.reporter),)
