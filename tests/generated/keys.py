"""Keys, from outside: those that verify tokens, and those that programs are issued."""

from __future__ import annotations

import urllib.parse

from accounts import Accounts
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from project import CheckError, run
from watched import Answer, App, Client, Serving, expect, modules

#: Where public keys are looked for.
JWKS = "/.well-known/jwks.json"

#: What is never published of a key.
PRIVATE = {"d", "p", "q", "dp", "dq", "qi"}


def pem(*keys: RSAKey) -> str:
    """Private keys, one behind the other."""
    return "".join(key.as_pem(private=True).decode() for key in keys)


def judge_rotation(serving: Serving, variables: dict[str, str], old: RSAKey) -> None:
    """Keys are changed in two steps; tokens of the old one are valid until it is taken away."""
    new = RSAKey.generate_key(2048, private=True)
    with serving(variables | {"JWT_PRIVATE_KEYS": pem(old)}) as app:
        accounts = Accounts(app)
        emails = [accounts.new() for _ in range(2)]
        before = accounts.log_in(emails[0]).access
        verify(app, before, old, {old.thumbprint()})
    with serving(variables | {"JWT_PRIVATE_KEYS": pem(new, old)}) as app:
        accounts = Accounts(app)
        expect(accounts.me(before), 200, "a token of the old key, which is published still")
        after = accounts.log_in(emails[1]).access
        verify(app, before, old, {new.thumbprint(), old.thumbprint()})
        verify(app, after, new, {new.thumbprint(), old.thumbprint()})
    with serving(variables | {"JWT_PRIVATE_KEYS": pem(new)}) as app:
        accounts = Accounts(app)
        expect(accounts.me(before), 401, "a token of a key that was taken away")
        expect(accounts.me(after), 200, "a token of the new key")
        verify(app, after, new, {new.thumbprint()})


def verify(app: App, token: str, key: RSAKey, published: set[str]) -> None:
    """Another library verifies a token with what is published, by the key that the token names."""
    answer = expect(app.client().get(JWKS), 200, f"GET {JWKS}")
    if any(PRIVATE & entry.keys() for entry in answer.body["keys"]):
        raise CheckError(f"GET {JWKS}", f"a private key is published: {answer.body}")
    keys = KeySet.import_key_set(answer.body)
    found = {entry.kid for entry in keys}
    if found != published:
        raise CheckError(f"GET {JWKS}", f"{found} are published instead of {published}")
    verified = jwt.decode(token, keys, algorithms=["RS256"])
    if verified.header.get("kid") != key.thumbprint():
        raise CheckError(f"GET {JWKS}", f"another key signed the token: {verified.header}")
    registry = jwt.JWTClaimsRegistry(sub={"essential": True}, exp={"essential": True})
    registry.validate(verified.claims)


def judge_api_keys(serving: Serving, variables: dict[str, str]) -> None:
    """An issued key opens what asks for one until it is revoked, and is stored as a hash."""
    with serving(variables) as app:
        client = app.client()
        key, other = issue(serving, variables), issue(serving, variables)
        stored = app.database.dump()
        name, _, secret = key.partition(".")
        for part in (key, secret):
            if part in stored:
                raise CheckError("the database of the app", f"an API key is in it: {part}")
        scheme = scheme_of(client, key)
        refused = expect(client.get("/probe/key"), 401, "no API key")
        if "www-authenticate" not in refused.headers:
            raise CheckError("GET /probe/key", f"no WWW-Authenticate: {refused.headers}")
        other_secret = other.partition(".")[2]
        for wrong in (
            "nonsense",
            name,
            f"{key}x",
            key[:-1],
            f"{name}.{other_secret}",
            f".{secret}",
        ):
            answer = expect(with_key(client, scheme, wrong), 401, f"the API key {wrong}")
            if answer.shown() != refused.shown():
                raise CheckError(f"the API key {wrong}", f"{answer.body} tells what is wrong")
        expect(with_key(client, scheme, other), 200, "another API key")
        expect(with_key(client, scheme, key, revokes=True), 204, "POST /probe/revoke")
        expect(with_key(client, scheme, key), 401, "an API key that was revoked")
        expect(with_key(client, scheme, other), 200, "another API key after that")


def issue(serving: Serving, variables: dict[str, str]) -> str:
    """Have the project's command issue a key."""
    module = modules(serving.project)["command"]
    source = (serving.project.root / serving.project.case.base.source).resolve()
    said = run(
        [serving.python, "-m", module, "robot"],
        serving.project.root,
        variables | {"DATABASE_URL": serving.url, "PYTHONPATH": str(source)},
    )
    return said.strip().splitlines()[-1]


def scheme_of(client: Client, key: str) -> dict[str, str]:
    """How a request has its key: the app's document says so."""
    schemes = client.get("/openapi.json").body["components"]["securitySchemes"].values()
    found = [scheme for scheme in schemes if scheme["type"] == "apiKey"]
    if len(found) != 1:
        raise CheckError("GET /openapi.json", f"keys are in {found}")
    expect(with_key(client, found[0], key), 200, f"an API key in {found[0]}")
    return dict(found[0])


def with_key(client: Client, scheme: dict[str, str], key: str, *, revokes: bool = False) -> Answer:
    """Ask with a key."""
    path = "/probe/revoke" if revokes else "/probe/key"
    headers: dict[str, str] = {}
    if scheme["in"] == "header":
        headers = {scheme["name"]: key}
    else:
        path = f"{path}?{urllib.parse.urlencode({scheme['name']: key})}"
    return client.ask(path, b"" if revokes else None, headers)
