//! Schemas of the types of Python's standard library, Pydantic and FastAPI, as Pydantic 2.14 says them through FastAPI's
//! generator (`fastapi/_compat/v2.py`, `GenerateJsonSchema`).

use super::Mode;
use crate::json::{Object, object};
use serde_json::{Value, json};

/// The schema of a type by its canonical name.
pub(super) fn schema(name: &str, mode: Mode) -> Option<Object> {
    let (module, short) = name.rsplit_once('.')?;
    let found = match module.split('.').next()? {
        "builtins" => builtin(short),
        "pydantic" | "pydantic_core" | "pydantic_extra_types" => pydantic(short, mode),
        "fastapi" => (short == "UploadFile").then(binary),
        "starlette" => (short == "UploadFile").then(binary),
        _ => standard(name, short, mode),
    }?;
    match found {
        Value::Object(schema) => Some(schema),
        _ => None,
    }
}

fn text(format: &str) -> Value {
    Value::Object(object([("type", "string".into()), ("format", format.into())]))
}

fn binary() -> Value {
    json!({"type": "string", "contentMediaType": "application/octet-stream"})
}

/// What Pydantic itself says of bytes, and what FastAPI said of uploads before it told their media type.
pub(super) fn tell_format_of_bytes(schema: &mut Object) {
    let is_bytes = |kind: &Value| kind == "application/octet-stream";
    if schema.get("contentMediaType").is_some_and(is_bytes) {
        schema.shift_remove("contentMediaType");
        schema.entry("format").or_insert_with(|| "binary".into());
    }
}

fn builtin(name: &str) -> Option<Value> {
    Some(match name {
        "str" | "complex" => json!({"type": "string"}),
        "int" => json!({"type": "integer"}),
        "float" => json!({"type": "number"}),
        "bool" => json!({"type": "boolean"}),
        "bytes" => binary(),
        _ => return None,
    })
}

fn standard(name: &str, short: &str, mode: Mode) -> Option<Value> {
    Some(match name {
        "datetime.date" => text("date"),
        "datetime.datetime" => text("date-time"),
        "datetime.time" => text("time"),
        "datetime.timedelta" => text("duration"),
        "uuid.UUID" => text("uuid"),
        "decimal.Decimal" => match mode {
            Mode::Validation => json!({"anyOf": [{"type": "number"}, {"type": "string"}]}),
            Mode::Serialization => json!({"type": "string"}),
        },
        "fractions.Fraction" => match mode {
            Mode::Validation => json!({"anyOf": [{"type": "number"}, {"type": "string", "format": "fraction"}]}),
            Mode::Serialization => text("fraction"),
        },
        "re.Pattern" | "typing.Pattern" => text("regex"),
        "zoneinfo.ZoneInfo" => text("zoneinfo"),
        "typing.Text" => json!({"type": "string"}),
        "typing.Hashable" if mode == Mode::Validation => json!({}),
        _ => match name.split('.').next()? {
            "pathlib" => match short {
                "Path" | "PurePath" | "PosixPath" | "PurePosixPath" | "PureWindowsPath" => text("path"),
                _ => return None,
            },
            "ipaddress" => match short {
                "IPv4Address" => text("ipv4"),
                "IPv6Address" => text("ipv6"),
                "IPv4Network" | "IPv6Network" | "IPv4Interface" | "IPv6Interface" => text(&short.to_lowercase()),
                _ => return None,
            },
            _ => return None,
        },
    })
}

fn pydantic(short: &str, mode: Mode) -> Option<Value> {
    Some(match short {
        "StrictStr" | "ImportString" => json!({"type": "string"}),
        "StrictInt" => json!({"type": "integer"}),
        "StrictFloat" | "FiniteFloat" => json!({"type": "number"}),
        "StrictBool" => json!({"type": "boolean"}),
        "StrictBytes" => binary(),
        "FutureDate" | "PastDate" => text("date"),
        "AwareDatetime" | "NaiveDatetime" | "FutureDatetime" | "PastDatetime" => text("date-time"),
        "NewPath" | "SocketPath" => text("path"),
        "FilePath" => text("file-path"),
        "DirectoryPath" => text("directory-path"),
        "EmailStr" => text("email"),
        "NameEmail" => text("name-email"),
        "IPvAnyAddress" | "IPvAnyInterface" | "IPvAnyNetwork" => text(&short.to_lowercase()),
        "UUID1" | "UUID3" | "UUID4" | "UUID5" | "UUID6" | "UUID7" | "UUID8" => text(&short.to_lowercase()),
        "HttpUrl" | "WebsocketUrl" => json!({"type": "string", "format": "uri", "minLength": 1, "maxLength": 2083}),
        "AnyUrl" | "AnyHttpUrl" | "AnyWebsocketUrl" | "FileUrl" | "FtpUrl" | "AmqpDsn" | "ClickHouseDsn"
        | "CockroachDsn" | "KafkaDsn" | "MariaDBDsn" | "MySQLDsn" | "RedisDsn" | "SnowflakeDsn" | "Url" => {
            json!({"type": "string", "format": "uri", "minLength": 1})
        }
        "MongoDsn" | "NatsDsn" | "PostgresDsn" | "MultiHostUrl" => {
            json!({"type": "string", "format": "multi-host-uri", "minLength": 1})
        }
        "SecretStr" => json!({"type": "string", "format": "password", "writeOnly": true}),
        "SecretBytes" => {
            json!({"type": "string", "contentMediaType": "application/octet-stream", "format": "password", "writeOnly": true})
        }
        "Base64Bytes" | "Base64UrlBytes" => {
            let format = if short == "Base64Bytes" { "base64" } else { "base64url" };
            json!({"type": "string", "contentMediaType": "application/octet-stream", "format": format})
        }
        "Base64Str" => text("base64"),
        "Base64UrlStr" => text("base64url"),
        "ByteSize" => match mode {
            Mode::Validation => json!({"anyOf": [
                {"type": "string", "pattern": "^\\s*(\\d*\\.?\\d+)\\s*(\\w+)?"},
                {"type": "integer", "minimum": 0},
            ]}),
            Mode::Serialization => json!({"type": "integer", "minimum": 0}),
        },
        "PositiveInt" => json!({"type": "integer", "exclusiveMinimum": 0}),
        "NegativeInt" => json!({"type": "integer", "exclusiveMaximum": 0}),
        "NonNegativeInt" => json!({"type": "integer", "minimum": 0}),
        "NonPositiveInt" => json!({"type": "integer", "maximum": 0}),
        "PositiveFloat" => json!({"type": "number", "exclusiveMinimum": 0}),
        "NegativeFloat" => json!({"type": "number", "exclusiveMaximum": 0}),
        "NonNegativeFloat" => json!({"type": "number", "minimum": 0}),
        "NonPositiveFloat" => json!({"type": "number", "maximum": 0}),
        "Json" => match mode {
            Mode::Validation => {
                json!({"type": "string", "contentMediaType": "application/json", "contentSchema": {}})
            }
            Mode::Serialization => json!({}),
        },
        _ => return None,
    })
}

/// How constraints are said for a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Number,
    Decimal,
    Text,
    Url,
    /// Dates and times: constraints count and are not shown.
    Time,
    Other,
}

pub(super) fn family(name: &str) -> Family {
    let short = name.rsplit('.').next().unwrap_or(name);
    match short {
        "int" | "float" | "bool" if name.starts_with("builtins.") => match short {
            "bool" => Family::Other,
            _ => Family::Number,
        },
        "StrictInt" | "StrictFloat" | "FiniteFloat" => Family::Number,
        _ if short.ends_with("tiveInt") || short.ends_with("tiveFloat") => Family::Number,
        "Decimal" => Family::Decimal,
        "str" | "bytes" | "StrictStr" | "StrictBytes" | "Text" => Family::Text,
        "date" | "datetime" | "time" | "timedelta" => Family::Time,
        _ if short.ends_with("Url") || short.ends_with("Dsn") => Family::Url,
        _ => Family::Other,
    }
}
