{{ path_import }}
{% if not uuid %}
from uuid import uuid4
{% endif %}

from fastapi import HTTPException, UploadFile, status
from fastapi.concurrency import run_in_threadpool

UPLOAD_FOLDER = {{ path_class }}("uploads")
# The types that may be uploaded, and the suffix under which each is kept.
UPLOAD_TYPES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
# In bytes.
UPLOAD_LIMIT = 10 * 1024 * 1024
UPLOAD_CHUNK = 64 * 1024


def save_upload(file: UploadFile, path: {{ path_class }}) -> int:
    """Write an upload to disk, chunk by chunk, and return its size in bytes."""
    size = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as target:
            while chunk := file.file.read(UPLOAD_CHUNK):
                size += len(chunk)
                if size > UPLOAD_LIMIT:
                    raise {{ http(413, "File too large") }}
                target.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size


{{ head }}
    """{{ docstring }}"""
{% if lookup %}
{{ lookup }}
{% endif %}
    suffix = UPLOAD_TYPES.get(file.content_type or "")
    if suffix is None:
        raise {{ http(415, "File type not supported") }}
    # Never under the client's name for it, which may lead anywhere.
    name = f"{ {{- uuid }}uuid4()}{suffix}"
{% if is_async %}
    size = await run_in_threadpool(save_upload, file, UPLOAD_FOLDER / name)
{% else %}
    size = save_upload(file, UPLOAD_FOLDER / name)
{% endif %}
    return {"name": name, "size": size}
