import logging
{% if not uuid %}
from uuid import UUID, uuid4
{% endif %}

from fastapi import BackgroundTasks, HTTPException, status

logger = logging.getLogger(__name__)


def run_job(job_id: {{ uuid }}UUID) -> None:
    """Do what no request has to wait for."""
    logger.info("Job %s is done", job_id)


{{ head }}
    """{{ docstring }}"""
{% if lookup %}
{{ lookup }}
{% endif %}
    job_id = {{ uuid }}uuid4()
    background_tasks.add_task(run_job, job_id)
    return {"job_id": job_id}
