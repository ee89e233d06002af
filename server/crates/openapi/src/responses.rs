//! `responses` of an operation (`fastapi/openapi/utils.py`, `get_openapi_path`).

use crate::{
    field::given_schema,
    json::{Object, deep_update, json, object},
    schema::Schemas,
};
use model::{
    FastApiVersion,
    contract::{AdditionalResponse, Data, PathOperation},
};
use serde_json::{Value, json as literal};

/// Names of ranges of status codes.
const RANGES: [(&str, &str); 6] = [
    ("1XX", "Information"),
    ("2XX", "Success"),
    ("3XX", "Redirection"),
    ("4XX", "Client Error"),
    ("5XX", "Server Error"),
    ("DEFAULT", "Default Response"),
];

/// All responses, that of failed validation left out.
pub(crate) fn responses(schemas: &mut Schemas<'_, '_>, operation: &PathOperation, unique_id: &str) -> Object {
    let mut responses = Object::new();
    let status = status_code(schemas, operation);
    let mut main = Object::new();
    let description = match operation.attributes.get("response_description") {
        Some(given) => json(given, &mut schemas.notes),
        None => Some("Successful Response".into()),
    };
    main.extend(description.map(|text| ("description".to_owned(), text)));
    if operation.status_code.is_none() || allows_body(&status) {
        main.extend(content(schemas, operation, unique_id).map(|content| ("content".to_owned(), content.into())));
    }
    responses.insert(status, main.into());
    for additional in &operation.responses {
        add(schemas, operation, additional, unique_id, &mut responses);
    }
    responses
}

fn status_code(schemas: &mut Schemas<'_, '_>, operation: &PathOperation) -> String {
    match &operation.status_code {
        Some(Data::Int(code)) => code.to_string(),
        Some(Data::Str(code)) => code.to_string(),
        Some(Data::Unknown(why)) => {
            schemas.notes.add(why);
            "default".to_owned()
        }
        _ => operation.response_class.status_code.to_string(),
    }
}

/// `is_body_allowed_for_status_code`.
fn allows_body(status: &str) -> bool {
    match status.parse::<u32>() {
        Ok(code) => code >= 200 && !matches!(code, 204 | 205 | 304),
        Err(_) => true,
    }
}

/// `content` of the main response.
fn content(schemas: &mut Schemas<'_, '_>, operation: &PathOperation, unique_id: &str) -> Option<Object> {
    let class = &operation.response_class;
    let item_name = format!("StreamItem_{unique_id}");
    if operation.is_generator && class.is_default {
        let item = match &operation.stream_item {
            Some(item) => given_schema(schemas, &item_name, item),
            None => Object::new(),
        };
        return Some(object([(
            "application/jsonl",
            object([("itemSchema", item.into())]).into(),
        )]));
    }
    if operation.is_generator && class.is_event_source {
        let mut event = literal!({
            "type": "object",
            "properties": {
                "data": {"type": "string"},
                "event": {"type": "string"},
                "id": {"type": "string"},
                "retry": {"type": "integer", "minimum": 0},
            },
        });
        if let Some(item) = &operation.stream_item {
            let item = given_schema(schemas, &item_name, item);
            event["required"] = literal!(["data"]);
            event["properties"]["data"] =
                literal!({"type": "string", "contentMediaType": "application/json", "contentSchema": item});
        }
        return Some(object([("text/event-stream", literal!({"itemSchema": event}))]));
    }
    let media = match &class.media_type {
        Data::Str(media) => media.to_string(),
        Data::Unknown(why) => {
            schemas.notes.add(why);
            return None;
        }
        _ => return None,
    };
    // What is never shown has its definitions all the same (`get_fields_from_routes`).
    let model = operation.response_model.as_ref();
    let model = model.map(|model| given_schema(schemas, &format!("Response_{unique_id}"), model));
    let schema = match class.is_json {
        true => model.unwrap_or_default(),
        false => object([("type", "string".into())]),
    };
    let said = object([("schema", schema.into())]);
    Some([(media, Value::Object(said))].into_iter().collect())
}

fn add(
    schemas: &mut Schemas<'_, '_>,
    operation: &PathOperation,
    additional: &AdditionalResponse,
    unique_id: &str,
    responses: &mut Object,
) {
    let status = match &additional.status {
        Data::Int(code) => code.to_string(),
        Data::Str(code) => code.to_string(),
        Data::Unknown(why) => return schemas.notes.add(why),
        _ => return,
    };
    let mut said = match json(&additional.content, &mut schemas.notes) {
        Some(Value::Object(said)) => said,
        _ => Object::new(),
    };
    if let Some(model) = &additional.model {
        let schema = given_schema(schemas, &format!("Response_{status}_{unique_id}"), model);
        let media = operation
            .response_class
            .media_type
            .as_str()
            .unwrap_or("application/json");
        let update = object([("content", literal!({media: {"schema": schema}}))]);
        deep_update(&mut said, &update);
    }
    let upper = status.to_uppercase();
    let key = if upper == "DEFAULT" { "default" } else { upper.as_str() };
    let entry = responses.entry(key.to_owned()).or_insert_with(|| Object::new().into());
    let Value::Object(known) = entry else { return };
    let text = |object: &Object| match object.get("description") {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let range = RANGES.iter().find(|(range, _)| *range == upper).map(|(_, text)| *text);
    let phrase = range.or_else(|| phrase(&status)).unwrap_or("Additional Response");
    let description = text(&said).or_else(|| text(known)).unwrap_or_else(|| phrase.to_owned());
    deep_update(known, &said);
    known.insert("description".to_owned(), description.into());
}

/// Adds the response of failed validation.
pub(crate) fn add_validation_error(responses: &mut Object) {
    if ["422", "4XX", "default"]
        .iter()
        .any(|status| responses.contains_key(*status))
    {
        return;
    }
    let said = literal!({
        "description": "Validation Error",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}},
    });
    responses.insert("422".to_owned(), said);
}

/// The definitions behind it.
pub(crate) fn validation_error_definitions(fastapi: FastApiVersion) -> [(&'static str, Value); 2] {
    let mut error = literal!({
        "title": "ValidationError",
        "type": "object",
        "properties": {
            "loc": {
                "title": "Location",
                "type": "array",
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            },
            "msg": {"title": "Message", "type": "string"},
            "type": {"title": "Error Type", "type": "string"},
        },
        "required": ["loc", "msg", "type"],
    });
    if fastapi.tells_input_of_errors()
        && let Some(properties) = error["properties"].as_object_mut()
    {
        properties.insert("input".to_owned(), literal!({"title": "Input"}));
        properties.insert("ctx".to_owned(), literal!({"title": "Context", "type": "object"}));
    }
    let response = literal!({
        "title": "HTTPValidationError",
        "type": "object",
        "properties": {
            "detail": {
                "title": "Detail",
                "type": "array",
                "items": {"$ref": "#/components/schemas/ValidationError"},
            },
        },
    });
    [("ValidationError", error), ("HTTPValidationError", response)]
}

/// What `http.client.responses` says of a status code.
fn phrase(status: &str) -> Option<&'static str> {
    Some(match status.parse::<u16>().ok()? {
        100 => "Continue",
        101 => "Switching Protocols",
        102 => "Processing",
        103 => "Early Hints",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        208 => "Already Reported",
        226 => "IM Used",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Requested Range Not Satisfiable",
        417 => "Expectation Failed",
        418 => "I'm a Teapot",
        421 => "Misdirected Request",
        422 => "Unprocessable Entity",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        506 => "Variant Also Negotiates",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        510 => "Not Extended",
        511 => "Network Authentication Required",
        _ => return None,
    })
}
