//! FastAPI's own classes that serve as dependencies (`fastapi/security/oauth2.py`).

use super::Argument;
use crate::eval::{
    Interp,
    value::{Args, DictEntry, Marker, ObjectKind, Value},
};
use facts::ParamKind;
use smol_str::SmolStr;
use std::sync::Arc;

/// The parameters of `OAuth2PasswordRequestForm` and its strict sister.
pub(super) fn arguments(interp: &mut Interp<'_>, name: &str) -> Option<Vec<Argument>> {
    let is_strict = match name {
        "fastapi.security.OAuth2PasswordRequestForm" => false,
        "fastapi.security.OAuth2PasswordRequestFormStrict" => true,
        _ => return None,
    };
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
    let argument = |name: &'static str, ty: Value, keywords: Vec<_>, default: Option<Value>| {
        let form = Value::Marker(Arc::new(Marker {
            kind: SmolStr::new_static("Form"),
            args: Args {
                keywords,
                ..Args::default()
            },
        }));
        Argument {
            name: SmolStr::new_static(name),
            at: None,
            kind: ParamKind::KeywordOnly,
            annotation: Some(Value::Annotated(Arc::new((ty, vec![form])))),
            annotation_at: None,
            default,
            field: None,
        }
    };
    let grant_type = match is_strict {
        true => argument("grant_type", text(), pattern(), None),
        false => argument("grant_type", optional(), pattern(), Some(Value::None)),
    };
    Some(vec![
        grant_type,
        argument("username", text(), Vec::new(), None),
        argument("password", text(), secret.clone(), None),
        argument("scope", text(), Vec::new(), Some(Value::str(""))),
        argument("client_id", optional(), Vec::new(), Some(Value::None)),
        argument("client_secret", optional(), secret, Some(Value::None)),
    ])
}
