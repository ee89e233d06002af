from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from sqlalchemy.orm import Session

from app import crud, models, schemas
from app.api import deps

router = APIRouter()


@router.get("/", response_model=list[schemas.Plant])
def read_plants(
    db: Session = Depends(deps.get_db),
    skip: int = Query(default=0, ge=0, le=1_000_000),
    limit: int = Query(default=100, ge=1, le=1000),
    current_user: models.User = Depends(deps.get_current_active_user),
) -> Any:
    """
    List plants: all of them for superusers, their own for others.
    """
    if crud.user.is_superuser(current_user):
        plants = crud.plant.get_multi(db, skip=skip, limit=limit)
    else:
        plants = crud.plant.get_multi_by_owner(
            db=db, owner_id=current_user.id, skip=skip, limit=limit
        )
    return plants


@router.post("/", response_model=schemas.Plant)
def create_plant(
    *,
    db: Session = Depends(deps.get_db),
    plant_in: schemas.PlantCreate,
    current_user: models.User = Depends(deps.get_current_active_user),
) -> Any:
    """
    Put in a new plant.
    """
    plant = crud.plant.create_with_owner(
        db=db, obj_in=plant_in, owner_id=current_user.id
    )
    return plant


@router.put("/{id}", response_model=schemas.Plant)
def update_plant(
    *,
    db: Session = Depends(deps.get_db),
    id: int = Path(ge=1, le=2_147_483_647),
    plant_in: schemas.PlantUpdate,
    current_user: models.User = Depends(deps.get_current_active_user),
) -> Any:
    """
    Change a plant.
    """
    plant = crud.plant.get(db=db, id=id)
    if not plant:
        raise HTTPException(status_code=404, detail="Plant not found")
    if not crud.user.is_superuser(current_user) and plant.owner_id != current_user.id:
        raise HTTPException(status_code=403, detail="Not enough permissions")
    plant = crud.plant.update(db=db, db_obj=plant, obj_in=plant_in)
    return plant


@router.get("/{id}", response_model=schemas.Plant)
def read_plant(
    *,
    db: Session = Depends(deps.get_db),
    id: int = Path(ge=1, le=2_147_483_647),
    current_user: models.User = Depends(deps.get_current_active_user),
) -> Any:
    """
    Get a plant by its id.
    """
    plant = crud.plant.get(db=db, id=id)
    if not plant:
        raise HTTPException(status_code=404, detail="Plant not found")
    if not crud.user.is_superuser(current_user) and plant.owner_id != current_user.id:
        raise HTTPException(status_code=403, detail="Not enough permissions")
    return plant


@router.delete("/{id}", response_model=schemas.Plant)
def delete_plant(
    *,
    db: Session = Depends(deps.get_db),
    id: int = Path(ge=1, le=2_147_483_647),
    current_user: models.User = Depends(deps.get_current_active_user),
) -> Any:
    """
    Take a plant out.
    """
    plant = crud.plant.get(db=db, id=id)
    if not plant:
        raise HTTPException(status_code=404, detail="Plant not found")
    if not crud.user.is_superuser(current_user) and plant.owner_id != current_user.id:
        raise HTTPException(status_code=403, detail="Not enough permissions")
    plant = crud.plant.remove(db=db, id=id)
    return plant
