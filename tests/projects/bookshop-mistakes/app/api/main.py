from fastapi import APIRouter

from app.api.routes import (
    accounts,
    authors,
    books,
    gift_cards,
    orders,
    prices,
    promotions,
    sales,
    search,
    stock,
)
from app.core.config import settings

api_router = APIRouter()
api_router.include_router(accounts.router)
if settings.open_registration:
    api_router.include_router(accounts.registration_router)
api_router.include_router(authors.router)
api_router.include_router(books.router)
api_router.include_router(promotions.router)
api_router.include_router(sales.router)
api_router.include_router(orders.router)
api_router.include_router(stock.router)
api_router.include_router(search.router)
api_router.include_router(prices.router, prefix="prices")
api_router.include_router(gift_cards.router)
api_router.include_router(gift_cards.vouchers_router, prefix="/vouchers/")
