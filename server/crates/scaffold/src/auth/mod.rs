//! *Add auth*: users who sign up, in and out with tokens, and the dependencies that say who is asking.

mod api_key;
mod openid;
mod standing;
mod testing;
mod user;

use crate::{
    About, Plan, Refusal, Site,
    app::AppLine,
    client::TestClient,
    database,
    draft::{Draft, Lines},
    ground::{Ground, Layer, Part, Shape},
    imports::Need,
    layout::Layout,
    logging,
    migration::{self, Migration, TableModel},
    packages::{self, Package, package},
    router::include::Include,
    setting::{self, Reading, Setting},
    skeleton, template,
    terms::{self, Terms},
};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, path::PathBuf, sync::Arc};
use testing::Testing;
use user::User;

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "auth",
    command: "add auth",
    summary: "Add auth: users, sign-up, login, tokens, password reset, dependencies, tests",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** sign-up, login, refresh, logout, the current user, change and reset of passwords, with rate limits; the dependencies
that say who is asking (current, active, optional user, roles, scopes); tables, tests and fixtures. Access tokens live for 15
minutes, refresh tokens for 7 days and once: a second use ends the whole session. One user has one session. Passwords are
hashed with Argon2, or with bcrypt at cost 12 (`--hash bcrypt`); tokens of a reset are stored as hashes, live for an
hour and work once; nobody learns which addresses have an account.

| `--scheme` | what a request carries |
| --- | --- |
| `jwt` | a token signed with HS256 and one secret |
| `jwks` | a token signed with RS256; the public keys are at `/.well-known/jwks.json`, and keys rotate by their `kid` |
| `api-key` | a key issued to a program, in a header or in the query (`--key-in`), stored as a hash and compared in constant time |
| `openid` | a token of an identity provider (OpenID Connect), verified with the keys that it publishes |

With `api-key` and `openid` there are no accounts and no passwords. PyJWT and pwdlib are what is required. A project that has python-jose or passlib keeps them.

**Takes from the project** its settings, session, base of the tables, an own `User`, its API prefix and its errors.

**Leaves alone** a project that says already who is asking: that is told, with the place, and nothing is added.
"#;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthRequest {
    /// How tokens are signed.
    #[serde(default)]
    pub scheme: AuthScheme,
    /// How passwords are hashed.
    #[serde(default)]
    pub hash: PasswordHash,
    /// Where a request has its API key.
    #[serde(default)]
    pub key_in: KeyPlace,
}

/// Where a request has its API key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyPlace {
    /// In `X-API-Key`.
    #[default]
    Header,
    /// In `?api_key=`.
    Query,
}

/// How a request says who is asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthScheme {
    /// HS256, with one secret.
    #[default]
    Jwt,
    /// RS256, with private keys whose public halves anyone can read.
    Jwks,
    /// A key that is issued to a program.
    ApiKey,
    /// Tokens of an identity provider, by OpenID Connect.
    Openid,
}

/// How passwords are hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordHash {
    /// Argon2id, with pwdlib's parameters.
    #[default]
    Argon2,
    /// bcrypt, with cost 12.
    Bcrypt,
}

/// The name that only tokens of our own have: `add auth` stands on it where it is asked twice.
const OURS: &str = "get_claims";

/// The modules of the app, in the order in which they rest on each other.
const MODULES: [&str; 9] = [
    "security",
    "rate_limit",
    "mail",
    "user_model",
    "auth_model",
    "schemas",
    "service",
    "dependencies",
    "router",
];

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub fn build(site: &Site<'_>, request: &AuthRequest) -> Result<Plan, Refusal> {
    match request.scheme {
        AuthScheme::ApiKey => return api_key::build(site, request.key_in),
        AuthScheme::Openid => return openid::build(site),
        AuthScheme::Jwt | AuthScheme::Jwks => {}
    }
    standing::check(site, OURS)?;
    let mut draft = Draft::new(*site);
    let ground = database::provide(&mut draft, Arc::unwrap_or_clone(site.ground()))?;
    if ground.is_new() {
        skeleton::ensure(&mut draft, &Layout::of(site))?;
    }
    let mut terms = Terms::of(site, &ground)?;
    let user = match User::of(site, &terms)? {
        Some(user) => {
            terms.key.clone_from(&user.key);
            user
        }
        None => User::new(ground.layers.place(Layer::Models, "user", "users"), &terms),
    };
    let include = Include::of(site, &ground)?;
    let auth = Auth {
        paths: paths(&ground, &user),
        secret: secret(&mut draft, &ground, request.scheme == AuthScheme::Jwks)?,
        url: format!("{}/auth", include.prefix()),
        request,
        ground: &ground,
        terms,
        user,
        include,
    };
    auth.modules(&mut draft)?;
    auth.wire(&mut draft)?;
    auth.tests(&mut draft)?;
    let required = required(&draft, request);
    packages::require(&mut draft, &required);
    auth.migrate(&mut draft)?;
    draft.finish("Add auth".to_owned())
}

/// Whether the project has no auth yet that this can see.
pub(crate) fn is_possible(site: &Site<'_>) -> bool {
    standing::is_absent(site)
}

/// Where each module goes.
fn paths(ground: &Ground, user: &User) -> BTreeMap<&'static str, PathBuf> {
    let layers = &ground.layers;
    let place = |name: &str| {
        let layer = match name {
            "auth_model" => Layer::Models,
            "schemas" => Layer::Schemas,
            "service" => Layer::Services,
            "dependencies" => Layer::Dependencies,
            "router" => Layer::Routers,
            "user_model" => return user.path.clone(),
            name if layers.shape == Shape::Domain => return layers.package.join(format!("auth/{name}.py")),
            name => return ground.core(name),
        };
        layers.place(layer, "auth", "auth")
    };
    MODULES.iter().map(|name| (*name, place(name))).collect()
}

/// All that is decided before anything is written.
struct Auth<'a> {
    request: &'a AuthRequest,
    ground: &'a Ground,
    terms: Terms,
    user: User,
    paths: BTreeMap<&'static str, PathBuf>,
    secret: Reading,
    include: Include<'a>,
    /// The path below which all of it is served.
    url: String,
}

impl Auth<'_> {
    fn is_jwks(&self) -> bool {
        self.request.scheme == AuthScheme::Jwks
    }

    /// What all templates are given.
    fn values(&self) -> Value {
        let names: BTreeMap<&str, String> = self
            .paths
            .iter()
            .map(|(name, path)| (*name, self.ground.dotted(path)))
            .collect();
        let mut imports = self.terms.imports();
        imports.insert(
            "settings",
            format!("from {} import {}", self.secret.module, self.secret.name),
        );
        imports.insert("extras", terms::lines(self.user.extra_imports()));
        let read = self.user.read.as_ref();
        imports.insert(
            "user_read",
            read.map_or_else(String::new, |read| format!("from {} import {}", read.module, read.name)),
        );
        let router_arguments = match self.include.has_prefixes() {
            true => "",
            false => "prefix=\"/auth\", tags=[\"auth\"], ",
        };
        let field = self.secret.fields.values().next().map_or("", |field| field.as_str());
        context! {
            m => names,
            imports => imports,
            url => self.url,
            test_url => TestClient::of(self.ground).url(&self.url),
            user => self.user,
            user_read => read.map_or("UserRead", |read| &read.name),
            secret => format!("{}.{field}", self.secret.expression),
            router_arguments => router_arguments,
            is_jwks => self.is_jwks(),
            is_bcrypt => self.request.hash == PasswordHash::Bcrypt,
        }
    }

    /// The modules of the app, and what the users lack.
    fn modules(&self, draft: &mut Draft<'_>) -> Result<(), Refusal> {
        let format = &self.ground.format;
        let values = context! { ..self.values(), ..self.terms.values() };
        for name in MODULES
            .iter()
            .filter(|name| **name != "user_model" || !self.user.is_there)
        {
            let path = &self.paths[name];
            let text = template::render(&format!("auth/{name}.py"), values.clone())?;
            let reused = draft.module(path, &self.ground.written(&text)?, format)?;
            draft.note_reuse(path, &reused);
        }
        for (text, needs) in &self.user.columns {
            let lines = Lines::Fields {
                class: self.user.class.clone(),
                text: text.clone(),
            };
            draft.lines(&self.user.path, format, lines, needs.clone())?;
        }
        if !self.user.columns.is_empty() {
            draft.note(format!(
                "accounts of `{}` that are there have no password: a reset gives them one",
                self.user.class
            ));
        }
        Ok(())
    }

    /// The migration that makes the tables, and the columns that the users lack.
    fn migrate(&self, draft: &mut Draft<'_>) -> Result<(), Refusal> {
        let format = &self.ground.format;
        let names = ["user_model", "auth_model"].map(|name| self.ground.dotted(&self.paths[name]));
        let model = |class, table| TableModel {
            path: &self.paths["auth_model"],
            module: &names[1],
            class,
            table,
        };
        let user = TableModel {
            path: &self.user.path,
            module: &names[0],
            class: &self.user.class,
            table: &self.user.table,
        };
        let mut tables = vec![
            model("AuthSession", "authsession"),
            model("PasswordReset", "passwordreset"),
        ];
        if !self.user.is_there {
            tables.insert(0, user);
        }
        migration::make_known(draft, &tables, format)?;
        let migration = Migration {
            message: "add auth",
            tables: &tables,
            columns: Some((user, self.user.column_names().collect())),
        };
        migration::write(draft, &migration, format)
    }

    fn wire(&self, draft: &mut Draft<'_>) -> Result<(), Refusal> {
        let arguments = match self.include.has_prefixes() {
            true => {
                let quoted = |text: &str| self.ground.format.string(text);
                vec![("prefix", quoted("/auth")), ("tags", format!("[{}]", quoted("auth")))]
            }
            false => Vec::new(),
        };
        let router = &self.paths["router"];
        self.include.add(draft, self.ground, router, "auth", arguments)?;
        if self.is_jwks() {
            let (path, anchor) = logging::app(draft, self.ground)?;
            let line = AppLine::Prepare(format!("{}.include_router(jwks_router)", anchor.name));
            let need = Need::member(&self.ground.dotted(router), "jwks_router");
            draft.lines(&path, &self.ground.format, Lines::App(anchor, line), vec![need])?;
        }
        Ok(())
    }

    /// Fixtures and tests, where the project has a client to test with.
    fn tests(&self, draft: &mut Draft<'_>) -> Result<(), Refusal> {
        let site = draft.site;
        let Some(testing) = Testing::of(draft, self.ground, &self.terms) else {
            return Ok(());
        };
        let conftest = testing.conftest;
        environment(draft, self.ground, &conftest, self.is_jwks())?;
        let is_ours = self.ground.is_new() || self.has_our_errors(draft);
        let answer = match (is_ours, self.terms.has_error(401)) {
            (true, true) => "[\"error\"][\"message\"]",
            (_, false) => "[\"detail\"]",
            (false, true) => "none",
        };
        let own = context! {
            answer => answer,
            hides_input => is_ours,
            imports => testing.imports,
        };
        let values = context! { ..own, ..testing.values, ..self.values(), ..self.terms.values() };
        let tests = self.ground.test_module(&site, "auth");
        for (name, path) in [("conftest", &conftest), ("tests", &tests)] {
            let text = template::render(&format!("auth/{name}.py"), values.clone())?;
            let reused = draft.module(path, &self.ground.written_test(&text)?, &self.ground.format)?;
            draft.note_reuse(path, &reused);
        }
        Ok(())
    }

    /// Whether the project's errors are those that *add errors* makes, which repeat nothing of what was sent.
    fn has_our_errors(&self, draft: &Draft<'_>) -> bool {
        self.ground.errors.found().is_some_and(|errors| {
            let text = draft.site.disk.text(&errors.base.path);
            text.is_some_and(|text| text.contains("def handle_validation_error("))
        })
    }
}

const SECRET_KEY: Setting = Setting {
    name: "secret_key",
    declaration: Cow::Borrowed("SecretStr = Field(default=..., min_length=32)"),
    example: Cow::Borrowed(""),
    need: Some(("pydantic", "SecretStr")),
};

const PRIVATE_KEYS: Setting = Setting {
    name: "jwt_private_keys",
    declaration: Cow::Borrowed("SecretStr = Field(default=..., min_length=1)"),
    example: Cow::Borrowed(""),
    need: Some(("pydantic", "SecretStr")),
};

/// The secret that tokens are signed with: a setting without a default.
fn secret(draft: &mut Draft<'_>, ground: &Ground, is_jwks: bool) -> Result<Reading, Refusal> {
    let (setting, comment) = match is_jwks {
        false => (
            SECRET_KEY,
            "# At least 32 random characters: python -c \"import secrets; print(secrets.token_urlsafe(48))\"\n",
        ),
        true => (
            PRIVATE_KEYS,
            "# RSA keys in PEM, or that in base64; the first one signs, all are published. A new one: openssl genrsa 3072 | base64 -w0\n",
        ),
    };
    let variable = variable(ground, setting.name);
    draft.text(&draft.site.root.join(".env.example"), |text| {
        let text = text.unwrap_or_default();
        let is_there = text.lines().any(|line| line.starts_with(&format!("{variable}=")));
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        match is_there {
            true => text.to_owned(),
            false => format!("{text}{end}{comment}"),
        }
    });
    let reading = setting::add(draft, ground, &[setting])?;
    let path = match &ground.settings {
        Part::Found(settings) => settings.class.path.clone(),
        Part::Free(path) => path.clone(),
        Part::Refused(refusal) => return Err(refusal.clone()),
    };
    draft.need(&path, &ground.format, vec![Need::member("pydantic", "Field")])?;
    draft.note(format!("set {variable} before the app starts"));
    Ok(reading)
}

/// The variable of the environment that a setting is read from.
fn variable(ground: &Ground, name: &str) -> String {
    match &ground.settings {
        Part::Found(settings) => settings.variable(&settings.field(name)),
        _ => name.to_uppercase(),
    }
}

/// A secret of their own for the tests.
fn environment(
    draft: &mut Draft<'_>,
    ground: &Ground,
    conftest: &std::path::Path,
    is_jwks: bool,
) -> Result<(), Refusal> {
    let (text, mut needs) = match is_jwks {
        false => (
            format!(
                "os.environ.setdefault(\"{}\", secrets.token_urlsafe(48))",
                variable(ground, "secret_key")
            ),
            vec![Need::Module("secrets".to_owned())],
        ),
        true => (
            format!(
                "os.environ.setdefault(\n    \"{}\",\n    rsa.generate_private_key(65537, 2048)\n    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())\n    .decode(),\n)",
                variable(ground, "jwt_private_keys")
            ),
            vec![
                Need::member("cryptography.hazmat.primitives.asymmetric", "rsa"),
                Need::member("cryptography.hazmat.primitives.serialization", "Encoding"),
                Need::member("cryptography.hazmat.primitives.serialization", "NoEncryption"),
                Need::member("cryptography.hazmat.primitives.serialization", "PrivateFormat"),
            ],
        ),
    };
    needs.push(Need::Module("os".to_owned()));
    draft.lines(conftest, &ground.format, Lines::BeforeOwnImports { text }, needs)
}

fn required(draft: &Draft<'_>, request: &AuthRequest) -> Vec<Package> {
    // PyJWT's types are whole only beside the package that they name.
    let is_strict = ["pyproject.toml", "pyrightconfig.json"].iter().any(|name| {
        let text = draft.current_text(&draft.site.root.join(name)).unwrap_or_default();
        let mut lines = text.lines().filter(|line| line.contains("typeCheckingMode"));
        lines.any(|line| line.contains("\"strict\""))
    });
    let jwt: &'static [&'static str] = if request.scheme == AuthScheme::Jwks || is_strict {
        &["crypto"]
    } else {
        &[]
    };
    let hash: &'static [&'static str] = match request.hash {
        PasswordHash::Argon2 => &["argon2"],
        PasswordHash::Bcrypt => &["bcrypt"],
    };
    let mut required = vec![package("pyjwt", jwt, "2.10"), package("pwdlib", hash, "0.3")];
    let has_standard = ["pyproject.toml", "requirements.txt"].iter().any(|name| {
        let text = draft.current_text(&draft.site.root.join(name)).unwrap_or_default();
        text.contains("fastapi[standard") || text.contains("fastapi[all")
    });
    if !has_standard {
        required.push(package("email-validator", &[], "2.2"));
        required.push(package("python-multipart", &[], "0.0.20"));
    }
    required
}
