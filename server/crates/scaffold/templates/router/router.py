"""{{ name | spoken | capitalize }}."""

from fastapi import APIRouter

{% if is_bare %}
router = APIRouter()
{% else %}
router = APIRouter(prefix="{{ prefix }}", tags=["{{ tag }}"])
{% endif %}
