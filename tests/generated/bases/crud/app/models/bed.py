from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base_class import Base


class Bed(Base):
    name: Mapped[str] = mapped_column(String(100), index=True)
    width_cm: Mapped[int | None]
