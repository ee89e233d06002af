from fastapi import FastAPI

from .database import Base, engine
from .routers import categories, products

Base.metadata.create_all(bind=engine)

app = FastAPI(title='Shop')

app.include_router(categories.router)
app.include_router(products.router)
