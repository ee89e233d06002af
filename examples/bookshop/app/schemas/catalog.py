import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Isbn = Annotated[str, Field(pattern=r"^\d{13}$", examples=["9780141439518"])]
PriceCents = Annotated[int, Field(ge=0, le=10_000_00)]


class Pagination(BaseModel):
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=20, ge=1, le=100)


class AuthorBase(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    biography: str | None = Field(default=None, max_length=5_000)


class AuthorCreate(AuthorBase):
    pass


class AuthorUpdate(BaseModel):
    name: str | None = Field(default=None, min_length=1, max_length=200)
    biography: str | None = Field(default=None, max_length=5_000)


class AuthorPublic(AuthorBase):
    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID


class BookFilter(Pagination):
    author_id: uuid.UUID | None = None
    search: str | None = Field(default=None, min_length=2, max_length=100)


class BookBase(BaseModel):
    title: str = Field(min_length=1, max_length=300)
    isbn: Isbn
    price_cents: PriceCents


class BookCreate(BookBase):
    author_id: uuid.UUID


class BookUpdate(BaseModel):
    title: str | None = Field(default=None, min_length=1, max_length=300)
    price_cents: PriceCents | None = None


class BookPublic(BookBase):
    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    author: AuthorPublic
    stock: int
    created_at: datetime


class StockUpdate(BaseModel):
    stock: int = Field(ge=0, le=100_000)


class StockLevel(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    title: str
    stock: int


class ReviewBase(BaseModel):
    rating: int = Field(ge=1, le=5)
    text: str | None = Field(default=None, max_length=5_000)


class ReviewCreate(ReviewBase):
    pass


class ReviewPublic(ReviewBase):
    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    book_id: uuid.UUID
    user_id: uuid.UUID
    created_at: datetime
