from typing import Annotated

from fastapi import APIRouter, Depends

from app.api.pricing import get_currency, get_price_list

router = APIRouter(tags=["prices"])


@router.get("/delivery")
async def read_delivery_prices(
    prices: Annotated[dict[str, int], Depends(get_price_list)],
) -> dict[str, int]:
    return prices


@router.get("/currency")
async def read_currency(currency: Annotated[str, Depends(get_currency)]) -> str:
    return currency
