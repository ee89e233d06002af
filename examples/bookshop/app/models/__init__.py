"""Every mapped class, imported here so that the metadata is complete."""

from app.models.accounts import User
from app.models.catalog import Author, Book, Review
from app.models.orders import Order, OrderLine, OrderStatus

__all__ = ["Author", "Book", "Order", "OrderLine", "OrderStatus", "Review", "User"]
