import uuid

from fastapi import APIRouter

from app.api.deps import CurrentUser

router = APIRouter(prefix="/gift-cards/", tags=["gift cards"])
vouchers_router = APIRouter(tags=["vouchers"])


@router.get("")
async def list_gift_cards(user: CurrentUser) -> list[str]:
    return [f"A gift card for {user.full_name}"]


@vouchers_router.get("/{voucher_id}")
async def read_voucher(voucher_id: uuid.UUID) -> dict[str, str]:
    return {"voucher": str(voucher_id)}
