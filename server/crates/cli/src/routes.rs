//! `routewright routes`: the route table.

use crate::args::{RoutesFormat, RoutesOptions};
use crate::error::{Error, Outcome};
use crate::output::{self, BLUE, BOLD, CYAN, DIM, GREEN, RED, YELLOW, styled};
use crate::target::{self, Target};
use crate::width::{elide, elide_start, pad, width};
use anstyle::Style;
use ide::{AppRow, RouteRow, RouteSelection, RouteTable};
use std::fmt::Write;

/// Columns of the table, also where the terminal is wider: nobody reads longer lines.
const COLUMNS: usize = 100;

/// Prints the route table of the apps that PATH is about.
///
/// # Errors
/// Where PATH or the app does not exist.
pub(crate) fn run(options: &RoutesOptions) -> Result<Outcome, Error> {
    let target = Target::new(&options.path)?;
    let host = target::open(std::slice::from_ref(&target), options.reading.verbose);
    let analysis = host.snapshot();
    let mut table = analysis.routes(
        target.root(),
        RouteSelection {
            app: None,
            builtin: options.builtin,
            failing: false,
        },
    );
    narrow(&mut table, &target);
    if let Some(app) = &options.app {
        choose_app(&mut table, app, &target)?;
    }
    match options.format {
        RoutesFormat::Table => {
            output::print(&as_table(&table))?;
            tell_rest(&table, &target);
        }
        RoutesFormat::Json => {
            let json = serde_json::to_string_pretty(&table).map_err(std::io::Error::other)?;
            output::print(&(json + "\n"))?;
        }
        RoutesFormat::Csv => {
            target::tell_unreadable(&analysis, std::slice::from_ref(&target));
            output::print(&as_csv(&table.routes))?;
        }
        RoutesFormat::Markdown => output::print(&as_markdown(&table))?,
    }
    Ok(Outcome::Done)
}

/// Keeps what PATH is about: the apps that are made in it; for a file without apps, the routes whose functions it holds.
fn narrow(table: &mut RouteTable, target: &Target) {
    let is_inside = |file: &str| target.contains(&target.root().join(file));
    let ids: Vec<_> = table
        .apps
        .iter()
        .filter(|app| is_inside(&app.file))
        .map(|app| app.id.clone())
        .collect();
    if ids.is_empty() && target.path.is_file() {
        table.routes.retain(|route| is_inside(&route.file));
        let routes = &table.routes;
        table.apps.retain(|app| routes.iter().any(|route| route.app == app.id));
    } else {
        table.apps.retain(|app| is_inside(&app.file));
        table.routes.retain(|route| ids.contains(&route.app));
    }
    table
        .unresolved
        .retain(|unresolved| is_inside(&unresolved.file) || target.path.is_file());
}

fn choose_app(table: &mut RouteTable, wanted: &str, target: &Target) -> Result<(), Error> {
    let known = table.apps.iter().map(|app| (&*app.id, app.made_by.as_deref()));
    let app = table.apps.swap_remove(find_app(known, wanted, target)?);
    table.routes.retain(|route| route.app == app.id);
    table.apps = vec![app];
    Ok(())
}

/// The position of the app of that name among `known`, names each with that of the factory that makes it; else of the first
/// that the factory of that name makes, whatever its arguments.
///
/// # Errors
/// Where there is none; it says which there are.
pub(crate) fn find_app<'a>(
    known: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    wanted: &str,
    target: &Target,
) -> Result<usize, Error> {
    let known: Vec<(&str, Option<&str>)> = known.collect();
    let factory = wanted.split('(').next().filter(|factory| factory.len() < wanted.len());
    let is_made_by = |name: &str| factory.is_some() && name.split('(').next() == factory;
    let named = known.iter().position(|(id, _)| *id == wanted);
    let made = || {
        let mut known = known.iter();
        known.position(|(id, made_by)| is_made_by(id) || made_by.is_some_and(is_made_by))
    };
    named.or_else(made).ok_or_else(|| Error::NoSuchApp {
        wanted: wanted.to_owned(),
        place: format!("`{}`", target.given.display()),
        known: match known.len() {
            0 => "no app was found there".to_owned(),
            1..=8 => {
                let names: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
                format!("there is {}", names.join(", "))
            }
            more => {
                let names: Vec<&str> = known.iter().take(4).map(|(id, _)| *id).collect();
                format!("there are {more} others, {} among them", names.join(", "))
            }
        },
    })
}

/// The table for people: app by app, in the order in which the app tries the routes.
fn as_table(table: &RouteTable) -> String {
    let mut text = String::new();
    for app in &table.apps {
        let routes: Vec<&RouteRow> = table.routes.iter().filter(|route| route.app == app.id).collect();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&heading(app, routes.len()));
        let layout = Layout::of(&routes);
        for route in routes {
            text.push_str(&layout.line(route));
        }
    }
    text
}

fn heading(app: &AppRow, count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    let place = format!("{}:{}", app.file, app.line);
    let rest = match &app.fails {
        Some(_) => format!("  {place}  fails when it is imported"),
        None => format!("  {place}  {count} route{plural}"),
    };
    let id = elide(&app.id, COLUMNS.saturating_sub(width(&rest)).max(20));
    format!("{}{}\n", styled(BOLD, id), styled(DIM, rest))
}

/// Widths of the columns of one app's table.
struct Layout {
    method: usize,
    path: usize,
    name: usize,
    /// Of the place, and of the notes behind it where a route has some.
    rest: usize,
    /// Where notes begin, from the place's first column.
    notes: usize,
}

impl Layout {
    /// Shares the line out: what is short gets what it needs, the rest goes to the long columns.
    fn of(routes: &[&RouteRow]) -> Self {
        let widest =
            |column: fn(&RouteRow) -> String| routes.iter().map(|route| width(&column(route))).max().unwrap_or(0);
        let method = widest(|route| route.method.to_string());
        let free = COLUMNS.saturating_sub(method + 2 + 3 * GAP);
        let shortest = widest(|route| file_name(&place(route)));
        let [path, name, rest] = share(free, [widest(|route| route.path.clone()), widest(name), shortest]);
        let longest = routes.iter().map(|route| width(&elide_start(&place(route), rest)));
        let notes = longest.max().unwrap_or(0) + GAP;
        Self {
            method,
            path,
            name,
            rest,
            notes: notes.min(rest.saturating_sub(widest(self::notes))),
        }
    }

    fn line(&self, route: &RouteRow) -> String {
        let method = styled(method_style(&route.method), pad(&route.method, self.method));
        let path = pad(&elide(&route.path, self.path), self.path);
        let name = styled(BLUE, pad(&elide(&name(route), self.name), self.name));
        let notes = notes(route);
        let place = if notes.is_empty() {
            styled(DIM, elide_start(&place(route), self.rest))
        } else {
            let room = self.notes.saturating_sub(GAP);
            let place = pad(&elide_start(&place(route), room), room);
            format!("{}  {}", styled(DIM, place), styled(YELLOW, notes))
        };
        format!("  {method}  {path}  {name}  {place}\n")
    }
}

/// Between two columns.
const GAP: usize = 2;

/// Gives path and name what they want, and the place what is left, where that is enough to tell the file's name. Else the
/// path comes first, up to three fifths, then the name.
fn share(free: usize, [path, name, shortest]: [usize; 3]) -> [usize; 3] {
    if path + name + shortest <= free {
        return [path, name, free - path - name];
    }
    let path = path.min(free * 3 / 5);
    let name = name.min((free - path) / 2);
    [path, name, free - path - name]
}

fn name(route: &RouteRow) -> String {
    let endpoint = route.endpoint.as_deref().or(route.name.as_deref()).unwrap_or_default();
    endpoint.rsplit('.').next().unwrap_or(endpoint).to_owned()
}

fn place(route: &RouteRow) -> String {
    format!("{}:{}", route.file, route.line)
}

/// The least that names a place: its file without the folders.
fn file_name(place: &str) -> String {
    match place.rsplit_once('/') {
        Some((_, file)) => format!("…/{file}"),
        None => place.to_owned(),
    }
}

fn notes(route: &RouteRow) -> String {
    let notes = [
        (route.conditional, "conditional"),
        (route.deprecated, "deprecated"),
        (!route.include_in_schema && route.kind == "http", "hidden"),
    ];
    let notes: Vec<&str> = notes
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, note)| *note)
        .collect();
    notes.join(" ")
}

fn method_style(method: &str) -> Style {
    match method {
        "GET" | "HEAD" | "OPTIONS" => CYAN,
        "POST" => GREEN,
        "DELETE" => RED,
        "PUT" | "PATCH" => YELLOW,
        _ => BLUE,
    }
}

/// Says on standard error what the table can't show.
fn tell_rest(table: &RouteTable, target: &Target) {
    if table.apps.is_empty() {
        let what = if table.routes.is_empty() {
            "no app was found in"
        } else {
            "no app is made in"
        };
        output::warning(&format!("{what} `{}`", target.given.display()));
    }
    if table.unresolved.is_empty() {
        return;
    }
    output::note(&format!(
        "\n{}",
        styled(
            BOLD,
            format!("{} not known before the program runs:", table.unresolved.len())
        )
    ));
    for unresolved in &table.unresolved {
        output::note(&format!(
            "  {}:{}  {}  {}",
            unresolved.file,
            unresolved.line,
            elide(&unresolved.what, 60),
            styled(DIM, &unresolved.why)
        ));
    }
}

const CSV_HEAD: &str = "app,method,path,kind,name,endpoint,file,line,tags,status_code,response_model,operation_id,deprecated,\
                        include_in_schema,conditional,security\n";

/// One line for each method (RFC 4180, with `\n`); lists are joined by blanks.
fn as_csv(routes: &[RouteRow]) -> String {
    let mut text = CSV_HEAD.to_owned();
    for route in routes {
        let security: Vec<&str> = route.security.iter().map(AsRef::as_ref).collect();
        let fields = [
            route.app.to_string(),
            route.method.to_string(),
            route.path.clone(),
            route.kind.to_owned(),
            route.name.clone().unwrap_or_default(),
            route.endpoint.as_deref().unwrap_or_default().to_owned(),
            route.file.clone(),
            route.line.to_string(),
            route.tags.join(" "),
            route.status_code.map(|code| code.to_string()).unwrap_or_default(),
            route.response_model.as_deref().unwrap_or_default().to_owned(),
            route.operation_id.clone().unwrap_or_default(),
            route.deprecated.to_string(),
            route.include_in_schema.to_string(),
            route.conditional.to_string(),
            security.join(" "),
        ];
        let fields: Vec<String> = fields.iter().map(|field| csv_field(field)).collect();
        let _ = writeln!(text, "{}", fields.join(","));
    }
    text
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn as_markdown(table: &RouteTable) -> String {
    let mut text = String::new();
    for app in &table.apps {
        let _ = write!(
            text,
            "## `{}`\n\n| method | path | function | place |\n| --- | --- | --- | --- |\n",
            app.id
        );
        for route in table.routes.iter().filter(|route| route.app == app.id) {
            let path = route.path.replace('|', "\\|");
            let _ = writeln!(
                text,
                "| {} | `{path}` | `{}` | {} |",
                route.method,
                name(route),
                place(route)
            );
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, as_csv, as_markdown, as_table};
    use crate::width::width;
    use ide::{AppRow, RouteRow, RouteTable};

    fn table(path: &str) -> RouteTable {
        let row = RouteRow {
            app: "app.main:app".into(),
            method: "GET".into(),
            path: path.to_owned(),
            kind: "http",
            name: Some("read_item".to_owned()),
            endpoint: Some("app.api.routes.items.read_item".into()),
            file: "app/api/routes/items.py".to_owned(),
            line: 42,
            tags: vec!["items".to_owned(), "a,b".to_owned()],
            status_code: Some(200),
            response_model: None,
            operation_id: None,
            deprecated: true,
            include_in_schema: true,
            conditional: false,
            parameters: Vec::new(),
            dependencies: Vec::new(),
            security: Vec::new(),
            chain: Vec::new(),
            builtin: false,
        };
        RouteTable {
            version: 1,
            apps: vec![AppRow {
                id: "app.main:app".into(),
                file: "app/main.py".to_owned(),
                line: 12,
                kind: "fastapi",
                made_by: None,
                fails: None,
            }],
            routes: vec![row],
            unresolved: Vec::new(),
        }
    }

    #[test]
    fn the_table_fits_its_columns() {
        let plain = |path: &str| anstream::adapter::strip_str(&as_table(&table(path))).to_string();
        let expected = "app.main:app  app/main.py:12  1 route\n  GET  /items/{item_id}  read_item  app/api/routes/items.py:42  deprecated\n";
        assert_eq!(plain("/items/{item_id}"), expected);
        let long = plain(&"/very-long-segment-of-a-path".repeat(10));
        assert!(long.lines().all(|line| width(line) <= COLUMNS), "{long}");
        assert!(long.contains("read_item") && long.contains("items.py:42"));
    }

    #[test]
    fn csv_quotes_and_markdown_escapes() {
        let csv = as_csv(&table("/a|b").routes);
        assert!(csv.lines().nth(1).unwrap().contains(",\"items a,b\","));
        assert!(as_markdown(&table("/a|b")).contains("`/a\\|b`"));
    }
}
