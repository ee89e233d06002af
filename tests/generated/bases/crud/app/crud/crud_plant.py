from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crud.base import CRUDBase
from app.models.plant import Plant
from app.schemas.plant import PlantCreate, PlantUpdate


class CRUDPlant(CRUDBase[Plant, PlantCreate, PlantUpdate]):
    def create_with_owner(
        self, db: Session, *, obj_in: PlantCreate, owner_id: int
    ) -> Plant:
        db_obj = self.model(**obj_in.model_dump(), owner_id=owner_id)
        return self.save(db, db_obj=db_obj)

    def get_multi_by_owner(
        self, db: Session, *, owner_id: int, skip: int = 0, limit: int = 100
    ) -> Sequence[Plant]:
        query = select(self.model).where(Plant.owner_id == owner_id)
        return db.scalars(query.order_by(Plant.id).offset(skip).limit(limit)).all()


plant = CRUDPlant(Plant)
