//! What a file of the sibling becomes: the statements that are its own or named after it, said again for the new resource.

use super::{
    copy::Copy,
    find::File,
    hold::hold,
    lines::{ClassKind, Dialect},
    register::{point_back, put_behind_definitions, re_export, register},
    rewrite::Rewriter,
    visit::Inner,
};
use crate::{Site, draft::is_for_types, ground::is_test, imports::Need};
use base::FileId;
use ruff_python_ast::{self as ast, Expr, Stmt, visitor::source_order::SourceOrderVisitor};
use ruff_text_size::Ranged;
use std::path::{Path, PathBuf};

/// What one file of the sibling becomes.
pub(super) struct Outcome {
    /// Where it goes: the same file, or a new one.
    pub(super) path: PathBuf,
    /// A module of what is new.
    pub(super) module: String,
    /// How many statements that is.
    pub(super) count: usize,
    pub(super) inserts: Vec<(u32, String)>,
    /// Attributes of other classes: their annotations are read later.
    pub(super) attributes: Vec<(u32, String)>,
    pub(super) needs: Vec<Need>,
}

impl Outcome {
    /// Whether nothing in the file is the sibling's.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0 && self.inserts.is_empty() && self.attributes.is_empty() && self.needs.is_empty()
    }
}

/// Where what a file says of the sibling goes: into the new resource's own file, or the same that all share.
pub(super) fn renamed(copy: &Copy, root: &Path, path: &Path) -> PathBuf {
    let below = path.strip_prefix(root).unwrap_or(path);
    if Owner::of(copy, below) != Owner::Sibling {
        return path.to_path_buf();
    }
    let mut is_inside = false;
    let parts = below.iter().map(|part| {
        let name = part.to_string_lossy();
        match is_inside {
            true => copy.renaming.part(&name),
            false => {
                let renamed = copy.renaming.identifier(&name);
                is_inside = renamed != name;
                renamed
            }
        }
    });
    root.join(parts.collect::<PathBuf>())
}

/// Whether a module is the sibling's.
pub(super) fn is_own(site: &Site<'_>, copy: &Copy, path: &Path) -> bool {
    Owner::of(copy, path.strip_prefix(site.root).unwrap_or(path)) == Owner::Sibling
}

/// Whether it is another resource's.
pub(super) fn is_of_others(site: &Site<'_>, copy: &Copy, path: &Path) -> bool {
    Owner::of(copy, path.strip_prefix(site.root).unwrap_or(path)) == Owner::Another
}

pub(super) fn outcome(site: &Site<'_>, copy: &mut Copy, file: &File) -> Outcome {
    let path = renamed(copy, site.root, &file.path);
    let owner = Owner::of(copy, file.path.strip_prefix(site.root).unwrap_or(&file.path));
    let mut outcome = Outcome {
        path,
        module: String::new(),
        count: 0,
        inserts: Vec::new(),
        attributes: Vec::new(),
        needs: Vec::new(),
    };
    let is_test = is_test(site.root, &file.path);
    read(copy, file, (owner, is_test), &mut outcome);
    put_behind_definitions(&mut outcome);
    outcome
}

/// Whose a module is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The sibling's: the module or a folder above it is named after it.
    Sibling,
    /// That of another resource.
    Another,
    /// All share it.
    Nobody,
}

/// Modules that are named after a layer, whatever tables there are.
const LAYERS: [&str; 12] = [
    "api",
    "crud",
    "dependencies",
    "deps",
    "main",
    "models",
    "repositories",
    "routers",
    "schemas",
    "services",
    "tests",
    "views",
];

impl Owner {
    /// By the path below the project's folder.
    fn of(copy: &Copy, below: &Path) -> Self {
        let mut parts = below.iter().rev().map(|part| part.to_string_lossy());
        let file = parts.next().unwrap_or_default().trim_end_matches(".py").to_owned();
        let names: Vec<String> = std::iter::once(file)
            .chain(parts.map(|part| part.into_owned()))
            .collect();
        let is_shared = |name: &str| copy.renaming.is_about_another(name, &copy.others);
        let is_own = |name: &String| copy.renaming.is_about(name) && !is_shared(name);
        if names.iter().any(is_own) {
            return Self::Sibling;
        }
        let is_layer = |name: &str| LAYERS.contains(&name) || LAYERS.contains(&&*style::words::plural(name));
        let is_theirs = |name: &String| !is_layer(name) && !copy.renaming.is_about(name) && is_shared(name);
        match names.iter().take(2).any(is_theirs) {
            true => Self::Another,
            false => Self::Nobody,
        }
    }
}

/// Takes from a module what is the sibling's.
fn read(copy: &mut Copy, file: &File, (owner, is_test): (Owner, bool), outcome: &mut Outcome) {
    let suite = file.suite.as_slice();
    let is_own = owner == Owner::Sibling;
    let text = &*file.text;
    let dialect = Dialect::of(text, copy.moment.clone(), copy.is_dataclass);
    let mut imports = vec![dialect.imports(&outcome.path)];
    imports.extend(copy.null_check.iter().map(|check| check.imports().to_owned()));
    imports.extend(copy.conflict.iter().map(|conflict| conflict.imports.clone()));
    let mut statements = Vec::new();
    let mut checked = Vec::new();
    let mut docstring = None;
    let mut done = 0;
    for (index, stmt) in suite.iter().enumerate() {
        let start = start_of(text, done, stmt);
        done = stmt.end().to_usize();
        match stmt {
            Stmt::Expr(e) if index == 0 && e.value.is_string_literal_expr() => docstring = Some(&text[stmt.range()]),
            Stmt::Import(_) | Stmt::ImportFrom(_) => imports.push(text[stmt.range()].to_owned()),
            Stmt::If(branch) if is_own && is_for_types(&branch.test) => checked.extend(&branch.body),
            _ if !is_own && is_of_another(copy, file.id, owner, stmt) => copy.of_others.extend(binds(stmt)),
            Stmt::FunctionDef(function) if is_test && !is_own && is_test_of_others(copy, function) => {}
            _ if is_own || is_named_after(copy, stmt) => {
                statements.extend(Rewriter::new(copy, file, &dialect, is_test).statement(stmt, start));
            }
            Stmt::ClassDef(class) if copy.declaring.contains(&(file.id, class.name.to_string())) => {
                point_back(copy, text, class, suite, outcome);
            }
            Stmt::ClassDef(class) => hold(copy, text, class, outcome),
            _ => register(copy, text, stmt, outcome),
        }
    }
    if !is_own {
        re_export(copy, text, suite, outcome);
    }
    if is_own && is_test {
        drop_unused_fixtures(text, suite, &mut statements);
    }
    let is_tested = |text: &String| text.contains("def test_");
    if is_own && is_test && !statements.iter().any(is_tested) && text.contains("def test_") {
        // What is left serves tests that are not.
        statements.clear();
    }
    outcome.count = statements.len();
    if statements.is_empty() {
        return;
    }
    let body = statements.join("\n\n");
    let under_check: Vec<&str> = checked
        .into_iter()
        .filter(|stmt| binds(stmt).iter().any(|name| mentions_word(&body, name)))
        .map(|stmt| &text[stmt.range()])
        .collect();
    if !under_check.is_empty() {
        imports.push(format!("if TYPE_CHECKING:\n    {}", under_check.join("\n    ")));
    }
    let head = docstring.filter(|_| is_own).unwrap_or_default();
    outcome.module = copy
        .renaming
        .module(&format!("{head}\n\n{}\n\n{body}\n", imports.join("\n")));
}

/// Fixtures that served only what is left out.
fn drop_unused_fixtures(text: &str, suite: &[Stmt], statements: &mut Vec<String>) {
    let others: Vec<String> = suite.iter().map(|stmt| text[stmt.range()].to_owned()).collect();
    for stmt in suite {
        let Stmt::FunctionDef(function) = stmt else { continue };
        let name = function.name.as_str();
        let head = format!("def {name}(");
        let uses = |texts: &[String]| {
            texts
                .iter()
                .filter(|text| !text.contains(&head) && mentions_word(text, name))
                .count()
        };
        if !name.starts_with("test_") && uses(&others) > 0 && uses(statements) == 0 {
            statements.retain(|statement| !statement.contains(&head));
        }
    }
}

/// Where a statement begins, with the comments above it.
fn start_of(text: &str, done: usize, stmt: &Stmt) -> usize {
    let end = stmt.start().to_usize();
    let between = &text[done..end];
    // What stands behind the statement before it, on its line, is not this one's.
    let line = if done == 0 {
        0
    } else {
        between.find('\n').map_or(between.len(), |at| at + 1)
    };
    let comments = &between[line..];
    done + line + (comments.len() - comments.trim_start().len())
}

/// Whether a statement of a module that others share is the sibling's: by the name that it binds.
pub(super) fn is_named_after(copy: &Copy, stmt: &Stmt) -> bool {
    let is_definition = !matches!(stmt, Stmt::If(_));
    is_definition && binds(stmt).iter().any(|name| copy.renaming.is_about(name))
}

/// Whether a test in a module that all share is about something else, to which it hands one of the sibling's things.
fn is_test_of_others(copy: &Copy, function: &ast::StmtFunctionDef) -> bool {
    let parameters: Vec<&str> = function
        .parameters
        .iter()
        .map(|parameter| parameter.name().as_str())
        .collect();
    let mut inner = Inner::default();
    let is_docstring = |stmt: &&Stmt| !matches!(stmt, Stmt::Expr(e) if e.value.is_string_literal_expr());
    function
        .body
        .iter()
        .filter(is_docstring)
        .for_each(|stmt| inner.visit_stmt(stmt));
    let imports = function.body.iter().flat_map(binds);
    let says = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| copy.renaming.is_about(word))
    };
    let mut said = inner.found.iter().map(|expr| match expr {
        Expr::Name(name) => !parameters.contains(&name.id.as_str()) && says(&name.id),
        Expr::Attribute(attribute) => says(&attribute.attr),
        Expr::StringLiteral(string) => says(&string.value.to_str().replace('-', "_")),
        Expr::FString(string) => string
            .value
            .elements()
            .filter_map(|element| element.as_literal())
            .any(|literal| says(&literal.value.replace('-', "_"))),
        _ => false,
    });
    let is_about = said.any(|is_said| is_said) || imports.into_iter().any(|name| copy.renaming.is_about(&name));
    function.name.starts_with("test_") && !is_about
}

/// Whether what is named after the sibling is another resource's part: it stands in that one's module, or is a table that
/// joins both.
fn is_of_another(copy: &Copy, file: FileId, owner: Owner, stmt: &Stmt) -> bool {
    let is_table = |class: &ast::StmtClassDef| {
        let kind = copy.classes.get(&(file, class.name.to_string()));
        let is_told = |class: &ast::StmtClassDef| {
            let arguments = class.arguments.as_ref();
            arguments.is_some_and(|arguments| arguments.find_keyword("table").is_some())
        };
        match kind {
            Some(ClassKind::Table) => true,
            Some(ClassKind::SqlModel) => is_told(class),
            _ => false,
        }
    };
    let is_assigned = match stmt {
        Stmt::Assign(_) | Stmt::AnnAssign(_) => true,
        Stmt::ClassDef(class) => is_table(class),
        _ => false,
    };
    let mut names = binds(stmt).into_iter();
    let mut joins = || is_assigned && names.any(|name| copy.renaming.is_about_another(&name, &copy.others));
    is_named_after(copy, stmt) && (owner == Owner::Another || joins())
}

pub(super) fn binds(stmt: &Stmt) -> Vec<String> {
    let name = |expr: &Expr| expr.as_name_expr().map(|name| name.id.to_string());
    match stmt {
        Stmt::FunctionDef(function) => vec![function.name.to_string()],
        Stmt::ClassDef(class) => vec![class.name.to_string()],
        Stmt::Assign(assign) => assign.targets.iter().filter_map(name).collect(),
        Stmt::AnnAssign(assign) => name(&assign.target).into_iter().collect(),
        Stmt::ImportFrom(import) => import
            .names
            .iter()
            .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string())
            .collect(),
        _ => Vec::new(),
    }
}

pub(super) fn mentions_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}
