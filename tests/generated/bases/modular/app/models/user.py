"""Those who write recipes."""

from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, TimestampMixin, UUIDMixin

if TYPE_CHECKING:
    from app.models.recipe import Recipe


class User(UUIDMixin, TimestampMixin, Base):
    """Somebody who writes recipes."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True, index=True)
    name: Mapped[str] = mapped_column(String(100))
    is_active: Mapped[bool] = mapped_column(default=True)

    recipes: Mapped[list["Recipe"]] = relationship(
        back_populates="author", cascade="all, delete-orphan"
    )
