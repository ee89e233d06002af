//! Arguments of every command, with the help that teaches them.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Routewright: routes, findings and scaffolds of FastAPI projects, without running them.
#[derive(Debug, Parser)]
#[command(
    name = "routewright",
    version,
    about = "Routes, findings and scaffolds of FastAPI projects, without running them",
    after_help = "Exit codes: 0 nothing found or done, 1 findings or differences, 2 unusable arguments or input.\n\n\
                  Configuration: [tool.routewright] in pyproject.toml, or routewright.toml.",
    arg_required_else_help = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the language server on standard input and output
    Server(ServerOptions),
    /// Look for mistakes that FastAPI reports late or never
    Check(CheckOptions),
    /// Print the route table of every app
    Routes(RoutesOptions),
    /// Draw apps, routers, path operations, dependencies and schemas
    Graph(GraphOptions),
    /// Print the OpenAPI document of an app, without running it
    Openapi(OpenapiOptions),
    /// Tell which versions and which style a project has, and what shows it
    Status(StatusOptions),
    /// Insert code in the project's own style
    #[command(subcommand)]
    Add(crate::add::AddCommand),
    /// Print the page of a rule: what it finds, why, and how to fix it
    Explain(ExplainOptions),
}

/// What every command that reads a project takes.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ReadingOptions {
    /// Tell which versions of Python, FastAPI and its companions are assumed, and what says so
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Editors start this; docs/editors.md says how to attach them.")]
pub(crate) struct ServerOptions {
    /// Accepted for editors that pass it; there is no other way
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright check                                the project in this folder
  routewright check app/main.py tests              a file and a folder
  routewright check --select routing               only rules of a group
  routewright check --diff                         what --fix would change
  routewright check --fix                          apply safe fixes
  routewright check --output-format github         annotations in a workflow of GitHub
  routewright explain route-shadowed               what a finding means

Only what is new, in a project with findings that are there to stay:
  routewright check --output-format json > baseline.json
  routewright check --baseline baseline.json
A finding is known by its rule, file and message, so that it may move within its file.

A finding is silenced by `# routewright: ignore[rule-name]` on its line.")]
pub(crate) struct CheckOptions {
    /// Files or folders; all of their project is read, findings are told for these
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How findings are written; files are named from the working folder, in JSON from PATH
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, value_name = "FORMAT")]
    pub(crate) output_format: CheckFormat,
    /// Rules or groups that run, instead of those of the configuration
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Rules or groups that do not run
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Apply safe fixes, then tell what is left
    #[arg(long)]
    pub(crate) fix: bool,
    /// Let --fix and --diff take fixes too that need a look
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Print what --fix would change, and change nothing
    #[arg(long)]
    pub(crate) diff: bool,
    /// Count findings by rule instead of listing them
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Leave out, and alone, what FILE lists: the JSON output of an earlier check of the same PATH
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    Text,
    /// A list of objects
    Json,
    /// Workflow commands of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit XML
    Junit,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright routes                               every app of the project in this folder
  routewright routes app/main.py                   the apps made in this file
  routewright routes --app app.main:app            one app
  routewright routes --app 'app.main:create_app()' what a factory makes
  routewright routes --format json | jq '.routes[].path'

Routes are listed in the order in which the app tries them. What can't be known without running
the program is listed on standard error, with the reason; unknown parts of a path are shown as …")]
pub(crate) struct RoutesOptions {
    /// A project's folder, or a file: the apps that are made in it
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// One app: module:attribute, or module:factory()
    #[arg(long, value_name = "APP")]
    pub(crate) app: Option<String>,
    /// Also the routes that FastAPI adds itself: OpenAPI document, Swagger UI, ReDoc
    #[arg(long)]
    pub(crate) builtin: bool,
    /// How the table is written
    #[arg(long, value_enum, default_value_t = RoutesFormat::Table)]
    pub(crate) format: RoutesFormat,
    #[command(flatten)]
    pub(crate) reading: ReadingOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoutesFormat {
    /// For people
    Table,
    /// Everything that is known
    Json,
    /// One line for each method
    Csv,
    /// A table for documents
    Markdown,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright graph > graph.html                   a page to search, filter and unfold
  routewright graph app/main.py > graph.html       of the apps made in this file
  routewright graph --format mermaid               a diagram for Markdown
  routewright graph --format dot | dot -Tsvg > routes.svg
  routewright graph --format dot --of schemas | dot -Tsvg > schemas.svg
  routewright graph --format json                  nodes and edges; docs/graph.md tells their shape")]
pub(crate) struct GraphOptions {
    /// A project's folder, or a file: the apps that are made in it
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// One app: module:attribute, or module:factory()
    #[arg(long, value_name = "APP")]
    pub(crate) app: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = GraphFormat::Html)]
    pub(crate) format: GraphFormat,
    /// One part of it; where left out, a diagram shows routes, a page and JSON everything
    #[arg(long, value_enum, value_name = "PART")]
    pub(crate) of: Option<GraphPart>,
    #[command(flatten)]
    pub(crate) reading: ReadingOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A page in one file, without anything from the network
    Html,
    /// A flowchart of Mermaid
    Mermaid,
    /// A digraph of Graphviz
    Dot,
    /// Nodes and edges
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphPart {
    /// Apps, routers, path operations
    Routes,
    /// Path operations and what they depend on
    Dependencies,
    /// Path operations and the schemas they read and return
    Schemas,
}

impl From<GraphPart> for ide::GraphPart {
    fn from(part: GraphPart) -> Self {
        match part {
            GraphPart::Routes => Self::Routes,
            GraphPart::Dependencies => Self::Dependencies,
            GraphPart::Schemas => Self::Schemas,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright openapi                               the app that the project's configuration names
  routewright openapi app/main.py                   the app that is made in this file
  routewright openapi --app app.main:app            one of several
  routewright openapi --app 'app.main:create_app()' what a factory makes
  routewright openapi > openapi.json

The document is OpenAPI 3.1, as app.openapi() gives it. What can't be known without running the
program stands under `x-routewright-unknown`, and on standard error.")]
pub(crate) struct OpenapiOptions {
    /// A project's folder, or a file: the app that is made in it
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// The app: module:attribute, or module:factory(); the entry point where left out
    #[arg(long, value_name = "APP")]
    pub(crate) app: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingOptions,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright status                               the projects in this folder
  routewright status api --format json             the same as data

What code is written like can be set in [tool.routewright.style], by the names that are shown;
docs/configuration.md lists them.")]
pub(crate) struct StatusOptions {
    /// A project's folder, or a file in it
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// How it is written
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) format: StatusFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// Lines to read
    Text,
    /// As the server's request `routewright/status` has it
    Json,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  routewright explain bad-prefix")]
pub(crate) struct ExplainOptions {
    /// The rule's name, as findings show it
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,
}

/// Prints help or version, or says in one sentence what is wrong with the arguments.
pub(crate) fn report(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    match error.kind() {
        DisplayHelp | DisplayVersion => {
            // Nobody reads help through a closed pipe.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(2)
        }
        _ => {
            let text = error.render().to_string();
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let first = lines
                .next()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            let listed = if first.ends_with(':') {
                lines.next().unwrap_or_default()
            } else {
                ""
            };
            let listed = match text.lines().find(|line| line.trim().starts_with("[possible values:")) {
                Some(values) => values.trim(),
                None => listed,
            };
            let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
            let tip = tip.map(|tip| format!("; {tip}")).unwrap_or_default();
            crate::output::error(&format!("{}{tip} (see --help)", [&first, listed].join(" ").trim()));
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        Args::command().debug_assert();
    }
}
