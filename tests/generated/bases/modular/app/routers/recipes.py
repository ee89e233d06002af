"""Recipes."""

import uuid

from fastapi import APIRouter, HTTPException, status

from app.dependencies import PageParams
from app.schemas.recipe import RecipeCreate, RecipeOut, RecipeUpdate
from app.services.recipe import RecipeServiceDep
from app.services.user import UserServiceDep

router = APIRouter(prefix="/recipes", tags=["recipes"])


@router.get("")
async def list_recipes(page: PageParams, service: RecipeServiceDep) -> list[RecipeOut]:
    """Return one page of recipes."""
    return [RecipeOut.model_validate(recipe) for recipe in await service.list(page)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_recipe(
    data: RecipeCreate, service: RecipeServiceDep, users: UserServiceDep
) -> RecipeOut:
    """Add a recipe."""
    if await users.get(data.author_id) is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Author not found")
    return RecipeOut.model_validate(await service.create(data))


@router.get("/{recipe_id}")
async def get_recipe(recipe_id: uuid.UUID, service: RecipeServiceDep) -> RecipeOut:
    """Return one recipe."""
    recipe = await service.get(recipe_id)
    if recipe is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Recipe not found")
    return RecipeOut.model_validate(recipe)


@router.patch("/{recipe_id}")
async def update_recipe(
    recipe_id: uuid.UUID, data: RecipeUpdate, service: RecipeServiceDep
) -> RecipeOut:
    """Change a recipe."""
    recipe = await service.get(recipe_id)
    if recipe is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Recipe not found")
    return RecipeOut.model_validate(await service.update(recipe, data))


@router.delete("/{recipe_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_recipe(recipe_id: uuid.UUID, service: RecipeServiceDep) -> None:
    """Take a recipe away."""
    recipe = await service.get(recipe_id)
    if recipe is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="Recipe not found")
    await service.delete(recipe)
