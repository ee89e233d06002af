//! What the values of a column are in Python, by the type that the database has for it.

use ruff_python_ast::{Expr, ExprCall};

/// The Python type of a column type, by its name in SQLAlchemy or one of its dialects, and its call.
pub(super) fn python_type(column: &str, call: Option<&ExprCall>) -> Option<String> {
    let plain = match column {
        "String" | "Text" | "Unicode" | "UnicodeText" | "VARCHAR" | "CHAR" | "NVARCHAR" | "NCHAR" | "TEXT"
        | "CITEXT" | "LONGTEXT" | "MEDIUMTEXT" | "TINYTEXT" | "CLOB" | "INET" | "CIDR" | "MACADDR" => "str",
        "Integer" | "BigInteger" | "SmallInteger" | "INTEGER" | "BIGINT" | "SMALLINT" | "TINYINT" | "MEDIUMINT"
        | "YEAR" => "int",
        "Float" | "Double" | "REAL" | "FLOAT" | "DOUBLE" | "DOUBLE_PRECISION" => "float",
        "Numeric" | "DECIMAL" | "NUMERIC" => "Decimal",
        "Boolean" | "BOOLEAN" => "bool",
        "Date" | "DATE" => "date",
        "DateTime" | "TIMESTAMP" | "DATETIME" => "datetime",
        "Time" | "TIME" => "time",
        "Interval" | "INTERVAL" => "timedelta",
        "Uuid" | "UUID" | "GUID" | "UUIDType" if is_false(call, "as_uuid") => "str",
        "Uuid" | "UUID" | "GUID" | "UUIDType" => "UUID",
        "LargeBinary" | "BYTEA" | "BLOB" | "BINARY" | "VARBINARY" => "bytes",
        "JSON" | "JSONB" => "dict[str, Any]",
        "ARRAY" => {
            let inner = match call?.arguments.args.first()? {
                Expr::Call(call) => (last(&call.func), Some(call)),
                other => (last(other), None),
            };
            return Some(format!("list[{}]", python_type(inner.0, inner.1)?));
        }
        "Enum" | "ENUM" => {
            // The class of an enum; mere strings have none.
            let class = call?.arguments.args.first()?;
            return class.is_name_expr().then(|| last(class).to_owned());
        }
        _ => return None,
    };
    Some(plain.to_owned())
}

fn is_false(call: Option<&ExprCall>, name: &str) -> bool {
    let mut keywords = call.into_iter().flat_map(|call| &call.arguments.keywords);
    keywords.any(|keyword| {
        let is_it = keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name);
        is_it
            && keyword
                .value
                .as_boolean_literal_expr()
                .is_some_and(|value| !value.value)
    })
}

fn last(expr: &Expr) -> &str {
    match expr {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}
