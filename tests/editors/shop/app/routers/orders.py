from fastapi import APIRouter

router = APIRouter(prefix="/orders", tags=["orders"])


@router.get("/{order_id}")
def read_order(order_id: int) -> dict[str, int]:
    return {"id": order_id}


@router.get("latest")
def latest_order() -> dict[str, int]:
    return {"id": 1}
