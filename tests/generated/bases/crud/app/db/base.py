# With all models, so that the tables are known wherever the base is taken from here
from app.db.base_class import Base as Base
from app.models.bed import Bed as Bed
from app.models.plant import Plant as Plant
from app.models.user import User as User
