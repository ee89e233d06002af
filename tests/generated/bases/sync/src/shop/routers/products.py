from collections.abc import Sequence

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from .. import models, schemas
from ..database import get_db

router = APIRouter(prefix='/products', tags=['products'])


def find_product(db: Session, product_id: int) -> models.Product:
    db_product = db.get(models.Product, product_id, options=[joinedload(models.Product.category)])
    if db_product is None or db_product.is_deleted:
        raise HTTPException(status_code=404, detail='Product not found')
    return db_product


@router.get('/', response_model=list[schemas.ProductOut])
def list_products(
    skip: int = Query(default=0, ge=0, le=1000000),
    limit: int = Query(default=100, ge=1, le=500),
    db: Session = Depends(get_db),
) -> Sequence[models.Product]:
    query = (
        select(models.Product)
        .where(models.Product.is_deleted.is_(False))
        .options(joinedload(models.Product.category))
        .order_by(models.Product.id)
        .offset(skip)
        .limit(limit)
    )
    return db.scalars(query).all()


@router.post('/', response_model=schemas.ProductOut, status_code=201)
def create_product(product: schemas.ProductCreate, db: Session = Depends(get_db)) -> models.Product:
    if db.get(models.Category, product.category_id) is None:
        raise HTTPException(status_code=404, detail='Category not found')
    if db.scalar(select(models.Product).where(models.Product.sku == product.sku)):
        raise HTTPException(status_code=409, detail='Product already exists')
    db_product = models.Product(**product.model_dump())
    db.add(db_product)
    db.commit()
    db.refresh(db_product)
    return db_product


@router.get('/{product_id}', response_model=schemas.ProductOut)
def get_product(
    product_id: int = Path(ge=1, le=2147483647), db: Session = Depends(get_db)
) -> models.Product:
    return find_product(db, product_id)


@router.put('/{product_id}', response_model=schemas.ProductOut)
def update_product(
    product: schemas.ProductUpdate,
    product_id: int = Path(ge=1, le=2147483647),
    db: Session = Depends(get_db),
) -> models.Product:
    db_product = find_product(db, product_id)
    for key, value in product.model_dump(exclude_none=True).items():
        setattr(db_product, key, value)
    db.commit()
    db.refresh(db_product)
    return db_product


@router.delete('/{product_id}', status_code=204)
def delete_product(
    product_id: int = Path(ge=1, le=2147483647), db: Session = Depends(get_db)
) -> None:
    find_product(db, product_id).is_deleted = True
    db.commit()
