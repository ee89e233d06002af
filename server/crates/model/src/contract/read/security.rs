//! Security schemes (`fastapi/security/`).

use super::{Reader, reason};
use crate::{
    contract::{Attributes, Data, SecurityScheme},
    eval::value::{Args, ClassId, Value},
};
use smol_str::SmolStr;
use std::sync::Arc;

/// Names of the constructors' positional parameters.
const POSITIONAL: [(&str, &[&str]); 3] = [
    (
        "OAuth2PasswordBearer",
        &[
            "tokenUrl",
            "scheme_name",
            "scopes",
            "description",
            "auto_error",
            "refreshUrl",
        ],
    ),
    (
        "OAuth2AuthorizationCodeBearer",
        &[
            "authorizationUrl",
            "tokenUrl",
            "refreshUrl",
            "scheme_name",
            "scopes",
            "description",
        ],
    ),
    ("HTTPBase", &["scheme", "scheme_name", "description"]),
];

impl Reader<'_> {
    pub(super) fn is_scheme(&self, class: ClassId) -> bool {
        self.interp.inherits(class, "fastapi.security.base.SecurityBase")
    }

    /// The scheme that a dependency is.
    pub(super) fn security_scheme(&mut self, callable: &Value) -> Option<SecurityScheme> {
        match callable {
            Value::LibObject(object) => {
                let class = object.callee.strip_prefix("fastapi.security.")?;
                let class = class.rsplit('.').next()?;
                let given = self.given(class, &object.args);
                Some(self.scheme(class, class, &given))
            }
            Value::Partial(partial) => self.security_scheme(&partial.0.clone()),
            Value::Object(object) => {
                let instance = self.interp.instance(*object)?;
                let Value::Class(class) = instance.class else {
                    return None;
                };
                if !self.is_scheme(class) {
                    return None;
                }
                let name = self.interp.class(class).name.clone();
                if self.interp.class_attribute(class, "__init__", None).is_some() {
                    let why = reason(format!("`{name}` makes its security scheme in `__init__`"), None);
                    return Some(SecurityScheme {
                        name: Data::Str(name.as_str().into()),
                        definition: Data::Unknown(why),
                    });
                }
                let mut attrs: Vec<(SmolStr, Value)> = instance.attrs.clone().into_iter().collect();
                attrs.sort_by(|a, b| a.0.cmp(&b.0));
                let mut given = Attributes::default();
                for (name, value) in attrs {
                    let data = self.data(&value);
                    given.set(&name, data);
                }
                let base = self.library_base(class)?;
                Some(self.scheme(&base, &name, &given))
            }
            _ => None,
        }
    }

    fn library_base(&self, class: ClassId) -> Option<Arc<str>> {
        let mut bases = self.interp.class(class).mro.iter();
        bases.find_map(|base| base.lib_name()?.rsplit('.').next().map(Arc::from))
    }

    fn given(&mut self, class: &str, args: &Args) -> Attributes {
        let mut given = Attributes::default();
        let names = POSITIONAL.iter().find(|(known, _)| *known == class);
        for ((value, _), name) in args
            .positional
            .iter()
            .zip(names.map_or(&[] as &[&str], |(_, names)| names))
        {
            let data = self.data(value);
            given.set(name, data);
        }
        for (name, value, _) in &args.keywords {
            let data = self.data(value);
            given.set(name, data);
        }
        given
    }

    /// The definition of a scheme of a library class, as `jsonable_encoder` leaves its model.
    fn scheme(&self, class: &str, own_name: &str, given: &Attributes) -> SecurityScheme {
        let name = match given.get("scheme_name") {
            Some(name) if name.truth() != Some(false) => name.clone(),
            _ => Data::Str(own_name.into()),
        };
        let mut definition: Vec<(&str, Data)> = Vec::new();
        let text = |text: &str| Data::Str(text.into());
        let take = |name: &str| given.get(name).cloned();
        match class {
            "HTTPBasic" | "HTTPBearer" | "HTTPDigest" | "HTTPBase" => {
                let scheme = match class {
                    "HTTPBase" => take("scheme").unwrap_or(Data::None),
                    other => text(&other.trim_start_matches("HTTP").to_lowercase()),
                };
                definition.push(("type", text("http")));
                definition.extend(take("description").map(|data| ("description", data)));
                definition.push(("scheme", scheme));
                if class == "HTTPBearer" {
                    definition.extend(take("bearerFormat").map(|data| ("bearerFormat", data)));
                }
            }
            "APIKeyQuery" | "APIKeyHeader" | "APIKeyCookie" => {
                let place = class.trim_start_matches("APIKey").to_lowercase();
                definition.push(("type", text("apiKey")));
                definition.extend(take("description").map(|data| ("description", data)));
                definition.push(("in", text(&place)));
                definition.push(("name", take("name").unwrap_or(Data::None)));
            }
            "OpenIdConnect" => {
                definition.push(("type", text("openIdConnect")));
                definition.extend(take("description").map(|data| ("description", data)));
                definition.push(("openIdConnectUrl", take("openIdConnectUrl").unwrap_or(Data::None)));
            }
            _ if class.starts_with("OAuth2") => {
                definition.push(("type", text("oauth2")));
                definition.extend(take("description").map(|data| ("description", data)));
                definition.push(("flows", flows(class, given)));
            }
            _ => {
                let why = reason(format!("the security scheme `{class}` is not known"), None);
                return SecurityScheme {
                    name,
                    definition: Data::Unknown(why),
                };
            }
        }
        let entries = definition.into_iter().map(|(name, data)| (text(name), data));
        SecurityScheme {
            name,
            definition: Data::Dict(entries.collect()),
        }
    }
}

/// The flows of an OAuth 2 scheme; `scopes` is always there.
fn flows(class: &str, given: &Attributes) -> Data {
    let text = |text: &str| Data::Str(text.into());
    let flow = |names: &[&str]| {
        let scopes = given.get("scopes").cloned().unwrap_or(Data::Dict(Vec::new()));
        let mut entries = vec![(text("scopes"), scopes)];
        entries.extend(
            names
                .iter()
                .filter_map(|name| Some((text(name), given.get(name)?.clone()))),
        );
        Data::Dict(entries)
    };
    match class {
        "OAuth2PasswordBearer" => Data::Dict(vec![(text("password"), flow(&["refreshUrl", "tokenUrl"]))]),
        "OAuth2AuthorizationCodeBearer" => Data::Dict(vec![(
            text("authorizationCode"),
            flow(&["refreshUrl", "authorizationUrl", "tokenUrl"]),
        )]),
        _ => match given.get("flows") {
            Some(Data::Dict(entries)) => Data::Dict(entries.iter().map(with_scopes).collect()),
            Some(other) => other.clone(),
            None => Data::Dict(Vec::new()),
        },
    }
}

fn with_scopes((name, flow): &(Data, Data)) -> (Data, Data) {
    let mut flow = flow.clone();
    if let Data::Dict(entries) = &mut flow
        && !entries.iter().any(|(key, _)| key.as_str() == Some("scopes"))
    {
        entries.insert(0, (Data::Str("scopes".into()), Data::Dict(Vec::new())));
    }
    (name.clone(), flow)
}
