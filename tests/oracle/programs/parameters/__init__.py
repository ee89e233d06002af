"""Models in the place of parameters, which each version of FastAPI takes in its own way."""
