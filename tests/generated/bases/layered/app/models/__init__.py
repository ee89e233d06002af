from app.models.ticket import Ticket, TicketStatus
from app.models.user import User

__all__ = ["Ticket", "TicketStatus", "User"]
