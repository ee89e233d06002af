//! A path operation with what it rests on, put into a module.

use super::super::host::Host;
use super::super::place::{self, Spot};
use super::super::siblings::Sibling;
use crate::draft::{self, python};
use crate::imports::{self, Need};
use crate::packages::{self, Package};
use crate::resolve::{self, Binding};
use crate::{Insertion, Refusal, Site};
use base::{SourceChange, Span, TextEdit};
use facts::{Stmt, UnitId};
use style::{Source, Style};

/// A path operation to be written.
pub(in crate::endpoint) struct Operation<'a> {
    /// Imports, what it rests on, and the operation as the last statement.
    pub(in crate::endpoint) module: python::Module,
    pub(in crate::endpoint) method: &'a str,
    pub(in crate::endpoint) path: &'a str,
    /// Whether the path is a guess.
    pub(in crate::endpoint) path_is_open: bool,
    pub(in crate::endpoint) name: &'a str,
    pub(in crate::endpoint) packages: &'a [Package],
    /// What it takes the place of, and what goes before and behind it.
    pub(in crate::endpoint) replaced: Option<(Span, String, String)>,
    pub(in crate::endpoint) notes: Vec<String>,
}

/// The texts of what an operation rests on.
#[derive(Default)]
struct Parts {
    /// Constants and the like, for where the router is made.
    constants: Vec<String>,
    /// Functions, for where the operation is.
    functions: Vec<String>,
}

impl Operation<'_> {
    /// The insertion.
    pub(in crate::endpoint) fn insert(
        mut self,
        site: &Site<'_>,
        source: &Source,
        style: &Style,
        host: &Host,
        siblings: &[Sibling],
    ) -> Result<Insertion, Refusal> {
        let format = &style.format;
        let operation = self.module.statements.pop().ok_or(Refusal::NoRouter)?;
        let (parts, mut used) = self.parts(site, source)?;
        used.push(operation.clone());
        let needs = self.needs(site, source, &used)?;
        let spot = match &self.replaced {
            Some((span, ..)) => Spot::Before(span.start),
            None => place::spot(&site.ctx, source, host, siblings, &[], self.method, self.path)
                .ok_or_else(|| Refusal::NotDecorated(host.name.clone()))?,
        };
        let at = match spot {
            Spot::After(at) | Spot::Before(at) => at,
        };
        let code = indented(&operation.text, &host.indent);
        let mut texts = Vec::new();
        let mut edits = Vec::new();
        let outside = outside(source, host, at);
        let after_router = constants_at(source, host).filter(|end| *end < at && outside.is_none());
        match (after_router, outside) {
            (Some(end), _) if !parts.constants.is_empty() => {
                edits.push(insertion(end, format!("\n\n{}", parts.constants.join("\n"))));
                texts.extend(parts.functions);
            }
            (_, Some(start)) => {
                let all = [parts.constants, parts.functions].concat();
                if !all.is_empty() {
                    let gap = "\n".repeat(format.blank_lines + 1);
                    edits.push(insertion(start, format!("{}{gap}", all.join(&gap))));
                }
            }
            _ => {
                if !parts.constants.is_empty() {
                    texts.push(parts.constants.join("\n"));
                }
                texts.extend(parts.functions);
            }
        }
        texts.push(code);
        let code = texts.join(&"\n".repeat(format.blank_lines + 1));
        let edit = match &self.replaced {
            Some((span, before, after)) => TextEdit {
                span: *span,
                text: format!("{before}{code}{after}"),
            },
            None => {
                let (at, text) = place::framed(source, format, spot, &host.indent, &code);
                insertion(at, text)
            }
        };
        let to_eol = |edit: TextEdit| TextEdit {
            text: edit.text.replace('\n', format.eol),
            ..edit
        };
        let edit = to_eol(edit);
        edits.extend(imports::merge(&site.ctx, source, format, &needs));
        let mut edits: Vec<TextEdit> = edits.into_iter().map(to_eol).collect();
        edits.push(edit.clone());
        let mut change = SourceChange::in_file(source.file, edits);
        python::check(&change.files[0].apply(&source.text))
            .map_err(|problem| Refusal::Broken(shown(site, source), problem))?;
        let code_edit = change.files[0].edits.iter().position(|known| *known == edit);
        let placeholders = self.placeholders(style, &edit.text);
        let notes = [self.notes, require(site, self.packages, &mut change)?].concat();
        Ok(Insertion {
            change,
            file: source.file,
            code_edit: code_edit.unwrap_or_default(),
            placeholders,
            summary: format!("{} {}{} as {}", self.method, host.prefix, self.path, self.name),
            notes,
        })
    }

    /// What the module lacks of what the operation rests on.
    fn parts(&self, site: &Site<'_>, source: &Source) -> Result<(Parts, Vec<python::Statement>), Refusal> {
        let mut parts = Parts::default();
        let mut added = Vec::new();
        for statement in &self.module.statements {
            let [name] = statement.binds.as_slice() else { continue };
            if let Some(standing) = standing(source, name) {
                if !is_alike(&standing, &statement.text) {
                    return Err(Refusal::Clash(name.clone(), shown(site, source)));
                }
                continue;
            }
            if resolve::binds(&site.ctx, source.file, name) {
                return Err(Refusal::Clash(name.clone(), shown(site, source)));
            }
            let texts = match statement.is_definition {
                true => &mut parts.functions,
                false => &mut parts.constants,
            };
            texts.push(statement.text.clone());
            added.push(statement.clone());
        }
        Ok((parts, added))
    }

    /// The imports of the names that are used.
    fn needs(&self, site: &Site<'_>, source: &Source, used: &[python::Statement]) -> Result<Vec<Need>, Refusal> {
        let is_used = |need: &Need| used.iter().any(|statement| statement.uses.contains(need.bound_name()));
        let needs: Vec<Need> = self.module.imports.iter().map(|import| import.need.clone()).collect();
        let needs: Vec<Need> = needs.into_iter().filter(is_used).collect();
        let facts = &source.facts;
        let taken = needs.iter().find(|need| {
            let bound = resolve::binding(&site.ctx, source.file, facts, need.bound_name());
            bound.is_some_and(|bound| !is_the_same(need, &bound))
        });
        match taken {
            Some(need) => Err(Refusal::Clash(need.bound_name().to_owned(), shown(site, source))),
            None => Ok(needs),
        }
    }

    /// A path that is a guess, and the function's name.
    fn placeholders(&self, style: &Style, text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        let path = style.format.string(self.path);
        if self.path_is_open
            && let Some(at) = text.rfind(&path)
        {
            spans.push(Span::new(at as u32 + 1, (at + path.len()) as u32 - 1));
        }
        if let Some(at) = text.rfind(&format!("def {}(", self.name)) {
            let start = (at + "def ".len()) as u32;
            spans.push(Span::new(start, start + self.name.len() as u32));
        }
        spans
    }
}

/// Lists packages where the project lists its own; what a user should know.
pub(super) fn require(
    site: &Site<'_>,
    packages: &[Package],
    change: &mut SourceChange,
) -> Result<Vec<String>, Refusal> {
    let missing: Vec<Package> = packages.iter().copied().filter(|p| !comes_along(site, p)).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let mut draft = draft::Draft::new(*site);
    packages::require(&mut draft, &missing);
    let plan = draft.finish(String::new())?;
    change.others.extend(plan.change.others);
    Ok(plan.notes)
}

/// Whether a package comes with another one that the project lists: servers and FastAPI's extras bring both of them.
fn comes_along(site: &Site<'_>, package: &Package) -> bool {
    let carriers: &[&str] = match package.name {
        "websockets" => &["[standard", "[all", "wsproto", "hypercorn", "granian", "daphne"],
        "python-multipart" => &["fastapi[standard", "fastapi[all"],
        _ => &[],
    };
    let listed = ["pyproject.toml", "requirements.txt"].map(|name| site.disk.text(&site.root.join(name)));
    let mut listed = listed.into_iter().flatten();
    listed.any(|text| carriers.iter().any(|carrier| text.contains(carrier)))
}

fn insertion(at: u32, text: String) -> TextEdit {
    TextEdit {
        span: Span::new(at, at),
        text,
    }
}

fn shown(site: &Site<'_>, source: &Source) -> String {
    let path = site.ctx.files.path(source.file);
    path.strip_prefix(site.root).unwrap_or(&path).display().to_string()
}

/// The statement of the module's top level that binds a name otherwise than by an import.
fn standing(source: &Source, name: &str) -> Option<String> {
    let module = python::take_apart(&source.text).ok()?;
    let mut statements = module.statements.into_iter();
    statements
        .find(|statement| statement.binds.iter().any(|bound| bound == name))
        .map(|statement| statement.text)
}

/// Whether a name that stands is what it would be: a function with the same parameters, a value of the same kind.
fn is_alike(standing: &str, wanted: &str) -> bool {
    let code = |text: &str| -> String {
        let lines = text.lines().skip_while(|line| line.trim_start().starts_with('#'));
        lines.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
    };
    let head = |text: String| -> String {
        match text.split_once('=') {
            Some((name, value)) if !text.starts_with("def") && !text.starts_with("async") => {
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                let value = value.trim_start_matches("pathlib.");
                let kind: String = match value.chars().next() {
                    Some(first) if first.is_ascii_digit() => "0".to_owned(),
                    _ => value.chars().take_while(|c| is_word(*c)).collect(),
                };
                let name = name.split(':').next().unwrap_or(name);
                format!("{name}={kind}")
            }
            _ => text
                .split("):")
                .next()
                .unwrap_or_default()
                .split(")->")
                .next()
                .unwrap_or_default()
                .to_owned(),
        }
    };
    head(code(standing)) == head(code(wanted))
}

/// Whether a name that is bound is what a need brings: FastAPI's names are often Starlette's.
fn is_the_same(need: &Need, bound: &Binding) -> bool {
    let family = |module: &str| match module.split('.').next() {
        Some("starlette") => "fastapi".to_owned(),
        Some("typing_extensions") => "typing".to_owned(),
        Some("fastapi") => "fastapi".to_owned(),
        Some("collections") => "typing".to_owned(),
        _ => module.to_owned(),
    };
    match (need, bound) {
        (Need::Member(module, name), Binding::Member(from, member)) => {
            name == member && (family(module) == family(from) || module.split('.').next() == from.split('.').next())
        }
        (Need::Module(module), Binding::Module(bound)) => module.split('.').next() == bound.split('.').next(),
        _ => false,
    }
}

/// Behind the statement that makes the router, and the assignments that follow it.
fn constants_at(source: &Source, host: &Host) -> Option<u32> {
    if host.unit != UnitId::MODULE || host.bound.is_empty() {
        return None;
    }
    let unit = source.module()?;
    let span = |index: usize| {
        unit.body
            .get(index)
            .map(|&stmt| source.spans.stmt(UnitId::MODULE, stmt))
    };
    let made = (0..unit.body.len()).find(|&index| span(index).is_some_and(|span| span.contains(host.bound)))?;
    if !matches!(unit[unit.body[made]], Stmt::Assign { .. } | Stmt::AnnAssign { .. }) {
        return None;
    }
    let is_assignment = |index: &usize| matches!(unit[unit.body[*index]], Stmt::Assign { .. } | Stmt::AnnAssign { .. });
    let last = (made..unit.body.len()).take_while(is_assignment).last()?;
    Some(source.line_end(span(last)?.end))
}

/// The start of the top-level statement in which the router is made, where that is a function's.
fn outside(source: &Source, host: &Host, at: u32) -> Option<u32> {
    if host.unit == UnitId::MODULE && host.indent.is_empty() {
        return None;
    }
    let unit = source.module()?;
    let spans = unit.body.iter().map(|&stmt| source.spans.stmt(UnitId::MODULE, stmt));
    let around = spans.into_iter().find(|span| span.start < at && at <= span.end)?;
    match place::before(source, around.start) {
        Spot::After(at) | Spot::Before(at) => Some(at),
    }
}

/// Every line but empty ones moved in.
fn indented(text: &str, indent: &str) -> String {
    let lines = text.lines().map(|line| match line.is_empty() {
        true => String::new(),
        false => format!("{indent}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}
