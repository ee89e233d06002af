"""A store of what is not there yet."""

from refused.cycle.models import Item

NAME = Item.__name__
