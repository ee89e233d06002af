//! FastAPI's own classes that serve as dependencies (`fastapi/security/oauth2.py`, `fastapi/security/http.py`).

use super::Argument;
use crate::eval::{
    Interp,
    value::{Args, DictEntry, Marker, ObjectKind, Value},
};
use facts::ParamKind;
use smol_str::SmolStr;
use std::sync::Arc;

/// The parameters of one of them.
pub(super) fn arguments(interp: &mut Interp<'_>, name: &str) -> Option<Vec<Argument>> {
    Some(match name {
        "fastapi.security.OAuth2PasswordRequestForm" => request_form(interp, false),
        "fastapi.security.OAuth2PasswordRequestFormStrict" => request_form(interp, true),
        "fastapi.security.HTTPBasicCredentials" => texts(["username", "password"]),
        "fastapi.security.HTTPAuthorizationCredentials" => texts(["scheme", "credentials"]),
        _ => return None,
    })
}

/// The fields of a model of texts.
fn texts(names: [&'static str; 2]) -> Vec<Argument> {
    names
        .map(|name| argument(name, Value::lib("builtins.str"), None))
        .into()
}

fn argument(name: &'static str, annotation: Value, default: Option<Value>) -> Argument {
    Argument {
        name: SmolStr::new_static(name),
        at: None,
        kind: ParamKind::KeywordOnly,
        annotation: Some(annotation),
        annotation_at: None,
        default,
        field: None,
    }
}

fn request_form(interp: &mut Interp<'_>, is_strict: bool) -> Vec<Argument> {
    let text = || Value::lib("builtins.str");
    let optional = || Value::Union(Arc::from([text(), Value::None]));
    let keyword = |name: &'static str, value: Value| (SmolStr::new_static(name), value, None);
    // A schema shows what is secret, in the lenient form alone.
    let secret = match is_strict {
        true => Vec::new(),
        false => {
            let format = DictEntry {
                key: Value::str("format"),
                value: Value::str("password"),
                at: None,
            };
            let extra = interp.allocate(ObjectKind::Dict(vec![format]));
            vec![keyword("json_schema_extra", Value::Dict(extra))]
        }
    };
    let pattern = || vec![keyword("pattern", Value::str("^password$"))];
    let field = |name: &'static str, ty: Value, keywords: Vec<_>, default: Option<Value>| {
        let form = Value::Marker(Arc::new(Marker {
            kind: SmolStr::new_static("Form"),
            args: Args {
                keywords,
                ..Args::default()
            },
        }));
        argument(name, Value::Annotated(Arc::new((ty, vec![form]))), default)
    };
    let grant_type = match is_strict {
        true => field("grant_type", text(), pattern(), None),
        false => field("grant_type", optional(), pattern(), Some(Value::None)),
    };
    vec![
        grant_type,
        field("username", text(), Vec::new(), None),
        field("password", text(), secret.clone(), None),
        field("scope", text(), Vec::new(), Some(Value::str(""))),
        field("client_id", optional(), Vec::new(), Some(Value::None)),
        field("client_secret", optional(), secret, Some(Value::None)),
    ]
}
