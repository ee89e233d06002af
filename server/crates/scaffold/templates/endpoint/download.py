{{ path_import }}
from typing import Annotated

from fastapi import HTTPException, status
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from pydantic import StringConstraints

{% if not has_uploads %}
DOWNLOAD_FOLDER = {{ path_class }}("downloads")
{% endif %}
# No folders, and nothing hidden.
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$")]


{{ head }}
    """{{ docstring }}"""
{% if lookup %}
{{ lookup }}
{% endif %}
    path = {{ "UPLOAD_FOLDER" if has_uploads else "DOWNLOAD_FOLDER" }} / {{ file }}
{% if is_async %}
    if not await run_in_threadpool(path.is_file):
{% else %}
    if not path.is_file():
{% endif %}
        raise {{ missing("File") }}
    return FileResponse(path, filename={{ file }})
