from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

import models
import schemas


async def get_supplier(
    session: AsyncSession, supplier_id: int
) -> models.Supplier | None:
    return await session.get(models.Supplier, supplier_id)


async def get_supplier_by_name(
    session: AsyncSession, name: str
) -> models.Supplier | None:
    query = select(models.Supplier).where(models.Supplier.name == name)
    return (await session.scalars(query)).one_or_none()


async def get_suppliers(
    session: AsyncSession, skip: int = 0, limit: int = 100
) -> Sequence[models.Supplier]:
    query = select(models.Supplier).order_by(models.Supplier.id)
    return (await session.scalars(query.offset(skip).limit(limit))).all()


async def create_supplier(
    session: AsyncSession, data: schemas.SupplierCreate
) -> models.Supplier:
    supplier = models.Supplier(**data.model_dump())
    session.add(supplier)
    await session.commit()
    return supplier


async def get_part(session: AsyncSession, part_id: int) -> models.Part | None:
    query = select(models.Part).where(models.Part.id == part_id)
    query = query.options(selectinload(models.Part.supplier))
    return (await session.scalars(query)).one_or_none()


async def get_part_by_number(session: AsyncSession, number: str) -> models.Part | None:
    query = select(models.Part).where(models.Part.number == number)
    return (await session.scalars(query)).one_or_none()


async def get_parts(
    session: AsyncSession, skip: int = 0, limit: int = 100
) -> Sequence[models.Part]:
    query = select(models.Part).order_by(models.Part.id)
    query = query.options(selectinload(models.Part.supplier))
    return (await session.scalars(query.offset(skip).limit(limit))).all()


async def create_part(session: AsyncSession, data: schemas.PartCreate) -> models.Part:
    part = models.Part(**data.model_dump())
    session.add(part)
    await session.commit()
    await session.refresh(part, ["supplier"])
    return part


async def update_part(
    session: AsyncSession, part: models.Part, data: schemas.PartUpdate
) -> models.Part:
    for name, value in data.model_dump(exclude_unset=True, exclude_none=True).items():
        setattr(part, name, value)
    await session.commit()
    return part


async def delete_part(session: AsyncSession, part: models.Part) -> None:
    await session.delete(part)
    await session.commit()
