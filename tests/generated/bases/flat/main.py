from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, HTTPException, Path, Query, status

import crud
import models
import schemas
from database import Base, SessionDep, engine

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(title="Parts", lifespan=lifespan)


@app.post(
    "/suppliers",
    response_model=schemas.SupplierRead,
    status_code=status.HTTP_201_CREATED,
    tags=["suppliers"],
)
async def create_supplier(
    data: schemas.SupplierCreate, session: SessionDep
) -> models.Supplier:
    if await crud.get_supplier_by_name(session, data.name):
        raise HTTPException(status.HTTP_409_CONFLICT, "Supplier already exists")
    return await crud.create_supplier(session, data)


@app.get("/suppliers", response_model=list[schemas.SupplierRead], tags=["suppliers"])
async def read_suppliers(
    session: SessionDep, skip: Skip = 0, limit: Limit = 100
) -> Sequence[models.Supplier]:
    return await crud.get_suppliers(session, skip=skip, limit=limit)


@app.get(
    "/suppliers/{supplier_id}", response_model=schemas.SupplierRead, tags=["suppliers"]
)
async def read_supplier(supplier_id: Id, session: SessionDep) -> models.Supplier:
    supplier = await crud.get_supplier(session, supplier_id)
    if supplier is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Supplier not found")
    return supplier


@app.post(
    "/parts",
    response_model=schemas.PartRead,
    status_code=status.HTTP_201_CREATED,
    tags=["parts"],
)
async def create_part(data: schemas.PartCreate, session: SessionDep) -> models.Part:
    if await crud.get_supplier(session, data.supplier_id) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Supplier not found")
    if await crud.get_part_by_number(session, data.number):
        raise HTTPException(status.HTTP_409_CONFLICT, "Part already exists")
    return await crud.create_part(session, data)


@app.get("/parts", response_model=list[schemas.PartRead], tags=["parts"])
async def read_parts(
    session: SessionDep, skip: Skip = 0, limit: Limit = 100
) -> Sequence[models.Part]:
    return await crud.get_parts(session, skip=skip, limit=limit)


@app.get("/parts/{part_id}", response_model=schemas.PartRead, tags=["parts"])
async def read_part(part_id: Id, session: SessionDep) -> models.Part:
    part = await crud.get_part(session, part_id)
    if part is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Part not found")
    return part


@app.patch("/parts/{part_id}", response_model=schemas.PartRead, tags=["parts"])
async def update_part(
    part_id: Id, data: schemas.PartUpdate, session: SessionDep
) -> models.Part:
    part = await crud.get_part(session, part_id)
    if part is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Part not found")
    return await crud.update_part(session, part, data)


@app.delete("/parts/{part_id}", status_code=status.HTTP_204_NO_CONTENT, tags=["parts"])
async def delete_part(part_id: Id, session: SessionDep) -> None:
    part = await crud.get_part(session, part_id)
    if part is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Part not found")
    await crud.delete_part(session, part)
