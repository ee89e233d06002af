import uuid
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.models import OrderStatus


class OrderLineCreate(BaseModel):
    book_id: uuid.UUID
    quantity: int = Field(ge=1, le=100)


class OrderCreate(BaseModel):
    lines: list[OrderLineCreate] = Field(min_length=1, max_length=50)


class OrderLinePublic(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    book_id: uuid.UUID
    quantity: int
    unit_price_cents: int


class OrderPublic(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    status: OrderStatus
    created_at: datetime
    lines: list[OrderLinePublic]
