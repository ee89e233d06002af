//! How an operation responds: response class, additional responses, response model (`fastapi/routing.py`).

use super::{Reader, annotation::is_named, reason};
use crate::{
    Reason,
    contract::{AdditionalResponse, Data, ResponseClass, Type},
    eval::value::Value,
};
use std::sync::Arc;

/// What a streaming endpoint's annotation may be (`fastapi/dependencies/utils.py`, `_STREAM_ORIGINS`).
const STREAMS: [&str; 6] = [
    "AsyncIterable",
    "AsyncIterator",
    "AsyncGenerator",
    "Iterable",
    "Iterator",
    "Generator",
];

impl Reader<'_> {
    /// What the document shows of a response class.
    pub(super) fn response_class(&mut self, chosen: Option<&Value>) -> Result<ResponseClass, Reason> {
        let json = ResponseClass {
            media_type: Data::Str("application/json".into()),
            is_json: true,
            is_event_source: false,
            is_default: chosen.is_none(),
            status_code: 200,
        };
        match chosen {
            None => Ok(json),
            Some(Value::Lib(name)) => library_class(name, json).ok_or_else(|| {
                reason(
                    format!("the response class `{name}` is in a library that is not read"),
                    None,
                )
            }),
            Some(Value::Class(class)) => {
                let class = *class;
                let order = self.interp.class(class).mro.clone();
                let base = order
                    .iter()
                    .find_map(|base| library_class(base.lib_name()?, json.clone()));
                let Some(mut found) = base else {
                    let name = &self.interp.class(class).name;
                    return Err(reason(format!("`{name}` is not a response class that is known"), None));
                };
                if let Some((own, _)) = self.interp.class_attribute(class, "media_type", None) {
                    found.media_type = self.data(&own);
                }
                if let Some((Value::Function(init), _)) = self.interp.class_attribute(class, "__init__", None) {
                    let signature = self.interp.signature(&Value::Function(init));
                    let status = signature
                        .arguments
                        .iter()
                        .find(|argument| argument.name == "status_code");
                    if let Some(Some(Value::Int(code))) = status.map(|argument| &argument.default) {
                        found.status_code = u16::try_from(*code).unwrap_or(found.status_code);
                    }
                }
                Ok(found)
            }
            Some(Value::Unknown(why)) => Err(Reason::clone(why)),
            Some(_) => Err(reason("the response class is not known", None)),
        }
    }

    /// `responses={…}`.
    pub(super) fn responses(&mut self, value: &Value) -> Result<Vec<AdditionalResponse>, Reason> {
        let dict = match value {
            Value::None => return Ok(Vec::new()),
            Value::Dict(dict) => *dict,
            Value::Unknown(why) => return Err(Reason::clone(why)),
            _ => return Err(reason("`responses` is not a mapping that is known", None)),
        };
        if let Some(why) = &self.interp.object(dict).open {
            return Err(Reason::clone(why));
        }
        let entries = self.interp.dict_entries(dict).to_vec();
        Ok(entries
            .iter()
            .map(|entry| self.additional(&entry.key, &entry.value))
            .collect())
    }

    fn additional(&mut self, status: &Value, value: &Value) -> AdditionalResponse {
        let status = self.data(status);
        let Value::Dict(dict) = value else {
            return AdditionalResponse {
                status,
                content: self.data(value),
                model: None,
            };
        };
        let open = self.interp.object(*dict).open.clone();
        let mut model = None;
        let mut content = Vec::new();
        for entry in self.interp.dict_entries(*dict).to_vec() {
            if entry.key.as_str() == Some("model") {
                if self.interp.truth(&entry.value) != Some(false) {
                    model = Some(self.ty(&entry.value, &Vec::new()));
                }
            } else {
                content.push((self.data(&entry.key), self.data(&entry.value)));
            }
        }
        AdditionalResponse {
            status,
            content: match open {
                Some(why) => Data::Unknown(Reason::clone(&why)),
                None => Data::Dict(content),
            },
            model,
        }
    }

    /// Response model and item of a stream.
    pub(super) fn response_model(
        &mut self,
        given: Option<&Value>,
        endpoint: &Value,
        class: &ResponseClass,
        is_generator: bool,
    ) -> (Option<Type>, Option<Type>) {
        let none = Vec::new();
        match given {
            Some(Value::None) => return (None, None),
            Some(given) => return (Some(self.ty(given, &none)), None),
            None => {}
        }
        let Some((returns, at)) = self.interp.return_annotation(endpoint) else {
            return (None, None);
        };
        let returns = self.interp.with_classes_of_libraries(at.file, returns);
        if matches!(returns, Value::None) || self.is_response(&returns) {
            return (None, None);
        }
        let (origin, item) = match &returns {
            Value::Generic(parts) => (&parts.0, parts.1.first().cloned()),
            bare => (bare, Some(Value::lib("typing.Any"))),
        };
        if is_generator && STREAMS.iter().any(|name| is_named(origin, name)) {
            let is_shown = class.is_default || class.is_event_source;
            let is_wrapper = matches!(&item, Some(Value::Lib(name)) if name.ends_with(".ServerSentEvent"));
            let item = item
                .filter(|_| is_shown && !is_wrapper)
                .map(|item| self.ty(&item, &none));
            return (None, item);
        }
        (Some(self.ty(&returns, &none)), None)
    }

    fn is_response(&self, value: &Value) -> bool {
        let is_library = |name: &str| {
            let module = name.rsplit_once('.').map_or("", |(module, _)| module);
            name.ends_with("Response")
                && (module.contains("responses") || module.contains("sse") || module == "fastapi")
        };
        match value {
            Value::Lib(name) => is_library(name),
            Value::Class(class) => {
                let mut bases = self.interp.class(*class).mro.iter();
                bases.any(|base| base.lib_name().is_some_and(is_library))
            }
            _ => false,
        }
    }
}

/// The response classes of Starlette and FastAPI.
fn library_class(name: &str, json: ResponseClass) -> Option<ResponseClass> {
    let (module, class) = name.rsplit_once('.')?;
    if !matches!(
        module,
        "starlette.responses" | "fastapi.responses" | "fastapi" | "fastapi.sse" | "sse_starlette" | "sse_starlette.sse"
    ) {
        return None;
    }
    let media = |text: &str| Data::Str(Arc::from(text));
    let other = |media_type: Data| ResponseClass {
        media_type,
        is_json: false,
        is_event_source: false,
        is_default: false,
        status_code: 200,
    };
    Some(match class {
        "JSONResponse" | "ORJSONResponse" | "UJSONResponse" => ResponseClass {
            is_default: false,
            ..json
        },
        "HTMLResponse" => other(media("text/html")),
        "PlainTextResponse" => other(media("text/plain")),
        "Response" | "StreamingResponse" | "FileResponse" => other(Data::None),
        "RedirectResponse" => ResponseClass {
            status_code: 307,
            ..other(Data::None)
        },
        "EventSourceResponse" => ResponseClass {
            is_event_source: !module.starts_with("sse_starlette"),
            ..other(media("text/event-stream"))
        },
        _ => return None,
    })
}
