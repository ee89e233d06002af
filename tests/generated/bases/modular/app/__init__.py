"""Recipes, their authors, and what they are tagged with."""
