//! `docs/accuracy.md`: the figures of all projects, next to the competitor's.

use std::fmt::Write as _;

use crate::{
    accuracy::{Count, Routes, share},
    competitor::{Found, Outcome},
    corpora::Corpus,
    documents::Table,
};

/// Lines of wrong routes that are shown of one project.
const SHOWN: usize = 5;

/// Fields of a route in the order of the page's columns, with their headings.
const FIELDS: [(&str, &str); 9] = [
    ("parameters", "parameters"),
    ("dependencies", "dependencies"),
    ("name", "name"),
    ("tags", "tags"),
    ("status_code", "status code"),
    ("operation_id", "operation id"),
    ("response_model", "response model"),
    ("deprecated", "deprecated"),
    ("include_in_schema", "in schema"),
];

/// The whole page. `own` are FastAPI's documentation and tests, `public` the projects from the package index.
pub(crate) fn page(own: &[Corpus], public: &[Corpus], documents: &Table, competitor: &str) -> String {
    let mut page = INTRODUCTION.to_owned();
    page += &format!("\n## Routes\n\n{}", routes(own, public, competitor));
    page += &format!("\n{ROUTES_NOTE}\n");
    page += &format!("\n## What is said of them\n\n{FIELDS_NOTE}\n\n{}", fields(own, public));
    page += &format!("\n## OpenAPI documents\n\n{}", openapi(documents));
    page += &format!("\n## Wrong routes\n\n{}", wrong(own.iter().chain(public)));
    page
}

const INTRODUCTION: &str = "\
# Accuracy

What `routewright routes` says of real projects, compared with what FastAPI says of the same apps once they are imported.
The tests of `tests/tests/oracle` make the comparison and fail if this page is not what they find; `cargo xtask accuracy`
writes it anew.

FastAPI's documentation (`docs_src`) and the apps in its own tests are imported while the tests run. What FastAPI says of the
public projects was recorded by the same program in an environment of their own (`cargo xtask oracle NAME` does it again);
the tests download their source without what it depends on, as it stands in the package index.
";

const ROUTES_NOTE: &str = "\
- **equal**: method, full path, function (module, name, file, line) and place in the order of the app's routes are the same.
- **misplaced**: all but the order is the same. **explained**: missing, and the report says of one of the calls that were
  running when FastAPI made, included or mounted the route that something there is not known, or lists what it is mounted in
  as something that can't be looked into. **silent**: missing without a word. **invented**: told as certain, and FastAPI has
  it not.
- **conditional**: told as conditional, and not there in the one configuration that was imported. These are not counted as
  wrong, and not as right; a conditional route that is there counts as any other.
- **recall** is equal ÷ FastAPI's, **precision** equal ÷ (equal + misplaced + invented), absent where nothing is told. *mean*
  is the mean over projects.
- The competitor tells neither the app of a route nor an order: its rows are compared by method, path and place of the
  function alone, over all apps of a project together, and only rows of functions that these apps serve count against it.";

const FIELDS_NOTE: &str = "\
On the routes that are equal: how many values are the same, of how many that FastAPI has; `+n` are told in addition. Of
parameters (place, name, whether it is required) and flattened dependencies (function, file, line) each one counts.";

fn routes(own: &[Corpus], public: &[Corpus], competitor: &str) -> String {
    let mut rows = vec![
        [
            "project",
            "FastAPI's",
            "equal",
            "misplaced",
            "explained",
            "silent",
            "invented",
            "conditional",
            "recall",
            "precision",
            &format!("{competitor}: recall"),
            "precision",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    rows.extend(own.iter().chain(public).map(route_row));
    rows.push(sum_row(public));
    rows.push(mean_row(public));
    table(&rows)
}

fn route_row(corpus: &Corpus) -> Vec<String> {
    let routes = &corpus.accuracy.routes;
    let mut row = vec![format!("{} ({})", corpus.name, corpus.packages)];
    row.extend(counts(routes));
    row.push(percent(recall(routes)));
    row.push(precision(routes).map_or_else(String::new, percent));
    row.extend(match corpus.competitor {
        Outcome::GivenUp => ["no end".to_owned(), String::new()],
        Outcome::Ended(theirs) => [
            percent(theirs.recall()),
            theirs.precision().map_or_else(String::new, percent),
        ],
    });
    row
}

fn sum_row(public: &[Corpus]) -> Vec<String> {
    let mut ours = Routes::default();
    let mut theirs = Found::default();
    for corpus in public {
        ours.add(&corpus.accuracy.routes);
        theirs.add(figures(corpus));
    }
    let mut row = vec!["**public projects, sum**".to_owned()];
    row.extend(counts(&ours));
    row.extend([recall(&ours), precision(&ours).unwrap_or(0.0)].map(percent));
    row.extend([theirs.recall(), theirs.precision().unwrap_or(0.0)].map(percent));
    row
}

fn mean_row(public: &[Corpus]) -> Vec<String> {
    let mean = |shares: &mut dyn Iterator<Item = f64>| {
        let shares: Vec<f64> = shares.collect();
        percent(shares.iter().sum::<f64>() / shares.len().max(1) as f64)
    };
    let ours = || public.iter().map(|corpus| &corpus.accuracy.routes);
    let theirs = || public.iter().map(figures);
    let mut row = vec!["**public projects, mean**".to_owned()];
    row.extend(std::iter::repeat_n(String::new(), 7));
    row.push(mean(&mut ours().map(recall)));
    row.push(mean(&mut ours().filter_map(precision)));
    row.push(mean(&mut theirs().map(|found| found.recall())));
    row.push(mean(&mut theirs().filter_map(|found| found.precision())));
    row
}

/// The competitor's figures; where it did not end, it found nothing.
fn figures(corpus: &Corpus) -> Found {
    match corpus.competitor {
        Outcome::Ended(found) => found,
        Outcome::GivenUp => Found {
            expected: corpus.accuracy.routes.expected,
            ..Found::default()
        },
    }
}

fn counts(routes: &Routes) -> [String; 7] {
    [
        routes.expected,
        routes.equal,
        routes.misplaced,
        routes.explained,
        routes.silent,
        routes.invented,
        routes.conditional,
    ]
    .map(|number| number.to_string())
}

fn recall(routes: &Routes) -> f64 {
    share(routes.equal, routes.expected).unwrap_or(1.0)
}

fn precision(routes: &Routes) -> Option<f64> {
    share(routes.equal, routes.equal + routes.misplaced + routes.invented)
}

/// Rounded down, so that only what is complete is 100.
fn percent(share: f64) -> String {
    format!("{:.1} %", (share * 1_000.0).floor() / 10.0)
}

fn fields(own: &[Corpus], public: &[Corpus]) -> String {
    let mut rows = vec![vec!["project".to_owned()]];
    rows[0].extend(FIELDS.iter().map(|(_, heading)| (*heading).to_owned()));
    for corpus in own.iter().chain(public) {
        let mut row = vec![corpus.name.clone()];
        row.extend(FIELDS.iter().map(|(field, _)| cell(of(corpus, field))));
        rows.push(row);
    }
    let mut sum = vec!["**public projects, sum**".to_owned()];
    for (field, _) in FIELDS {
        let mut total = Count::default();
        public.iter().for_each(|corpus| total.add(of(corpus, field)));
        sum.push(format!(
            "{} ({})",
            cell(total),
            percent(share(total.equal, total.expected).unwrap_or(1.0))
        ));
    }
    rows.push(sum);
    table(&rows)
}

/// Agreement of the documentation's documents, and what differs by cause.
fn openapi(documents: &Table) -> String {
    let (equal, operations) = (documents.equal, documents.operations);
    let share = percent(share(equal, operations).unwrap_or(1.0));
    let mut text = format!(
        "Of {operations} operations in docs_src, the document of {equal} ({share}) is FastAPI's own: parameters, request body, \
         responses,\nsecurity and every schema they refer to, the order of keys aside. What differs, by cause:\n\n"
    );
    let mut rows = vec![vec!["cause".to_owned(), "operations".to_owned()]];
    rows.extend(
        documents
            .causes()
            .into_iter()
            .map(|(cause, count)| vec![cause.to_owned(), count.to_string()]),
    );
    text += &if rows.len() > 1 {
        table(&rows)
    } else {
        "nothing.\n".to_owned()
    };
    text
}

fn of(corpus: &Corpus, field: &str) -> Count {
    corpus.accuracy.fields.get(field).copied().unwrap_or_default()
}

fn cell(count: Count) -> String {
    let extra = if count.extra > 0 {
        format!(" +{}", count.extra)
    } else {
        String::new()
    };
    format!("{}/{}{extra}", count.equal, count.expected)
}

fn wrong<'a>(corpora: impl Iterator<Item = &'a Corpus>) -> String {
    let mut text = String::new();
    for corpus in corpora.filter(|corpus| !corpus.accuracy.wrong.is_empty()) {
        let lines = &corpus.accuracy.wrong;
        writeln!(text, "{}:\n", corpus.name).expect("writing to a string");
        for line in lines.iter().take(SHOWN) {
            writeln!(text, "- `{line}`").expect("writing to a string");
        }
        if lines.len() > SHOWN {
            writeln!(text, "- and {} more", lines.len() - SHOWN).expect("writing to a string");
        }
        text.push('\n');
    }
    if text.is_empty() {
        "None.\n".to_owned()
    } else {
        text.trim_end().to_owned() + "\n"
    }
}

/// Rows as a Markdown table, padded so that it reads as text too.
fn table(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:width$}"))
            .collect();
        writeln!(text, "| {} |", cells.join(" | ")).expect("writing to a string");
        if index == 0 {
            let lines: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
            writeln!(text, "| {} |", lines.join(" | ")).expect("writing to a string");
        }
    }
    text
}
