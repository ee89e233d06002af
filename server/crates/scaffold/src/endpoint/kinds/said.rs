//! What the docstring of a special kind says, in sections where siblings have them.

use super::{EndpointKind, Writer};
use crate::endpoint::body::sentence;
use crate::endpoint::docs::{Documented, Reason, Said, raised_in};
use crate::endpoint::evidence::{is_session, is_user};
use crate::endpoint::siblings::{Code, Param};
use style::words;

/// The docstring of the operation that a template yields, indented as in templates.
pub(super) fn docstring(writer: &Writer<'_>, params: &[Param], lookup: &str, rendered: &str) -> String {
    let codes = || {
        let siblings = writer.siblings.iter();
        siblings.filter_map(|sibling| Code::new(writer.source, sibling.unit, sibling.stmt))
    };
    let operation = rendered.rfind("\n@").map_or(rendered, |at| &rendered[at..]);
    let rest = operation.replace(lookup, "");
    let of_lookup = raised_in(std::iter::once(lookup));
    let of_rest = raised_in(std::iter::once(rest.as_str()));
    let missing = |own: Option<&str>| own.unwrap_or("If there is no such thing.").to_owned();
    let refused = |_: Option<&str>| format!("If {}.", refused(writer.shape.kind));
    let either = |own: Option<&str>| {
        let missing = missing(own);
        format!(
            "{}, or if {}.",
            missing.trim_end_matches('.'),
            self::refused(writer.shape.kind)
        )
    };
    let names = raised_in(std::iter::once(operation)).into_iter();
    let raised = names.map(|name| {
        let text: Reason<'_> = match (of_lookup.contains(&name), of_rest.contains(&name)) {
            (true, true) => &either,
            (true, false) => &missing,
            (false, _) => &refused,
        };
        (name, text)
    });
    let is_db = |param: &Param| codes().any(|code| is_session(&code, param));
    let said = Said {
        summary: writer.shape.docstring,
        params,
        usual: &|param| match param.name.as_str() {
            "background_tasks" => "What runs once the answer is sent.".to_owned(),
            "file" => "The file.".to_owned(),
            "last_event_id" => "The id of the last event that the client has.".to_owned(),
            "websocket" => "The connection.".to_owned(),
            name if writer.shape.kind == EndpointKind::Download && name == writer.file_param() => {
                "The name of the file.".to_owned()
            }
            _ if is_db(param) => "The database session.".to_owned(),
            _ if is_user(param) => "Who is asking.".to_owned(),
            name => match name.strip_suffix("_id") {
                Some(one) => format!("The id of the {}.", words::spoken(one)),
                None => sentence(&format!("the_{name}")),
            },
        },
        returned: returned(writer),
        raised: raised.collect(),
    };
    let text = Documented::of(codes()).write(&said, &writer.style.format.indent);
    let lines = text.split('\n').enumerate().map(|(at, line)| match at {
        0 => line.to_owned(),
        _ => format!("    {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What comes back.
fn returned(writer: &Writer<'_>) -> Option<(&'static str, String)> {
    let (title, text) = match writer.shape.kind {
        EndpointKind::Upload => (
            "Returns",
            "The name under which the file is kept, and its size in bytes.",
        ),
        EndpointKind::Download => ("Returns", "The file."),
        EndpointKind::Stream => ("Returns", "The lines of the export."),
        EndpointKind::Background => ("Returns", "The id of the job."),
        EndpointKind::Sse if writer.has_sse() => ("Yields", "The events."),
        EndpointKind::Sse => ("Returns", "The events."),
        _ => return None,
    };
    Some((title, text.to_owned()))
}

/// When a kind refuses what is asked for, besides for want of the item.
fn refused(kind: EndpointKind) -> &'static str {
    match kind {
        EndpointKind::Upload => "files of that type are not supported",
        EndpointKind::Download => "there is no such file",
        _ => "it can't be done",
    }
}
