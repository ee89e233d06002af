import uuid
from collections.abc import Sequence

from fastapi import APIRouter, Depends, status

from app.api.deps import (
    CurrentUser,
    OrderServiceDep,
    PageQuery,
    SessionDep,
    get_order_service,
)
from app.core.errors import NotFoundError
from app.models import Order
from app.repositories import orders
from app.schemas.orders import OrderCreate, OrderPublic
from app.services.orders import OrderService

router = APIRouter(prefix="/orders", tags=["orders"])


@router.get("", response_model=list[OrderPublic])
async def list_orders(session: SessionDep, user: CurrentUser, page: PageQuery) -> Sequence[Order]:
    return await orders.list_orders(session, user.id, page)


@router.post("", response_model=OrderPublic, status_code=status.HTTP_201_CREATED)
async def place_order(user: CurrentUser, service: OrderServiceDep, order_in: OrderCreate) -> Order:
    return await service.place(user, order_in)


@router.get("/{order_id}", response_model=OrderPublic)
async def read_order(session: SessionDep, user: CurrentUser, order_id: uuid.UUID) -> Order:
    order = await orders.find_order(session, user.id, order_id)
    if order is None:
        raise NotFoundError("Order")
    return order


@router.post("/{order_id}/cancellation", response_model=OrderPublic)
async def cancel_order(user: CurrentUser, service: OrderServiceDep, order_id: uuid.UUID) -> Order:
    return await service.cancel(user, order_id)


@router.api_route(
    "/{order_id}/cancellation", methods=["DELETE", "POST"], response_model=OrderPublic
)
async def toggle_cancellation(
    user: CurrentUser,
    order_id: uuid.UUID,
    service: OrderService = Depends(get_order_service()),
) -> Order:
    return await service.cancel(user, order_id)


@router.get("pending", response_model=list[OrderPublic])
async def list_pending_orders(
    session: SessionDep, user: CurrentUser, page: PageQuery
) -> Sequence[Order]:
    return await orders.list_orders(session, user.id, page)
