from sqlalchemy.orm import Session

from app import crud
from app.schemas.plant import PlantCreate, PlantUpdate
from app.tests.utils.user import create_random_user
from app.tests.utils.utils import random_lower_string


def test_create_plant(db: Session) -> None:
    name = random_lower_string()
    notes = random_lower_string()
    plant_in = PlantCreate(name=name, notes=notes)
    user = create_random_user(db)
    plant = crud.plant.create_with_owner(db=db, obj_in=plant_in, owner_id=user.id)
    assert plant.name == name
    assert plant.notes == notes
    assert plant.owner_id == user.id


def test_update_plant(db: Session) -> None:
    name = random_lower_string()
    notes = random_lower_string()
    plant_in = PlantCreate(name=name, notes=notes)
    user = create_random_user(db)
    plant = crud.plant.create_with_owner(db=db, obj_in=plant_in, owner_id=user.id)
    notes2 = random_lower_string()
    plant_update = PlantUpdate(notes=notes2)
    plant2 = crud.plant.update(db=db, db_obj=plant, obj_in=plant_update)
    assert plant2.id == plant.id
    assert plant2.name == name
    assert plant2.notes == notes2


def test_delete_plant(db: Session) -> None:
    plant_in = PlantCreate(name=random_lower_string())
    user = create_random_user(db)
    plant = crud.plant.create_with_owner(db=db, obj_in=plant_in, owner_id=user.id)
    removed = crud.plant.remove(db=db, id=plant.id)
    assert removed
    assert removed.id == plant.id
    assert crud.plant.get(db=db, id=plant.id) is None
