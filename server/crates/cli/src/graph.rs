//! `routewright graph`: pictures of the model.

mod dot;
mod labels;
mod mermaid;
mod page;

use crate::args::{GraphFormat, GraphOptions};
use crate::error::{Error, Outcome};
use crate::output;
use crate::routes::find_app;
use crate::target::{self, Target};
use ide::{GraphPart, GraphSelection};
use std::io::IsTerminal;

/// Prints the graph of what PATH is about.
///
/// # Errors
/// Where PATH or the app does not exist, and where a page would be printed on a terminal.
pub(crate) fn run(options: &GraphOptions) -> Result<Outcome, Error> {
    if options.format == GraphFormat::Html && std::io::stdout().is_terminal() {
        return Err(Error::PageOnTerminal);
    }
    let target = Target::new(&options.path)?;
    let host = target::open(std::slice::from_ref(&target), options.reading.verbose);
    let analysis = host.snapshot();
    target::tell_unreadable(&analysis, std::slice::from_ref(&target));
    let apps = &analysis.model().apps;
    let app = match &options.app {
        Some(wanted) => {
            let known = apps.iter().map(|app| (&*app.id, app.made_by.as_deref()));
            Some(apps[find_app(known, wanted, &target)?].id.clone())
        }
        None => None,
    };
    let whole = match options.format {
        GraphFormat::Html | GraphFormat::Json => GraphPart::All,
        GraphFormat::Mermaid | GraphFormat::Dot => GraphPart::Routes,
    };
    let graph = analysis.graph(
        target.root(),
        GraphSelection {
            part: options.of.map_or(whole, Into::into),
            app: app.as_deref(),
            within: Some(&target.path),
        },
    );
    if graph.nodes.is_empty() {
        output::warning(&format!("nothing to draw was found in `{}`", target.given.display()));
    }
    let text = match options.format {
        GraphFormat::Html => page::write(&graph)?,
        GraphFormat::Mermaid => mermaid::write(&graph),
        GraphFormat::Dot => dot::write(&graph),
        GraphFormat::Json => serde_json::to_string_pretty(&graph).map_err(std::io::Error::other)? + "\n",
    };
    output::print(&text)?;
    Ok(Outcome::Done)
}
