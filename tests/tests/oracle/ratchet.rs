//! The page on accuracy may only get better: what is worse in a new one than in the committed one.

use std::collections::BTreeMap;

/// Columns of the route table of which more is worse.
const WRONG: [&str; 3] = ["misplaced", "silent", "invented"];

/// A sentence for each figure of a project that is worse, where FastAPI's side is still the same.
pub(crate) fn worse(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (figures(before), figures(after));
    let mut sentences = Vec::new();
    for ((project, column), new) in &after {
        let Some(old) = before.get(&(project.clone(), column.clone())) else {
            continue;
        };
        let is_worse = match (old, new) {
            (Figure::Count(old), Figure::Count(new)) if WRONG.contains(&column.as_str()) => new > old,
            (Figure::Count(old), Figure::Count(new)) if column == "equal" => new < old,
            (Figure::Share(old), Figure::Share(new)) if old.expected == new.expected => {
                new.equal < old.equal || new.extra > old.extra
            }
            _ => false,
        };
        let has = |figures: &BTreeMap<_, Figure>| figures.get(&(project.clone(), "FastAPI's".to_owned())).copied();
        if is_worse && has(&before) == has(&after) {
            sentences.push(format!("{project}: {column} was {old:?} and is {new:?}"));
        }
    }
    sentences
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Count(usize),
    Share(Share),
}

/// `equal/expected +extra`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share {
    equal: usize,
    expected: usize,
    extra: usize,
}

/// The figures of a page's tables, by project and column.
fn figures(page: &str) -> BTreeMap<(String, String), Figure> {
    let mut figures = BTreeMap::new();
    let mut columns: Vec<&str> = Vec::new();
    for line in page.lines() {
        if !line.starts_with('|') {
            columns.clear();
            continue;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if columns.is_empty() {
            columns = cells;
            continue;
        }
        let project = cells[0].split(' ').next().unwrap_or_default();
        for (column, cell) in columns.iter().zip(&cells).skip(1) {
            if let Some(figure) = figure(cell) {
                figures.insert((project.to_owned(), (*column).to_owned()), figure);
            }
        }
    }
    figures
}

fn figure(cell: &str) -> Option<Figure> {
    if let Ok(count) = cell.parse() {
        return Some(Figure::Count(count));
    }
    let (counts, extra) = cell.split_once(" +").unwrap_or((cell, "0"));
    let (equal, expected) = counts.split_once('/')?;
    Some(Figure::Share(Share {
        equal: equal.parse().ok()?,
        expected: expected.parse().ok()?,
        extra: extra.parse().ok()?,
    }))
}

#[test]
fn what_is_worse_is_told_and_what_is_better_is_not() {
    let page = |equal: usize, silent: usize, tags: &str| {
        format!(
            "| project | FastAPI's | equal | silent |\n| --- | --- | --- | --- |\n| shop (shop 1.0) | 9 | {equal} | {silent} |\n\n\
             | project | tags |\n| --- | --- |\n| shop | {tags} |\n"
        )
    };
    let before = page(8, 1, "7/8");
    assert!(worse(&before, &page(9, 0, "8/8")).is_empty());
    assert_eq!(worse(&before, &page(7, 2, "7/8")).len(), 2);
    assert_eq!(worse(&before, &page(8, 1, "6/8 +1")).len(), 1);
    assert!(worse(&before, &page(8, 1, "7/9 +1")).is_empty());
}
