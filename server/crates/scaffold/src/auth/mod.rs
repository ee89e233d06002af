//! *Add auth*: users who sign up, in and out with tokens, and the dependencies that say who is asking.

use crate::{
    Plan, Refusal, Site,
    draft::{Draft, Lines},
    imports::Need,
    layout::{Layout, Role, Shape},
    packages::{self, Package, package},
    skeleton, template, wire,
};
use minijinja::context;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

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
}

/// How tokens are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthScheme {
    /// HS256, with one secret.
    #[default]
    Jwt,
    /// RS256, with private keys whose public halves anyone can read.
    Jwks,
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

const URL: &str = "/api/v1/auth";

/// The template of each module, with the places where it goes in a layered and in a flat project.
const MODULES: [(&str, &str, &str); 9] = [
    ("security", "core/security.py", "security.py"),
    ("rate_limit", "core/rate_limit.py", "rate_limit.py"),
    ("mail", "core/mail.py", "mail.py"),
    ("user_model", "models/user.py", "models.py"),
    ("auth_model", "models/auth.py", "models.py"),
    ("schemas", "schemas/auth.py", "schemas.py"),
    ("service", "services/auth.py", "services.py"),
    ("dependencies", "api/dependencies.py", "dependencies.py"),
    ("router", "api/routes/auth.py", "routers/auth.py"),
];

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub fn build(site: &Site<'_>, request: &AuthRequest) -> Result<Plan, Refusal> {
    let layout = Layout::of(site);
    check_ground(site, &layout)?;
    let mut draft = Draft::new(*site);
    let parts = skeleton::ensure(&mut draft, &layout)?;
    let is_jwks = request.scheme == AuthScheme::Jwks;
    let mut modules: Vec<(&str, PathBuf)> = MODULES
        .iter()
        .map(|(name, layered, flat)| {
            let below = if layout.shape == Shape::Layered { layered } else { flat };
            (*name, layout.package.join(below))
        })
        .collect();
    let mut names = parts.modules;
    names.extend(modules.iter().map(|(name, path)| (*name, layout.dotted(path))));
    let tests = layout.path(Role::Conftest);
    modules.push(("conftest", tests.clone()));
    modules.push(("tests", tests.with_file_name("test_auth.py")));
    let values = context! {
        m => names,
        url => URL,
        is_jwks => is_jwks,
        is_bcrypt => request.hash == PasswordHash::Bcrypt,
    };
    for (name, path) in &modules {
        let text = template::render(&format!("auth/{name}.py"), values.clone())?;
        let reused = draft.module(path, &text, &layout.format())?;
        draft.note_reuse(path, &reused);
    }
    let router = names["router"].clone();
    wire::include(&mut draft, &layout, &router)?;
    if is_jwks {
        draft.statement(
            &layout.path(Role::Main),
            &layout.format(),
            "app.include_router(jwks_router)".to_owned(),
            vec![Need::member(&router, "jwks_router")],
        )?;
    }
    secrets(&mut draft, &layout, is_jwks)?;
    let required = required(&draft, request);
    packages::require(&mut draft, &required);
    draft.finish("Add auth".to_owned())
}

/// Refuses a project whose modules are not such as the templates work with.
fn check_ground(site: &Site<'_>, layout: &Layout) -> Result<(), Refusal> {
    let text = |path: &PathBuf| site.disk.text(path).filter(|text| !text.trim().is_empty());
    let is_flat = layout.shape == Shape::Flat;
    let module = |layered: &str, flat: &str| layout.package.join(if is_flat { flat } else { layered });
    let session = layout.path(Role::Session);
    let is_own = text(&session).is_some_and(|text| text.contains("SessionDep = Annotated[AsyncSession"));
    let lists_database = ["pyproject.toml", "requirements.txt"].iter().any(|name| {
        let text = site.disk.text(&site.root.join(name));
        let names = ["sqlalchemy", "sqlmodel", "beanie"];
        text.is_some_and(|text| names.iter().any(|name| text.to_lowercase().contains(name)))
    });
    let lacks = |path: &PathBuf, what: &str| {
        let name = path.strip_prefix(site.root).unwrap_or(path).display().to_string();
        Err(Refusal::Lacks(name, what.to_owned()))
    };
    if lists_database && !is_own {
        return lacks(&session, "SessionDep = Annotated[AsyncSession, Depends(get_session)]");
    }
    let ground = [
        (layout.path(Role::Config), "class Settings("),
        (layout.path(Role::Base), "class UTCDateTime("),
        (session, "SessionDep = Annotated[AsyncSession"),
        (layout.path(Role::Errors), "class UnauthorizedError("),
    ];
    for (path, what) in &ground {
        if text(path).is_some_and(|text| !text.contains(what)) {
            return lacks(path, what.trim_end_matches('('));
        }
    }
    let users = module("models/user.py", "models.py");
    let has_user = |text: &str| text.contains("class User(");
    if text(&users).is_some_and(|text| has_user(&text) && !text.contains("hashed_password: Mapped[str]")) {
        return lacks(&users, "hashed_password: Mapped[str]");
    }
    let dependencies = module("api/dependencies.py", "dependencies.py");
    if text(&dependencies)
        .is_some_and(|text| text.contains("def get_current_user(") && !text.contains("def get_claims("))
    {
        return Err(Refusal::Exists(
            "the current user".to_owned(),
            "get_current_user".to_owned(),
        ));
    }
    Ok(())
}

/// The secret that tokens are signed with: a setting without a default, and one of their own for the tests.
fn secrets(draft: &mut Draft<'_>, layout: &Layout, is_jwks: bool) -> Result<(), Refusal> {
    let (field, example, for_tests, needs) = match is_jwks {
        false => (
            "secret_key: SecretStr = Field(default=..., min_length=32)",
            "# At least 32 random characters: python -c \"import secrets; print(secrets.token_urlsafe(48))\"\nSECRET_KEY=\n",
            "os.environ.setdefault(\"SECRET_KEY\", secrets.token_urlsafe(48))",
            vec![Need::Module("secrets".to_owned())],
        ),
        true => (
            "jwt_private_keys: SecretStr = Field(default=..., min_length=1)",
            "# RSA keys in PEM, or that in base64; the first one signs, all are published. A new one: openssl genrsa 3072 | base64 -w0\nJWT_PRIVATE_KEYS=\n",
            "os.environ.setdefault(\n    \"JWT_PRIVATE_KEYS\",\n    rsa.generate_private_key(65537, 2048)\n    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())\n    .decode(),\n)",
            vec![
                Need::member("cryptography.hazmat.primitives.asymmetric", "rsa"),
                Need::member("cryptography.hazmat.primitives.serialization", "Encoding"),
                Need::member("cryptography.hazmat.primitives.serialization", "NoEncryption"),
                Need::member("cryptography.hazmat.primitives.serialization", "PrivateFormat"),
            ],
        ),
    };
    let format = layout.format();
    let fields = Lines::Fields {
        class: "Settings".to_owned(),
        text: field.to_owned(),
    };
    let needs_of_field = vec![Need::member("pydantic", "Field"), Need::member("pydantic", "SecretStr")];
    draft.lines(&layout.path(Role::Config), &format, fields, needs_of_field)?;
    let mut needs = needs;
    needs.push(Need::Module("os".to_owned()));
    let before = Lines::BeforeOwnImports {
        text: for_tests.to_owned(),
    };
    draft.lines(&layout.path(Role::Conftest), &format, before, needs)?;
    let name = example.rsplit('\n').nth(1).unwrap_or(example).to_owned();
    let path = draft.site.root.join(".env.example");
    draft.text(&path, |text| {
        let text = text.unwrap_or_default();
        let is_there = text.lines().any(|line| line.starts_with(&name));
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        match is_there {
            true => text.to_owned(),
            false => format!("{text}{end}{example}"),
        }
    });
    draft.note(format!("set {} before the app starts", name.trim_end_matches('=')));
    Ok(())
}

fn required(draft: &Draft<'_>, request: &AuthRequest) -> Vec<Package> {
    let jwt: &'static [&'static str] = if request.scheme == AuthScheme::Jwks {
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
