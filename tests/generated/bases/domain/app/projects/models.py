from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.users.models import User


class Project(Base):
    __tablename__ = "project"

    name: Mapped[str] = mapped_column(String(80))
    due_on: Mapped[date | None]
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )

    owner: Mapped[User] = relationship(lazy="joined", innerjoin=True)
