"""Which program is asking, as path operations depend on it."""

from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import APIKeyHeader, APIKeyQuery

from {{ m.model }} import ApiKey
from {{ m.service }} import ApiKeyService
{{ imports.session }}


def get_api_key_service(session: {{ session.annotation }}) -> ApiKeyService:
    """Work with keys in the session of the request."""
    return ApiKeyService(session)


ApiKeyServiceDep = Annotated[ApiKeyService, Depends(get_api_key_service)]

{% if in_query %}
api_key_scheme = APIKeyQuery(name="api_key", auto_error=False)
{% else %}
api_key_scheme = APIKeyHeader(name="X-API-Key", auto_error=False)
{% endif %}


{{ def }} get_api_key(text: Annotated[str | None, Depends(api_key_scheme)], keys: ApiKeyServiceDep) -> ApiKey:
    """Read the key that the request has; an error where it is none."""
    key = {{ aw }}keys.find(text) if text else None
    if key is None:
        raise HTTPException(
            status_code=status.HTTP_401_UNAUTHORIZED,
            detail="A valid API key is needed",
            headers={"WWW-Authenticate": "APIKey"},
        )
    return key


ApiKeyDep = Annotated[ApiKey, Depends(get_api_key)]
