from fastapi import FastAPI

from app.api.v1.router import api_router
from app.core.config import settings


def create_app() -> FastAPI:
    """Build the application."""
    application = FastAPI(title=settings.PROJECT_NAME, openapi_url="/openapi.json")
    application.include_router(api_router, prefix=settings.API_V1_PREFIX)
    return application


app = create_app()
