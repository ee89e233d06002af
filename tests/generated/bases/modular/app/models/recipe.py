"""Recipes."""

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, TimestampMixin, UUIDMixin

if TYPE_CHECKING:
    from app.models.user import User


class Recipe(UUIDMixin, TimestampMixin, Base):
    """How a dish is made."""

    __tablename__ = "recipes"

    title: Mapped[str] = mapped_column(String(200), index=True)
    steps: Mapped[str] = mapped_column(Text, default="")
    servings: Mapped[int] = mapped_column(default=2)
    author_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )

    author: Mapped["User"] = relationship(back_populates="recipes")
