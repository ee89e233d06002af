//! What is made of the operation that lists a resource: another one that searches, and what it is filtered and sorted by.

pub(super) mod filter;
mod rewrite;
mod rows;
pub(super) mod search;
mod wanted;

use super::{
    host::Host,
    resource::{self, Resource},
    siblings::Sibling,
};
use crate::Site;
use style::{Action, Format, Source};

/// Why a list is left as it is whose rows are read for other resources too.
const SHARED: &str = "its rows are read by a class that others share: let a method of its own select them, and call that, then ask again";

/// The resource at a collection path, or the first, and the operation that lists it.
fn listed<'s>(host: &Host, siblings: &'s [Sibling], asked: Option<&str>) -> Option<(Resource, &'s Sibling)> {
    siblings.iter().find_map(|sibling| {
        let (action, collection) = sibling.action.as_ref()?;
        let is_meant = *action == Action::List && asked.is_none_or(|asked| asked == collection);
        let resource = resource::known(host, siblings, collection).filter(|_| is_meant)?;
        Some((resource, sibling))
    })
}

/// The layout of what is indented afterwards.
fn narrower(format: &Format, indent: &str) -> Format {
    Format {
        line_length: format.line_length.saturating_sub(indent.len()),
        ..format.clone()
    }
}

/// A file as users know it.
fn shown(site: &Site<'_>, source: &Source) -> String {
    let path = site.ctx.files.path(source.file);
    path.strip_prefix(site.root).unwrap_or(&path).display().to_string()
}

fn range_of(range: ruff_text_size::TextRange) -> std::ops::Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}
