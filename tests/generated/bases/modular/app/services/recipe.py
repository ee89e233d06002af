"""Work with recipes."""

import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.dependencies import DbSession, Pagination
from app.models import Recipe
from app.schemas.recipe import RecipeCreate, RecipeUpdate


class RecipeService:
    """Finds, makes and changes recipes."""

    def __init__(self, session: DbSession) -> None:
        """Work in one session."""
        self.session = session

    async def get(self, recipe_id: uuid.UUID) -> Recipe | None:
        """Return a recipe with its author, or nothing where there is none."""
        query = select(Recipe).where(Recipe.id == recipe_id).options(joinedload(Recipe.author))
        return (await self.session.scalars(query)).one_or_none()

    async def list(self, page: Pagination) -> Sequence[Recipe]:
        """Return one page of recipes, the oldest first."""
        query = select(Recipe).options(joinedload(Recipe.author)).order_by(Recipe.created_at)
        return (await self.session.scalars(query.offset(page.offset).limit(page.limit))).all()

    async def create(self, data: RecipeCreate) -> Recipe:
        """Add a recipe."""
        recipe = Recipe(**data.model_dump())
        self.session.add(recipe)
        await self.session.commit()
        await self.session.refresh(recipe, ["author"])
        return recipe

    async def update(self, recipe: Recipe, data: RecipeUpdate) -> Recipe:
        """Change what was sent."""
        for field, value in data.model_dump(exclude_unset=True, exclude_none=True).items():
            setattr(recipe, field, value)
        await self.session.commit()
        await self.session.refresh(recipe)
        return recipe

    async def delete(self, recipe: Recipe) -> None:
        """Take a recipe away."""
        await self.session.delete(recipe)
        await self.session.commit()


RecipeServiceDep = Annotated[RecipeService, Depends()]
