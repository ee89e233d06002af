"""Whether the app lives, and whether it can answer."""

{% if session %}
import logging
from typing import Annotated

from fastapi import {{ "APIRouter, " if not in_place }}Depends, HTTPException, status
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from {{ session.class_module }} import {{ session.class }}

from {{ session.module }} import {{ session.name }}
{% elif not in_place %}
from fastapi import APIRouter
{% endif %}

{% if session %}
logger = logging.getLogger(__name__)

{% endif %}
{% if not in_place %}
router = APIRouter({{ 'tags=["' ~ tag ~ '"]' if not is_bare }})
{% endif %}


{% if "health" in parts %}
@{{ in_place or "router" }}.get("/health"{{ tags }})
{{ op_def }} read_health() -> dict[str, str]:
    """Say that the app lives; nothing that it rests on is asked."""
    return {"status": "ok"}
{% endif %}
{% if session and "ready" in parts %}


@{{ in_place or "router" }}.get("/ready"{{ tags }}, responses={503: {"description": "The database can't be reached"}})
{{ session.def }} read_readiness({{ session.parameter }}) -> dict[str, str]:
    """Say whether the app can answer: whether its database does."""
    try:
{% if session.is_sqlmodel and session.aw %}
        connection = await {{ session.variable }}.connection()
        await connection.execute(text("SELECT 1"))
{% elif session.is_sqlmodel %}
        {{ session.variable }}.connection().execute(text("SELECT 1"))
{% else %}
        {{ session.aw }}{{ session.variable }}.execute(text("SELECT 1"))
{% endif %}
    except (SQLAlchemyError, OSError) as error:
        logger.warning("The database can't be reached", exc_info=error)
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "The database can't be reached"
        ) from error
    return {"status": "ok"}
{% endif %}
