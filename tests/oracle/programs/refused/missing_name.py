"""A name that the other module doesn't have."""

from fastapi import FastAPI
from refused.whole import absent, router  # type: ignore[attr-defined]

app = FastAPI()
app.include_router(router, prefix=absent)
