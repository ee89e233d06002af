//! The revisions that a project has, and how the next one is named and written.

use super::{Unclear, operations::Operations, unclear};
use crate::Site;
use jiff::civil::DateTime;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What Alembic names files by, where its configuration does not say.
const FILE_TEMPLATE: &str = "%(rev)s_%(slug)s";

/// How long the words of a message may get in a file's name.
const SLUG_LENGTH: usize = 40;

/// See the module.
pub(super) struct Revisions {
    /// The folder of the environment's script.
    folder: PathBuf,
    file_template: String,
    /// `script.py.mako`, of which Alembic makes revisions.
    template: Option<Arc<str>>,
    all: Vec<Revision>,
}

struct Revision {
    path: PathBuf,
    text: Arc<str>,
    id: String,
    /// Those that it follows.
    follows: Vec<String>,
}

/// A revision that is to be written.
pub(super) struct NewRevision {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Revisions {
    /// Those of a project; nothing where Alembic is not set up.
    pub(super) fn of(site: &Site<'_>) -> Option<Self> {
        let settings = Settings::of(site)?;
        let location = settings.get("script_location")?;
        let location = match location.split_once(':') {
            // A folder of a package.
            Some((package, below)) => format!("{}/{below}", package.replace('.', "/")),
            None => location,
        };
        let folders = [site.root.join(&location), site.root.join("src").join(&location)];
        let folder = folders.into_iter().find(|folder| site.disk.is_folder(folder))?;
        let elsewhere = settings.get("version_locations").unwrap_or_default();
        let places: Vec<PathBuf> = elsewhere
            .split([' ', ',', ':', ';', '\n'])
            .filter(|place| !place.is_empty())
            .map(|place| site.root.join(place))
            .chain([folder.join("versions")])
            .collect();
        let files = site.disk.python_files().into_iter();
        let all = files
            .filter(|path| places.iter().any(|place| path.starts_with(place)))
            .filter_map(|path| Revision::read(path.to_path_buf(), site.disk.text(&path)?))
            .collect();
        Some(Self {
            template: site.disk.text(&folder.join("script.py.mako")),
            folder,
            file_template: settings
                .get("file_template")
                .unwrap_or_else(|| FILE_TEMPLATE.to_owned()),
            all,
        })
    }

    /// The script that Alembic runs to reach the database.
    pub(super) fn environment(&self) -> PathBuf {
        self.folder.join("env.py")
    }

    /// Whether tables are changed by copying them.
    pub(super) fn are_batches(&self, site: &Site<'_>) -> bool {
        let text = site.disk.text(&self.environment()).unwrap_or_default();
        let told = text.split("render_as_batch=").nth(1);
        told.is_some_and(|told| !told.trim_start().starts_with("False"))
    }

    /// Whether one of them makes a table of this name.
    pub(super) fn make(&self, table: &str) -> bool {
        let name = [format!("\"{table}\""), format!("'{table}'")];
        self.all.iter().any(|revision| {
            let mut made = revision.text.split("create_table(").skip(1);
            made.any(|after| name.iter().any(|name| after.trim_start().starts_with(name)))
        })
    }

    /// Whether a docstring is that of any revision, and says nothing of a single one.
    fn is_usual(&self, docstring: &str) -> bool {
        let is_of_template = self.template.as_ref().is_some_and(|text| text.contains(docstring));
        let mut said = self.all.iter().filter(|revision| revision.text.contains(docstring));
        is_of_template || said.nth(1).is_some()
    }

    /// The one behind all that are there.
    pub(super) fn next(&self, message: &str, now: DateTime, does: &Operations) -> Result<NewRevision, Unclear> {
        let followed: BTreeSet<&String> = self.all.iter().flat_map(|revision| &revision.follows).collect();
        let heads: Vec<&Revision> = self
            .all
            .iter()
            .filter(|revision| !followed.contains(&revision.id))
            .collect();
        let head = match heads.as_slice() {
            [] if self.all.is_empty() => None,
            [head] => Some(*head),
            _ => {
                return unclear(format!(
                    "the project has {} heads (`alembic merge heads` joins them)",
                    heads.len()
                ));
            }
        };
        let down = head.map(|head| head.id.as_str());
        let id = identifier(&[down.unwrap_or_default(), message, &does.upgrade.concat()]);
        let folder = match head.and_then(|head| head.path.parent()) {
            Some(folder) => folder.to_path_buf(),
            None => self.folder.join("versions"),
        };
        let name = file_name(&self.file_template, &id, message, now).ok_or_else(|| {
            Unclear(format!(
                "`file_template` in alembic.ini can't be read: {}",
                self.file_template
            ))
        })?;
        let template = self.template.as_deref().map(filled_in);
        let patterns = [head.map(|head| head.text.to_string()), template];
        let mut written = patterns
            .into_iter()
            .flatten()
            .filter_map(|like| written(&like, &id, down, message, now, does, &|said| self.is_usual(said)));
        let Some(text) = written.next() else {
            return unclear("neither the newest revision nor script.py.mako can be gone by");
        };
        Ok(NewRevision {
            path: folder.join(format!("{name}.py")),
            text,
        })
    }
}

impl Revision {
    /// Reads a module that has an identifier.
    fn read(path: PathBuf, text: Arc<str>) -> Option<Self> {
        let parsed = ruff_python_parser::parse_module(&text).ok()?;
        let mut id = None;
        let mut follows = Vec::new();
        for stmt in parsed.suite() {
            match assigned(stmt) {
                Some(("revision", Some(value))) => id = texts_of(value).into_iter().next(),
                Some(("down_revision", Some(value))) => follows = texts_of(value),
                _ => {}
            }
        }
        Some(Self {
            path,
            text,
            id: id?,
            follows,
        })
    }
}

/// The template of revisions with something in each place, so that it is Python.
fn filled_in(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((expression, after)) = after.split_once('}') else {
            break;
        };
        text.push_str(before);
        text.push_str(match expression {
            expression if expression.contains("grades") => "pass",
            expression if expression.contains("imports") => "",
            expression if expression.contains("repr(") => "None",
            _ => "x",
        });
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The name that a statement assigns to, and the value.
fn assigned(stmt: &Stmt) -> Option<(&str, Option<&Expr>)> {
    match stmt {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [Expr::Name(name)] => Some((&name.id, Some(&assign.value))),
            _ => None,
        },
        Stmt::AnnAssign(assign) => {
            let name = assign.target.as_name_expr()?;
            Some((&name.id, assign.value.as_deref()))
        }
        _ => None,
    }
}

fn texts_of(value: &Expr) -> Vec<String> {
    let elements = match value {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        other => std::slice::from_ref(other),
    };
    let text = |element: &Expr| Some(element.as_string_literal_expr()?.value.to_str().to_owned());
    elements.iter().filter_map(text).collect()
}

/// Twelve hexadecimal digits, as Alembic has them: the same for the same revision, so that a second try is no second one.
fn identifier(parts: &[&str]) -> String {
    let digest = parts.iter().fold(0xcbf2_9ce4_8422_2325_u64, |digest, part| {
        let bytes = part.bytes().chain([0]);
        bytes.fold(digest, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    });
    format!("{:012x}", digest >> 16)
}

/// `message` as a part of a file's name, as `alembic.script.base.ScriptDirectory._rev_path` makes it.
fn slug(message: &str) -> String {
    let words = message.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let slug = words.join("_");
    match slug.char_indices().nth(SLUG_LENGTH) {
        None => slug,
        Some((end, _)) => {
            let cut = &slug[..end];
            format!("{}_", cut.rsplit_once('_').map_or(cut, |(head, _)| head))
        }
    }
}

/// Fills in a template such as `%(year)d_%(month).2d_%(rev)s_%(slug)s`; nothing where it has something else in it.
fn file_name(template: &str, id: &str, message: &str, now: DateTime) -> Option<String> {
    let mut name = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("%(") {
        name.push_str(before);
        let (key, after) = after.split_once(')')?;
        let end = after.find(['s', 'd'])? + 1;
        let (format, after) = after.split_at(end);
        let number = |value: i64| match format {
            "d" | "s" => Some(value.to_string()),
            ".2d" | "02d" => Some(format!("{value:02}")),
            _ => None,
        };
        let part = match key {
            "rev" => id.to_owned(),
            "slug" => slug(message),
            "year" => number(i64::from(now.year()))?,
            "month" => number(i64::from(now.month()))?,
            "day" => number(i64::from(now.day()))?,
            "hour" => number(i64::from(now.hour()))?,
            "minute" => number(i64::from(now.minute()))?,
            "second" => number(i64::from(now.second()))?,
            "epoch" => now
                .to_zoned(jiff::tz::TimeZone::UTC)
                .ok()?
                .timestamp()
                .as_second()
                .to_string(),
            _ => return None,
        };
        name.push_str(&part);
        rest = after;
    }
    name.push_str(rest);
    Some(name)
}

/// A revision written like another one; nothing where that one is not as revisions are.
fn written(
    like: &str,
    id: &str,
    down: Option<&str>,
    message: &str,
    now: DateTime,
    does: &Operations,
    is_usual: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let parsed = ruff_python_parser::parse_module(like).ok()?;
    let mut head = String::new();
    let mut statements = Vec::new();
    let mut functions = 0;
    for (index, stmt) in parsed.suite().iter().enumerate() {
        match stmt {
            Stmt::Expr(e) if index == 0 && e.value.is_string_literal_expr() => {
                head = docstring(&like[stmt.range()], id, down, message, now);
            }
            Stmt::FunctionDef(function) if matches!(function.name.as_str(), "upgrade" | "downgrade") => {
                let is_upgrade = function.name.as_str() == "upgrade";
                functions += 1;
                let lines = if is_upgrade { &does.upgrade } else { &does.downgrade };
                let about = if is_upgrade { message } else { "undo that" };
                let sentence = format!("\"\"\"{}{}.\"\"\"", about[..1].to_uppercase(), &about[1..]);
                let said = |docstring: &str| match is_usual(docstring) {
                    true => docstring.to_owned(),
                    false => sentence.clone(),
                };
                statements.push(function_like(like, function, lines, said));
            }
            stmt => statements.extend(identity(like, stmt, id, down)),
        }
    }
    let body = statements.join("\n");
    let imports = imports(like, parsed.suite(), &body, does)?;
    (functions == 2).then(|| format!("{head}\n\n{imports}\n\n{body}\n"))
}

/// The imports of another revision that this one uses, and those of its types; nothing where `sa` or `op` is not among them.
fn imports(like: &str, suite: &[Stmt], body: &str, does: &Operations) -> Option<String> {
    let mut lines = String::new();
    let mut bound = BTreeSet::new();
    let mut done = None;
    for stmt in suite {
        let aliases = match stmt {
            Stmt::Import(import) => &import.names,
            Stmt::ImportFrom(import) => &import.names,
            _ => continue,
        };
        let names = aliases
            .iter()
            .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str());
        let used: Vec<&str> = names.filter(|name| words(body).any(|word| word == *name)).collect();
        if used.len() == aliases.len() {
            let between = done.map_or("", |done| &like[done..stmt.start().to_usize()]);
            let gap = if between.matches('\n').count() > 1 {
                "\n\n"
            } else {
                "\n"
            };
            lines.push_str(if lines.is_empty() { "" } else { gap });
            lines.push_str(&like[stmt.range()]);
            bound.extend(used);
        }
        done = Some(stmt.end().to_usize());
    }
    let (third, own): (Vec<_>, Vec<_>) = does
        .imports
        .iter()
        .filter(|(_, name)| !bound.contains(name.as_str()))
        .partition(|(module, _)| module.starts_with("sqlalchemy"));
    for (gap, imports) in [("\n", third), ("\n\n", own)] {
        let imports: Vec<String> = imports
            .iter()
            .map(|(module, name)| format!("from {module} import {name}"))
            .collect();
        if !imports.is_empty() {
            lines.push_str(&format!("{gap}{}", imports.join("\n")));
        }
    }
    (bound.contains("sa") && bound.contains("op")).then_some(lines)
}

/// The names in a text of Python.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// `revision = "…"` and its like with the new values.
fn identity(like: &str, stmt: &Stmt, id: &str, down: Option<&str>) -> Option<String> {
    let (name, value) = assigned(stmt)?;
    let value = value?;
    let new = match name {
        "revision" => format!("\"{id}\""),
        "down_revision" => down.map_or_else(|| "None".to_owned(), |down| format!("\"{down}\"")),
        "branch_labels" | "depends_on" => "None".to_owned(),
        _ => return None,
    };
    let head = &like[stmt.start().to_usize()..value.start().to_usize()];
    Some(format!("{head}{new}"))
}

/// A function with the head of another one, and what is `said` where that one has a docstring.
fn function_like(
    like: &str,
    function: &ruff_python_ast::StmtFunctionDef,
    lines: &[String],
    said: impl Fn(&str) -> String,
) -> String {
    let first = &function.body[0];
    let head = like[function.start().to_usize()..first.start().to_usize()].trim_end();
    let is_docstring = matches!(first, Stmt::Expr(e) if e.value.is_string_literal_expr());
    let mut result = head.split('#').next().unwrap_or(head).trim_end().to_owned();
    if is_docstring {
        result.push_str(&format!("\n    {}", said(&like[first.range()])));
    }
    for line in lines {
        result.push_str(&format!("\n    {line}"));
    }
    result
}

/// The docstring of a revision with what is new in it.
fn docstring(like: &str, id: &str, down: Option<&str>, message: &str, now: DateTime) -> String {
    let mut said = false;
    let lines: Vec<String> = like
        .lines()
        .filter_map(|line| {
            let (key, _) = line.split_once(':').unwrap_or(("", ""));
            Some(match key.trim() {
                "Revision ID" => format!("{key}: {id}"),
                "Revises" => format!("{key}: {}", down.unwrap_or_default()).trim_end().to_owned(),
                "Create Date" => format!("{key}: {}", now.strftime("%Y-%m-%d %H:%M:%S")),
                _ if line.trim().trim_matches(['"', '\'']).is_empty() => line.to_owned(),
                _ if said => return None,
                _ => {
                    said = true;
                    headline(line, message)
                }
            })
        })
        .collect();
    lines.join("\n")
}

/// The line with the message, which begins with a capital where the other one does.
fn headline(like: &str, message: &str) -> String {
    let words = like.trim_start_matches(['r', '"', '\'']);
    let quotes = &like[..like.len() - words.len()];
    let said = words.trim_end_matches(['"', '\'']);
    let closing = &words[said.len()..];
    let message = match words.starts_with(char::is_uppercase) {
        true => format!("{}{}", message[..1].to_uppercase(), &message[1..]),
        false => message.to_owned(),
    };
    let dot = if said.trim_end().ends_with('.') { "." } else { "" };
    format!("{quotes}{message}{dot}{closing}")
}

/// The section `[alembic]` of alembic.ini, or `[tool.alembic]` of pyproject.toml.
struct Settings {
    root: String,
    pairs: Vec<(String, String)>,
}

impl Settings {
    fn of(site: &Site<'_>) -> Option<Self> {
        let root = site.root.display().to_string();
        let mut pairs = Vec::new();
        if let Some(text) = site.disk.text(&site.root.join("pyproject.toml"))
            && let Ok(document) = text.parse::<toml_edit::DocumentMut>()
            && let Some(table) = document
                .get("tool")
                .and_then(|tool| tool.get("alembic")?.as_table_like())
        {
            let text = |item: &toml_edit::Item| Some(item.as_str()?.to_owned());
            pairs.extend(
                table
                    .iter()
                    .filter_map(|(key, item)| Some((key.to_owned(), text(item)?))),
            );
        }
        if let Some(text) = site.disk.text(Path::new(&site.root.join("alembic.ini"))) {
            pairs.extend(section(&text));
        }
        (!pairs.is_empty()).then_some(Self { root, pairs })
    }

    /// A value; `%%` stands for `%` in it, and `%(here)s` for the folder of the file.
    fn get(&self, key: &str) -> Option<String> {
        let (_, value) = self.pairs.iter().find(|(known, _)| known == key)?;
        let value = value.replace("%(here)s/", "").replace("%(here)s", &self.root);
        Some(value.replace("%%", "%"))
    }
}

/// The options of `[alembic]`, as Python's `configparser` reads them.
fn section(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let lines = text.lines().skip_while(|line| line.trim() != "[alembic]").skip(1);
    for line in lines.take_while(|line| !line.starts_with('[')) {
        if line.trim().is_empty() || line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        match (line.starts_with([' ', '\t']), pairs.last_mut()) {
            (true, Some((_, value))) => value.push_str(&format!("\n{}", line.trim())),
            _ => {
                if let Some((key, value)) = line.split_once(['=', ':']) {
                    pairs.push((key.trim().to_lowercase(), value.trim().to_owned()));
                }
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    const NOW: DateTime = datetime(2026, 3, 7, 9, 5, 0, 0);

    #[test]
    fn files_are_named_as_the_project_has_it() {
        let name = |template| file_name(template, "1a2b", "Add order lines!", NOW);
        assert_eq!(name(FILE_TEMPLATE).unwrap(), "1a2b_add_order_lines");
        assert_eq!(
            name("%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s").unwrap(),
            "2026_03_07_0905-1a2b"
        );
        assert_eq!(name("%(epoch)s_%(slug)s").unwrap(), "1772874300_add_order_lines");
        assert_eq!(name("%(own)s"), None);
        assert_eq!(
            slug("add a table with a name that is much longer than it should be"),
            "add_a_table_with_a_name_that_is_much_"
        );
    }

    #[test]
    fn a_docstring_is_that_of_another_revision() {
        let written = |like| docstring(like, "2b", Some("1a"), "add books", NOW);
        assert_eq!(written("\"\"\"Add users.\"\"\""), "\"\"\"Add books.\"\"\"");
        assert_eq!(
            written("'''users\n\nMore.\n\nRevision ID: 1a\nRevises:\n'''"),
            "'''add books\n\n\nRevision ID: 2b\nRevises: 1a\n'''"
        );
    }

    #[test]
    fn settings_are_read_as_python_reads_them() {
        let text =
            "[post]\nx = 1\n[alembic]\n# no = thing\nscript_location = %(here)s/db\nplaces =\n  a\n  b\n[y]\nz = 1\n";
        let pairs = section(text);
        let settings = Settings {
            root: "/shop".to_owned(),
            pairs,
        };
        assert_eq!(settings.get("script_location").unwrap(), "db");
        assert_eq!(settings.get("places").unwrap(), "\na\nb");
        assert_eq!((settings.get("z"), settings.get("x")), (None, None));
    }

    #[test]
    fn what_the_other_imports_is_imported_once() {
        let like = "import sqlalchemy as sa\nfrom alembic import op\n\nfrom app.types import Moment\n\nrevision = '1'\n\n\ndef upgrade():\n    op.x()\n\n\ndef downgrade():\n    pass\n";
        let does = Operations {
            upgrade: vec!["op.create_table(\"pets\", sa.Column(\"at\", Moment()))".to_owned()],
            downgrade: vec!["op.drop_table(\"pets\")".to_owned()],
            imports: vec![("app.types".to_owned(), "Moment".to_owned())],
        };
        let text = written(like, "2", Some("1"), "add pets", NOW, &does, &|_| true).unwrap();
        assert_eq!(text.matches("import Moment").count(), 1, "{text}");
    }

    #[test]
    fn a_revision_is_written_like_another() {
        let like = "\"\"\"Users.\n\nRevision ID: 1\nRevises:\nCreate Date: 2025\n\"\"\"\nimport json\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = '1'\ndown_revision = None\nNAMES = json.loads('[]')\n\n\ndef upgrade():\n    op.x()\n\n\ndef downgrade():\n    pass\n";
        let does = Operations {
            upgrade: vec!["op.create_table(\"pets\", sa.Column(\"id\", sa.Uuid()))".to_owned()],
            downgrade: vec!["op.drop_table(\"pets\")".to_owned()],
            imports: Vec::new(),
        };
        let text = written(like, "2", Some("1"), "add pets", NOW, &does, &|_| true).unwrap();
        let wanted = "\"\"\"Add pets.\n\nRevision ID: 2\nRevises: 1\nCreate Date: 2026-03-07 09:05:00\n\"\"\"\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = \"2\"\ndown_revision = \"1\"\ndef upgrade():\n    op.create_table(\"pets\", sa.Column(\"id\", sa.Uuid()))\ndef downgrade():\n    op.drop_table(\"pets\")\n";
        assert_eq!(text, wanted);
        assert_eq!(written("x = 1", "2", None, "add pets", NOW, &does, &|_| true), None);
    }
}
