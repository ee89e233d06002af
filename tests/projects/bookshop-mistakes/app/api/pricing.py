from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from app.api import branches


async def get_price_list(branch: Annotated[str, Depends(branches.get_branch)]) -> dict[str, int]:
    return {"delivery": 499} if branch == "online" else {}


async def get_currency(
    fallback: Annotated[str, Depends(get_currency)],
    accept_currency: Annotated[str | None, Header()] = None,
) -> str:
    return accept_currency or fallback
