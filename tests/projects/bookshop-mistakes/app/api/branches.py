from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from app.api import pricing


async def get_branch(prices: Annotated[dict[str, int], Depends(pricing.get_price_list)]) -> str:
    return "online" if "delivery" in prices else "high-street"
