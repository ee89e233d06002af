from .base import CRUDBase as CRUDBase
from .crud_bed import bed as bed
from .crud_plant import plant as plant
from .crud_user import user as user
