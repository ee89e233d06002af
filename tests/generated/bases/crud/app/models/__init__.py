from .bed import Bed as Bed
from .plant import Plant as Plant
from .user import User as User
