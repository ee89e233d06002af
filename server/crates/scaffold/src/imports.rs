//! Merges the names that inserted code needs into the imports that stand in a module.

use crate::{Context, resolve};
use base::{FileId, Span, TextEdit};
use facts::{Stmt, StmtId, UnitId};
use model::ModuleRef;
use style::{Format, Source};

/// A name that inserted code needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// `from module import name`, the module absolute.
    Member(String, String),
    /// `from module import name as bound`, the module absolute.
    Renamed(String, String, String),
    /// `import module`.
    Module(String),
    /// `import module as bound`.
    ModuleAs(String, String),
}

impl Need {
    pub(crate) fn member(module: &str, name: &str) -> Self {
        Need::Member(module.to_owned(), name.to_owned())
    }

    /// The module that is imported, or imported from.
    pub(crate) fn module(&self) -> &str {
        match self {
            Need::Member(module, _) | Need::Renamed(module, ..) | Need::Module(module) | Need::ModuleAs(module, _) => {
                module
            }
        }
    }

    /// The same with the absolute name of a module that is named relative to the package of `file`.
    pub(crate) fn absolute(self, ctx: &Context<'_>, file: FileId) -> Self {
        let resolved = |module: String| {
            let name = module.trim_start_matches('.');
            let level = (module.len() - name.len()) as u32;
            resolve::absolute(ctx, file, level, name)
        };
        match self {
            Need::Member(module, name) => Need::Member(resolved(module), name),
            Need::Renamed(module, name, bound) => Need::Renamed(resolved(module), name, bound),
            Need::Module(_) | Need::ModuleAs(..) => self,
        }
    }

    /// The same member of another module.
    pub(crate) fn in_module(self, module: &str) -> Self {
        let module = module.to_owned();
        match self {
            Need::Member(_, name) => Need::Member(module, name),
            Need::Renamed(_, name, bound) => Need::Renamed(module, name, bound),
            Need::Module(_) | Need::ModuleAs(..) => self,
        }
    }

    /// The member as an import writes it, and its module; nothing for a whole module.
    fn written(&self) -> Option<(&str, String)> {
        match self {
            Need::Member(module, name) => Some((module, name.clone())),
            Need::Renamed(module, name, bound) => Some((module, format!("{name} as {bound}"))),
            Need::Module(_) | Need::ModuleAs(..) => None,
        }
    }

    /// The name that it brings into scope.
    pub(crate) fn bound_name(&self) -> &str {
        match self {
            Need::Member(_, name) | Need::Renamed(_, _, name) | Need::ModuleAs(_, name) => name,
            Need::Module(module) => module.split('.').next().unwrap_or(module),
        }
    }
}

/// The sections of isort, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Future,
    Standard,
    ThirdParty,
    FirstParty,
    Local,
}

/// An import statement of the module's top level.
struct Standing<'a> {
    span: Span,
    section: Section,
    /// As isort compares it.
    key: Key,
    module: String,
    stmt: &'a Stmt,
}

/// How isort compares statements of a section: by module, in lower case, relative ones by their dots, and those of one module
/// by their first member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    module: (std::cmp::Reverse<u32>, String),
    /// Of one module the whole comes before its members.
    is_from: bool,
    member: Option<(u8, String, String)>,
}

impl Standing<'_> {
    /// Whether a member can be added that is bound to its own name, or to another one.
    fn takes(&self, module: &str, is_renamed: bool, format: &Format) -> bool {
        let Stmt::ImportFrom { names, .. } = self.stmt else {
            return false;
        };
        let is_alone = names.iter().any(|n| n.alias.is_some()) || is_renamed;
        self.module == module && !is_star(self.stmt) && (!is_alone || format.imports.combines_renamed)
    }
}

/// The edits that bring every need into scope. Names that are in scope already need none.
pub(crate) fn merge(ctx: &Context<'_>, source: &Source, format: &Format, needs: &[Need]) -> Vec<TextEdit> {
    let standing = standing(ctx, source);
    let mut missing: Vec<&Need> = needs.iter().filter(|need| !is_bound(ctx, source, need)).collect();
    missing.sort();
    missing.dedup();
    let mut edits = Vec::new();
    let mut lines: Vec<NewLine> = Vec::new();
    let mut extended: Vec<(usize, Vec<String>)> = Vec::new();
    for need in missing {
        let Some((module, name)) = need.written() else {
            let line = NewLine::new(ctx, source, &standing, need.module(), None);
            lines.push(line.bound_to(need));
            continue;
        };
        let is_renamed = matches!(need, Need::Renamed(..));
        match standing.iter().position(|s| s.takes(module, is_renamed, format)) {
            Some(at) => match extended.iter_mut().find(|(i, _)| *i == at) {
                Some((_, names)) => names.push(name),
                None => extended.push((at, vec![name])),
            },
            None => match lines.iter_mut().find(|line| line.takes(module, is_renamed, format)) {
                Some(line) => line.names.push(name),
                None => {
                    let line = NewLine::new(ctx, source, &standing, module, Some(name));
                    lines.push(NewLine { is_renamed, ..line });
                }
            },
        }
    }
    for (at, names) in extended {
        edits.push(extend(source, format, &standing[at], &names));
    }
    let comes_late = |is_from: bool| is_from && !format.imports.is_mixed;
    let rank = |line: &NewLine| (line.section, comes_late(line.key.is_from), line.key.clone());
    lines.sort_by_key(rank);
    edits.extend(place_lines(source, format, &standing, &lines));
    edits
}

fn is_star(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::ImportFrom { names, .. } if names.iter().any(|n| n.name == "*"))
}

fn is_bound(ctx: &Context<'_>, source: &Source, need: &Need) -> bool {
    resolve::binding(ctx, source.file, &source.facts, need.bound_name()).is_some()
}

fn standing<'a>(ctx: &Context<'_>, source: &'a Source) -> Vec<Standing<'a>> {
    let Some(unit) = source.module() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for &id in &unit.body {
        let stmt = &unit[id];
        let (is_from, level, module) = match stmt {
            Stmt::Import(names) => (false, 0, names.first().map_or("", |n| n.name.as_str()).to_owned()),
            Stmt::ImportFrom { level, module, .. } => (true, *level, module.to_string()),
            _ => continue,
        };
        let absolute = resolve::absolute(ctx, source.file, level, &module);
        found.push(Standing {
            span: span_of(source, id),
            section: section(ctx, source.file, level, &absolute),
            key: Key {
                module: (std::cmp::Reverse(level), module.to_lowercase()),
                is_from,
                member: match stmt {
                    Stmt::ImportFrom { names, .. } => names.iter().map(|n| member_key(&n.name)).min(),
                    _ => None,
                },
            },
            module: absolute,
            stmt,
        });
    }
    found.retain(|s| !s.span.is_empty());
    found
}

fn span_of(source: &Source, stmt: StmtId) -> Span {
    source.spans.stmt(UnitId::MODULE, stmt)
}

/// Whether a module that a file imports is one of the project's own.
pub(crate) fn is_own(ctx: &Context<'_>, file: FileId, module: &str) -> bool {
    module.starts_with('.') || section(ctx, file, 0, module) == Section::FirstParty
}

fn section(ctx: &Context<'_>, file: FileId, level: u32, module: &str) -> Section {
    if level > 0 {
        return Section::Local;
    }
    let top = module.split('.').next().unwrap_or(module);
    if top == "__future__" {
        return Section::Future;
    }
    if is_standard(top) {
        return Section::Standard;
    }
    if ctx.new_packages.iter().any(|package| package == top) {
        return Section::FirstParty;
    }
    match ctx.modules.resolve(file, top) {
        ModuleRef::Namespace => Section::FirstParty,
        ModuleRef::File(found) => {
            let is_installed = ctx
                .files
                .path(found)
                .components()
                .any(|part| part.as_os_str() == "site-packages" || part.as_os_str() == "dist-packages");
            if is_installed {
                Section::ThirdParty
            } else {
                Section::FirstParty
            }
        }
        ModuleRef::Library | ModuleRef::Missing | ModuleRef::Unknown => Section::ThirdParty,
    }
}

/// Modules of the standard library that web code imports.
fn is_standard(top: &str) -> bool {
    const STANDARD: &[&str] = &[
        "abc",
        "argparse",
        "asyncio",
        "base64",
        "binascii",
        "bisect",
        "calendar",
        "collections",
        "concurrent",
        "contextlib",
        "contextvars",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "email",
        "enum",
        "fractions",
        "functools",
        "glob",
        "gzip",
        "hashlib",
        "heapq",
        "hmac",
        "html",
        "http",
        "importlib",
        "inspect",
        "io",
        "ipaddress",
        "itertools",
        "json",
        "locale",
        "logging",
        "math",
        "mimetypes",
        "multiprocessing",
        "numbers",
        "operator",
        "os",
        "pathlib",
        "pickle",
        "pkgutil",
        "platform",
        "queue",
        "random",
        "re",
        "secrets",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "sqlite3",
        "ssl",
        "statistics",
        "string",
        "struct",
        "subprocess",
        "sys",
        "tempfile",
        "textwrap",
        "threading",
        "time",
        "tomllib",
        "traceback",
        "types",
        "typing",
        "unittest",
        "urllib",
        "uuid",
        "warnings",
        "weakref",
        "xml",
        "zipfile",
        "zlib",
        "zoneinfo",
    ];
    STANDARD.contains(&top)
}

/// How isort orders members: constants, classes, then the rest, each without regard to case.
pub(crate) fn member_key(name: &str) -> (u8, String, String) {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let kind = if name.len() > 1 && letters().all(char::is_uppercase) && letters().next().is_some() {
        0
    } else if name.chars().next().is_some_and(char::is_uppercase) {
        1
    } else {
        2
    };
    (kind, name.to_lowercase(), name.to_owned())
}

/// Adds names to a `from` import that stands.
fn extend(source: &Source, format: &Format, standing: &Standing<'_>, names: &[String]) -> TextEdit {
    let Stmt::ImportFrom { names: present, .. } = standing.stmt else {
        return TextEdit {
            span: Span::new(standing.span.end, standing.span.end),
            text: String::new(),
        };
    };
    let text = standing.span.text(&source.text);
    let mut members: Vec<(String, String)> = present
        .iter()
        .map(|import| {
            let start = source.spans.expr(UnitId::MODULE, import.name_at).start;
            let end = source
                .spans
                .expr(UnitId::MODULE, import.alias.unwrap_or(import.name_at))
                .end;
            (
                import.name.to_string(),
                Span::new(start, end).text(&source.text).to_owned(),
            )
        })
        .collect();
    let is_sorted = members.is_sorted_by_key(|(name, _)| member_key(name));
    members.extend(names.iter().map(|name| (name.clone(), name.clone())));
    if is_sorted {
        members.sort_by_key(|(name, _)| member_key(name));
    }
    let first = present.first().map_or(standing.span.end, |import| {
        source.spans.expr(UnitId::MODULE, import.name_at).start
    });
    let head = Span::new(standing.span.start, first).text(&source.text);
    let head = head.trim_end().trim_end_matches(['(', '\\']).trim_end();
    let items: Vec<String> = members.into_iter().map(|(_, text)| text).collect();
    if text.contains(['\n', '\r']) {
        return keep_lines(source, format, standing, &items).unwrap_or_else(|| TextEdit {
            span: standing.span,
            text: exploded(format, head, &items),
        });
    }
    let line = format!("{head} {}", items.join(", "));
    let fits = line.chars().count() <= format.line_length;
    TextEdit {
        span: standing.span,
        text: if fits { line } else { exploded(format, head, &items) },
    }
}

/// Inserts the new members between the lines of an import over several lines, so that comments stay; nothing where its
/// members do not stand one on each line.
fn keep_lines(source: &Source, format: &Format, standing: &Standing<'_>, items: &[String]) -> Option<TextEdit> {
    let text = standing.span.text(&source.text);
    let mut lines: Vec<String> = text.split(format.eol).map(str::to_owned).collect();
    if lines.len() < 3 || !lines.last()?.trim_start().starts_with(')') || !lines.first()?.trim_end().ends_with('(') {
        return None;
    }
    let member_of = |line: &str| {
        let code = line
            .split('#')
            .next()
            .unwrap_or("")
            .trim()
            .trim_end_matches(',')
            .to_owned();
        (!code.is_empty()).then_some(code)
    };
    let body = 1..lines.len() - 1;
    let present: Vec<String> = lines[body.clone()].iter().filter_map(|line| member_of(line)).collect();
    if present.iter().any(|member| member.contains(',')) {
        return None;
    }
    let indent: String = lines[1].chars().take_while(|c| c.is_whitespace()).collect();
    let last = lines.len() - 2;
    if !lines[last].contains(',') {
        let code_end = lines[last]
            .find('#')
            .map_or(lines[last].len(), |at| lines[last][..at].trim_end().len());
        lines[last].insert(code_end, ',');
    }
    let mut at = 1;
    for item in items {
        if present.contains(item) {
            while at < lines.len() - 1 && member_of(&lines[at]).as_ref() != Some(item) {
                at += 1;
            }
        } else {
            lines.insert(at, format!("{indent}{item},"));
        }
        at += 1;
    }
    Some(TextEdit {
        span: standing.span,
        text: lines.join("\n").replace('\r', ""),
    })
}

fn exploded(format: &Format, head: &str, items: &[String]) -> String {
    let lines: String = items.iter().map(|item| format!("{}{item},\n", format.indent)).collect();
    format!("{head} (\n{lines})")
}

/// An import statement that is to be added.
struct NewLine {
    section: Section,
    key: Key,
    module: String,
    written: String,
    names: Vec<String>,
    /// Whether its first member is bound to another name.
    is_renamed: bool,
}

impl NewLine {
    fn new(ctx: &Context<'_>, source: &Source, standing: &[Standing<'_>], module: &str, name: Option<String>) -> Self {
        // What a template says relative to its package stays so.
        let level = (module.len() - module.trim_start_matches('.').len()) as u32;
        let absolute_section = section(ctx, source.file, level, module);
        let relative = (absolute_section == Section::FirstParty && prefers_relative(standing))
            .then(|| relative(ctx, source.file, module))
            .flatten();
        let section = if relative.is_some() {
            Section::Local
        } else {
            absolute_section
        };
        let written = relative.unwrap_or_else(|| module.to_owned());
        let dots = written.len() - written.trim_start_matches('.').len();
        Self {
            section,
            key: Key {
                module: (std::cmp::Reverse(dots as u32), written[dots..].to_lowercase()),
                is_from: name.is_some(),
                member: name.as_deref().map(member_key),
            },
            module: module.to_owned(),
            written,
            names: name.into_iter().collect(),
            is_renamed: false,
        }
    }

    /// Whether a member can be added that is bound to its own name, or to another one.
    fn takes(&self, module: &str, is_renamed: bool, format: &Format) -> bool {
        let is_alone = self.is_renamed || is_renamed;
        self.key.is_from && self.module == module && (!is_alone || format.imports.combines_renamed)
    }

    /// The line of a whole module, under the name that it is imported as.
    fn bound_to(mut self, need: &Need) -> Self {
        if let Need::ModuleAs(_, bound) = need {
            self.written = format!("{} as {bound}", self.written);
        }
        self
    }

    fn text(&self, format: &Format) -> String {
        if !self.key.is_from {
            return format!("import {}", self.written);
        }
        let mut names = self.names.clone();
        names.sort_by_key(|name| member_key(name));
        let head = format!("from {} import", self.written);
        let line = format!("{head} {}", names.join(", "));
        if line.chars().count() <= format.line_length {
            line
        } else {
            exploded(format, &head, &names)
        }
    }
}

fn prefers_relative(standing: &[Standing<'_>]) -> bool {
    let count = |section| standing.iter().filter(|s| s.section == section).count();
    count(Section::Local) > count(Section::FirstParty)
}

/// `module` as a relative import in `file` names it; nothing where they share no package.
fn relative(ctx: &Context<'_>, file: FileId, module: &str) -> Option<String> {
    let own = ctx.modules.module_name(file);
    let mut package: Vec<&str> = own.split('.').collect();
    if !ctx.modules.is_package(file) {
        package.pop();
    }
    let target: Vec<&str> = module.split('.').collect();
    let shared = package.iter().zip(&target).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return None;
    }
    let dots = ".".repeat(package.len() - shared + 1);
    Some(format!("{dots}{}", target[shared..].join(".")))
}

/// Puts new import statements where isort would.
fn place_lines(source: &Source, format: &Format, standing: &[Standing<'_>], lines: &[NewLine]) -> Vec<TextEdit> {
    let mut edits: Vec<TextEdit> = Vec::new();
    // The block of imports at the top; imports further down belong to something else.
    let block: Vec<&Standing<'_>> = standing.iter().collect();
    let mut opened: Vec<(Section, usize)> = Vec::new();
    for line in lines {
        let text = line.text(format);
        // Whole modules come first, where the two kinds are not sorted among each other.
        let comes_late = |is_from: bool| is_from && !format.imports.is_mixed;
        let rank = (comes_late(line.key.is_from), &line.key);
        let same: Vec<&&Standing<'_>> = block.iter().filter(|s| s.section == line.section).collect();
        let edit = if let Some(next) = same.iter().find(|s| (comes_late(s.key.is_from), &s.key) > rank) {
            at(next.span.start, format!("{text}\n"))
        } else if let Some(last) = same.last() {
            at(source.line_end(last.span.end), format!("\n{text}"))
        } else if let Some((_, i)) = opened.iter().find(|(section, _)| *section == line.section) {
            let edit = &mut edits[*i];
            if edit.text.starts_with('\n') {
                edit.text.push_str(&format!("\n{text}"));
            } else {
                edit.text.insert_str(edit.text.len() - 2, &format!("\n{text}"));
            }
            continue;
        } else {
            opened.push((line.section, edits.len()));
            if let Some(next) = block.iter().find(|s| s.section > line.section) {
                at(next.span.start, format!("{text}\n\n"))
            } else if let Some(last) = block.last() {
                at(source.line_end(last.span.end), format!("\n\n{text}"))
            } else {
                before_code(source, &text)
            }
        };
        edits.push(edit);
    }
    edits
}

fn at(offset: u32, text: String) -> TextEdit {
    TextEdit {
        span: Span::new(offset, offset),
        text,
    }
}

/// In a module without imports: behind its docstring, or before its first statement.
fn before_code(source: &Source, text: &str) -> TextEdit {
    let first = source.module().and_then(|unit| {
        let &first = unit.body.first()?;
        let is_docstring = matches!(&unit[first], Stmt::Expr(e) if matches!(unit[*e], facts::Expr::Str(_)));
        Some((span_of(source, first), is_docstring))
    });
    match first {
        Some((span, true)) => at(source.line_end(span.end), format!("\n\n{text}")),
        Some((span, false)) => at(source.line_start(span.start), format!("{text}\n\n")),
        None => at(0, format!("{text}\n\n")),
    }
}
