from fastapi import APIRouter

from app.api.api_v1.endpoints import beds, login, plants

api_router = APIRouter()
api_router.include_router(login.router, tags=["login"])
api_router.include_router(beds.router, prefix="/beds", tags=["beds"])
api_router.include_router(plants.router, prefix="/plants", tags=["plants"])
