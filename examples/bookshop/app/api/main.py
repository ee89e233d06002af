from fastapi import APIRouter

from app.api.routes import accounts, authors, books, orders, stock
from app.core.config import settings

api_router = APIRouter()
api_router.include_router(accounts.router)
if settings.open_registration:
    api_router.include_router(accounts.registration_router)
api_router.include_router(authors.router)
api_router.include_router(books.router)
api_router.include_router(orders.router)
api_router.include_router(stock.router)
