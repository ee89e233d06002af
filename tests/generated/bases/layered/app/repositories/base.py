import uuid
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.interfaces import ORMOption

from app.db.base import Base

ModelT = TypeVar("ModelT", bound=Base)


class BaseRepository(Generic[ModelT]):
    """Access to the rows of one table."""

    model: type[ModelT]
    options: ClassVar[Sequence[ORMOption]] = ()

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, object_id: uuid.UUID) -> ModelT | None:
        """Look up a row by its key.

        Args:
            object_id: The key.

        Returns:
            The row, or None if there is none.
        """
        return await self.session.get(self.model, object_id, options=self.options)

    async def list(self, *, cursor: uuid.UUID | None = None, limit: int = 50) -> Sequence[ModelT]:
        """List rows in the order of their keys.

        Args:
            cursor: The key after which to begin.
            limit: How many rows at most.

        Returns:
            The rows.
        """
        query = select(self.model).options(*self.options).order_by(self.model.id).limit(limit)
        if cursor is not None:
            query = query.where(self.model.id > cursor)
        return (await self.session.scalars(query)).all()

    async def create(self, **values: Any) -> ModelT:
        """Add a row.

        Args:
            **values: The values of its columns.

        Returns:
            The row as it is stored.
        """
        row = self.model(**values)
        self.session.add(row)
        await self.session.commit()
        return await self.reload(row)

    async def update(self, row: ModelT, **values: Any) -> ModelT:
        """Change a row.

        Args:
            row: The row.
            **values: The values that change.

        Returns:
            The row as it is stored.
        """
        for name, value in values.items():
            setattr(row, name, value)
        await self.session.commit()
        return await self.reload(row)

    async def delete(self, row: ModelT) -> None:
        """Delete a row.

        Args:
            row: The row.
        """
        await self.session.delete(row)
        await self.session.commit()

    async def reload(self, row: ModelT) -> ModelT:
        """Read a row again, with what is loaded along with it.

        Args:
            row: The row.

        Returns:
            The same row.
        """
        return await self.session.get_one(self.model, row.id, options=self.options, populate_existing=True)
