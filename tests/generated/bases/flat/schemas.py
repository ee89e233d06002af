from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class SupplierCreate(BaseModel):
    name: str = Field(min_length=1, max_length=120)
    email: str | None = Field(default=None, max_length=254)


class SupplierRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str | None


class PartCreate(BaseModel):
    number: str = Field(min_length=1, max_length=40)
    description: str = Field(default="", max_length=500)
    in_stock: int = Field(default=0, ge=0, le=1_000_000)
    supplier_id: int = Field(ge=1, le=2**31 - 1)


class PartUpdate(BaseModel):
    description: str | None = Field(default=None, max_length=500)
    in_stock: int | None = Field(default=None, ge=0, le=1_000_000)


class PartRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    number: str
    description: str
    in_stock: int
    supplier: SupplierRead
    created_at: datetime
