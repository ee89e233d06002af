from sqlalchemy.orm import Session

from app import crud, models
from app.schemas.plant import PlantCreate
from app.tests.utils.user import create_random_user
from app.tests.utils.utils import random_lower_string


def create_random_plant(db: Session, *, owner_id: int | None = None) -> models.Plant:
    if owner_id is None:
        owner_id = create_random_user(db).id
    name = random_lower_string()
    notes = random_lower_string()
    plant_in = PlantCreate(name=name, notes=notes)
    return crud.plant.create_with_owner(db=db, obj_in=plant_in, owner_id=owner_id)
