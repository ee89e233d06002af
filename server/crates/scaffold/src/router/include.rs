//! Including a router: where its siblings are included, written as they are, and above what would hide it.

use super::catch_alls;
use crate::{
    Refusal, Site,
    draft::{Draft, python},
    ground::{Ground, Parent, Part},
    imports::Need,
    layout::Layout,
    wire,
};
use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;
use std::path::Path;
use style::Source;

/// Where a router is included.
pub(crate) struct Include<'g> {
    /// Nothing in a new project.
    parent: Option<&'g Parent>,
    /// The byte above which it has to stand, if there is something that would hide it.
    above: Option<u32>,
}

impl<'g> Include<'g> {
    /// Where the project includes its routers.
    ///
    /// # Errors
    /// Where that can't be told.
    pub(crate) fn of(site: &Site<'_>, ground: &'g Ground) -> Result<Self, Refusal> {
        let parent = match &ground.parent {
            Part::Found(parent) => Some(parent),
            Part::Free(_) => None,
            Part::Refused(refusal) => return Err(refusal.clone()),
        };
        let above = parent.and_then(|parent| above(site, parent));
        Ok(Self { parent, above })
    }

    /// Whether routers get their prefixes here, not where they are made.
    pub(crate) fn has_prefixes(&self) -> bool {
        self.parent.is_some_and(|parent| parent.has_prefixes_at_includes)
    }

    /// The path below which what is included is served; that of a new project where there is none yet.
    pub(crate) fn prefix(&self) -> String {
        match self.parent {
            Some(parent) => format!("{}{}", parent.prefix, parent.shared_prefix_value),
            None => "/api/v1".to_owned(),
        }
    }

    /// Includes the router of a module.
    ///
    /// # Errors
    /// Where the file that includes it does not parse.
    pub(crate) fn add(
        &self,
        draft: &mut Draft<'_>,
        ground: &Ground,
        module: &Path,
        name: &str,
        arguments: Vec<(&'static str, String)>,
    ) -> Result<(), Refusal> {
        let module = ground.dotted(module);
        let Some(parent) = self.parent else {
            return wire::include(draft, &Layout::of(&draft.site), &module);
        };
        let (need, router) = imported(draft, parent, &module, name);
        let shared = parent.shared_prefix.clone().map(|prefix| ("prefix", prefix));
        let has_own = arguments.iter().any(|(name, _)| *name == "prefix");
        let arguments = arguments.into_iter().map(|(name, value)| match name {
            "prefix" if parent.has_prefixes_at_includes => (name, below(&parent.shared_prefix_value, value)),
            _ => (name, value),
        });
        let arguments: String = shared
            .into_iter()
            .filter(|_| !has_own)
            .chain(arguments)
            .map(|(name, value)| format!(", {name}={value}"))
            .collect();
        let text = draft.site.disk.text(&parent.path).unwrap_or_default();
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        if squeezed(&text).contains(&squeezed(&format!("{}.include_router({router}", parent.object))) {
            draft.note(format!(
                "{} includes it already",
                super::shown(&ground.root, &parent.path)
            ));
            return Ok(());
        }
        let statement = format!("{}.include_router({router}{arguments})", parent.object);
        let format = style::Format {
            line_length: ground.format.line_length.saturating_sub(parent.indent.len()),
            ..ground.format.clone()
        };
        let statement = python::format(&statement, &format).unwrap_or(statement);
        let lines: Vec<String> = statement
            .trim_end()
            .lines()
            .map(|line| format!("{}{line}", parent.indent))
            .collect();
        let lines = lines.join("\n");
        match (self.above, parent.behind) {
            (Some(above), _) => draft.insert(&parent.path, &ground.format, above, format!("{lines}\n"))?,
            (None, Some(behind)) => draft.insert(&parent.path, &ground.format, behind, format!("\n{lines}"))?,
            (None, None) => return draft.statement(&parent.path, &ground.format, lines, vec![need]),
        }
        draft.need(&parent.path, &ground.format, vec![need])
    }
}

/// A prefix, in its quotes, below another one.
fn below(base: &model::Text, quoted: String) -> String {
    let quote = quoted.chars().next().unwrap_or('"');
    let own = quoted.trim_matches(quote);
    format!("{quote}{base}{own}{quote}")
}

/// How the router is imported, and what it is called then.
fn imported(draft: &Draft<'_>, parent: &Parent, module: &str, name: &str) -> (Need, String) {
    let (package, last) = module.rsplit_once('.').unwrap_or(("", module));
    let is_named = last == name || style::words::plural(last) == name;
    let is_taken = !is_named || draft.binds(&parent.path, last) && !includes(draft, parent, last);
    if parent.imports_routers || is_taken || last == "router" {
        let alias = format!("{name}_router");
        return (
            Need::Renamed(module.to_owned(), "router".to_owned(), alias.clone()),
            alias,
        );
    }
    let need = match package {
        "" => Need::Module(last.to_owned()),
        package => Need::member(package, last),
    };
    (need, format!("{last}.router"))
}

fn includes(draft: &Draft<'_>, parent: &Parent, module: &str) -> bool {
    let text = draft.site.disk.text(&parent.path).unwrap_or_default();
    text.contains(&format!("include_router({module}.router"))
}

/// The start of the line of the first statement that would hide what is included behind it.
fn above(site: &Site<'_>, parent: &Parent) -> Option<u32> {
    let router = site.ctx.model.routers.get(parent.router.0 as usize)?;
    let source = crate::draft::source(site, &parent.path)?;
    let suite = python::suite(&source.text).ok()?;
    let spans = catch_alls(site, router)
        .into_iter()
        .filter(|event| event.at.file == source.file)
        .map(|event| source.spans.expr(event.at.unit, event.at.expr));
    let starts = spans.filter_map(|span| statement_at(&source, &suite, span.start as usize, &parent.indent));
    let first = starts.min()?;
    let line = source.line_start(first as u32);
    (parent.behind.is_none_or(|behind| line < behind)).then_some(line)
}

/// The start of the outermost statement around an offset that has an indentation: what is inserted there has the same.
fn statement_at(source: &Source, block: &[Stmt], offset: usize, indent: &str) -> Option<usize> {
    let is_around = |stmt: &&Stmt| stmt.range().contains_inclusive((offset as u32).into());
    let stmt = block.iter().find(is_around)?;
    let start = stmt.range().start();
    if source.indent_at(start.to_u32()) == indent {
        return Some(start.to_usize());
    }
    let mut inner = python::blocks(stmt).into_iter();
    inner.find_map(|block| statement_at(source, block, offset, indent))
}
