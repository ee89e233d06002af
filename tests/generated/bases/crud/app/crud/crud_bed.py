from app.crud.base import CRUDBase
from app.models.bed import Bed
from app.schemas.bed import BedCreate, BedUpdate

bed = CRUDBase[Bed, BedCreate, BedUpdate](Bed)
