from collections.abc import Sequence

from fastapi import APIRouter, Depends, HTTPException, Path
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import models, schemas
from ..database import get_db

router = APIRouter(prefix='/categories', tags=['categories'])


@router.get('/', response_model=list[schemas.CategoryOut])
def list_categories(db: Session = Depends(get_db)) -> Sequence[models.Category]:
    return db.scalars(select(models.Category).order_by(models.Category.name)).all()


@router.post('/', response_model=schemas.CategoryOut, status_code=201)
def create_category(
    category: schemas.CategoryCreate, db: Session = Depends(get_db)
) -> models.Category:
    taken = select(models.Category).where(models.Category.name == category.name)
    if db.scalar(taken):
        raise HTTPException(status_code=409, detail='Category already exists')
    db_category = models.Category(**category.model_dump())
    db.add(db_category)
    db.commit()
    db.refresh(db_category)
    return db_category


@router.get('/{category_id}', response_model=schemas.CategoryOut)
def get_category(
    category_id: int = Path(ge=1, le=2147483647), db: Session = Depends(get_db)
) -> models.Category:
    db_category = db.get(models.Category, category_id)
    if db_category is None:
        raise HTTPException(status_code=404, detail='Category not found')
    return db_category
