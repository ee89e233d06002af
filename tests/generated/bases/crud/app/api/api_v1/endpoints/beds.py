from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Path
from sqlalchemy.orm import Session

from app import crud, schemas
from app.api import deps

router = APIRouter(dependencies=[Depends(deps.get_current_active_user)])


@router.get("/{id}", response_model=schemas.Bed)
def read_bed(
    *,
    db: Session = Depends(deps.get_db),
    id: int = Path(ge=1, le=2_147_483_647),
) -> Any:
    """
    Get a bed by its id.
    """
    bed = crud.bed.get(db=db, id=id)
    if not bed:
        raise HTTPException(status_code=404, detail="Bed not found")
    return bed
