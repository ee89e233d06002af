"""Tokens of an identity provider, verified with its public keys."""

from functools import lru_cache
from typing import Annotated, Any, cast

import jwt
from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, ValidationError

{{ imports.errors }}
{{ imports.settings }}

# With public keys only: where those are public, no secret may sign.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
REQUIRED = ["iss", "aud", "sub", "iat", "exp"]


def join(scopes: Any) -> Any:
    """Write scopes in one line, as the standard has them; some providers list them."""
    return " ".join(cast("list[str]", scopes)) if isinstance(scopes, list) else scopes


class Identity(BaseModel):
    """Who is asking, as the provider says."""

    sub: Annotated[str, Field(min_length=1)]
    email: str | None = None
    scope: Annotated[str, Field(validation_alias=AliasChoices("scope", "scp")), BeforeValidator(join)] = ""

    @property
    def scopes(self) -> list[str]:
        """What the token allows."""
        return self.scope.split()


class TokenVerifier:
    """Verifies the tokens that one provider issues for one audience."""

    def __init__(self, issuer: str, audience: str, keys: jwt.PyJWKClient) -> None:
        """Take the provider's keys from a client that keeps them."""
        self.issuer = issuer
        self.audience = audience
        self.keys = keys

    def verify(self, token: str) -> Identity:
        """Read a token; an error where it is not valid. Keys may have to be fetched."""
        try:
            payload = jwt.decode(
                token,
                self.keys.get_signing_key_from_jwt(token),
                algorithms=ALGORITHMS,
                issuer=self.issuer,
                audience=self.audience,
                options={"require": REQUIRED},
            )
            return Identity.model_validate(payload)
        except jwt.PyJWKClientConnectionError as error:
            raise {{ error(503, "The identity provider can't be reached") }} from error
        except (jwt.PyJWTError, ValidationError) as error:
            raise {{ error(401, "The token is not valid") }} from error


@lru_cache
def get_verifier() -> TokenVerifier:
    """Make the verifier for the provider of the settings, once: it keeps the keys."""
    keys = jwt.PyJWKClient({{ jwks_url }}, timeout=5)
    return TokenVerifier({{ issuer }}, {{ audience }}, keys)
