//! What goes when names leave a module: the statements that bind them, and those on which these rest.

use crate::{
    draft::python::{Module, Statement},
    ground::{Ground, Layer, Purpose},
    imports::Need,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// The module that a statement goes to. Each needs nothing of those that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::draft) enum Home {
    Settings,
    Errors,
    Database,
    Models,
    Dependencies,
}

impl Home {
    pub(super) fn path(self, ground: &Ground) -> PathBuf {
        let layer = |layer: Layer, usual: &str| {
            let module = ground.layers.module_of(layer);
            module.unwrap_or_else(|| ground.layers.vacant(usual))
        };
        match self {
            Home::Settings => ground.place(Purpose::Config),
            Home::Errors => ground.place(Purpose::Errors),
            Home::Database => ground.place(Purpose::Session),
            Home::Models => layer(Layer::Models, "models.py"),
            Home::Dependencies => layer(Layer::Dependencies, "dependencies.py"),
        }
    }

    pub(super) fn docstring(self) -> &'static str {
        match self {
            Home::Settings => "\"\"\"Settings.\"\"\"",
            Home::Errors => "\"\"\"Errors.\"\"\"",
            Home::Database => "\"\"\"The database and its sessions.\"\"\"",
            Home::Models => "\"\"\"Tables.\"\"\"",
            Home::Dependencies => "\"\"\"Dependencies of path operations.\"\"\"",
        }
    }
}

/// See the module: the places of the statements in it, and where each goes.
pub(in crate::draft) struct Moved(BTreeMap<usize, Home>);

impl Moved {
    /// Nothing where something of it can't go.
    pub(super) fn of(module: &Module, names: &BTreeSet<String>) -> Option<Self> {
        let found = closure(module, names)?;
        let homes = homes(module, &found);
        let mut moved = Self(homes);
        if moved.0.keys().any(|&at| reads_environment(&module.statements[at].text)) {
            moved.take_loading(module);
        }
        let stay = module
            .statements
            .iter()
            .enumerate()
            .filter(|(at, _)| !moved.0.contains_key(at));
        let bound: BTreeSet<&str> = moved
            .statements(module)
            .flat_map(|s| &s.binds)
            .map(String::as_str)
            .collect();
        // A name that functions bind anew has to stay with them.
        let is_rebound = |statement: &Statement| {
            let mut lines = statement.text.lines().map(str::trim_start);
            lines.any(|line| {
                let names = line.strip_prefix("global ").unwrap_or_default();
                names.split(',').any(|name| bound.contains(name.trim()))
            })
        };
        let mut stay = stay;
        (!stay.any(|(_, statement)| is_rebound(statement))).then_some(moved)
    }

    pub(super) fn homes(&self) -> impl Iterator<Item = Home> {
        let homes: BTreeSet<Home> = self.0.values().copied().collect();
        homes.into_iter()
    }

    /// Where the statement at a place goes; nothing where it stays.
    pub(in crate::draft) fn home(&self, at: usize) -> Option<Home> {
        self.0.get(&at).copied()
    }

    fn statements<'m>(&self, module: &'m Module) -> impl Iterator<Item = &'m Statement> {
        self.0.keys().map(|&at| &module.statements[at])
    }

    /// What fills the environment runs before it is read.
    fn take_loading(&mut self, module: &Module) {
        let Some((&last, first)) = self
            .0
            .last_key_value()
            .zip(self.0.values().min())
            .map(|((at, _), home)| (at, *home))
        else {
            return;
        };
        for (at, statement) in module.statements.iter().enumerate().take(last) {
            if statement.binds.is_empty() && statement.text.contains("load_dotenv(") {
                self.0.insert(at, first);
            }
        }
    }
}

/// The statements that bind the names, and those whose names stand in them; nothing where an app or router is among them.
fn closure(module: &Module, names: &BTreeSet<String>) -> Option<BTreeSet<usize>> {
    let binding = |name: &str| -> Vec<usize> {
        let all = module.statements.iter().enumerate();
        all.filter(|(_, statement)| statement.binds.iter().any(|bound| bound == name))
            .map(|(at, _)| at)
            .collect()
    };
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = names.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        let places = binding(name);
        if places.is_empty() && names.contains(name) {
            return None;
        }
        for at in places {
            let statement = &module.statements[at];
            if !may_go(statement) {
                return None;
            }
            if found.insert(at) {
                open.extend(statement.uses.iter().chain(&statement.binds).map(String::as_str));
            }
        }
    }
    Some(found)
}

fn may_go(statement: &Statement) -> bool {
    let makes_app = ["FastAPI(", "APIRouter("]
        .iter()
        .any(|call| statement.text.contains(call));
    !statement.text.is_empty() && !makes_app
}

fn reads_environment(text: &str) -> bool {
    ["environ", "getenv", "BaseSettings"]
        .iter()
        .any(|word| text.contains(word))
}

/// Where each goes: by what it is, and never before what it rests on.
fn homes(module: &Module, found: &BTreeSet<usize>) -> BTreeMap<usize, Home> {
    let statement = |at: usize| &module.statements[at];
    let rests_on = |at: usize, other: usize| {
        at != other
            && statement(other)
                .binds
                .iter()
                .any(|name| statement(at).uses.contains(name))
    };
    let mut homes: BTreeMap<usize, Home> = BTreeMap::new();
    let settle = |homes: &mut BTreeMap<usize, Home>| {
        for _ in found {
            for &at in found {
                let below = found
                    .iter()
                    .filter(|&&other| rests_on(at, other))
                    .filter_map(|other| homes.get(other));
                let home = below
                    .copied()
                    .chain(own_home(module, statement(at)))
                    .chain(homes.get(&at).copied())
                    .max();
                let asks = uses_of(module, statement(at), &["fastapi"]);
                let home = home.map(|home| {
                    if asks && home >= Home::Models {
                        Home::Dependencies
                    } else {
                        home
                    }
                });
                if let Some(home) = home {
                    homes.insert(at, home);
                }
            }
        }
    };
    settle(&mut homes);
    // What is nothing by itself is beside the first that uses it.
    for _ in found {
        for &at in found
            .iter()
            .rev()
            .filter(|at| !homes.contains_key(at))
            .collect::<Vec<_>>()
        {
            let users = found
                .iter()
                .filter(|&&other| rests_on(other, at))
                .filter_map(|other| homes.get(other));
            if let Some(home) = users.copied().min() {
                homes.insert(at, home);
            }
        }
    }
    for &at in found {
        let asks = uses_of(module, statement(at), &["fastapi"]);
        homes
            .entry(at)
            .or_insert(if asks { Home::Dependencies } else { Home::Settings });
    }
    settle(&mut homes);
    homes
}

/// Where it goes by what it says itself.
fn own_home(module: &Module, statement: &Statement) -> Option<Home> {
    let text = &statement.text;
    let class = text.lines().find_map(|line| line.strip_prefix("class "));
    let bases = class
        .and_then(|line| line.split_once('('))
        .map_or("", |(_, bases)| bases);
    let bases: Vec<&str> = bases.split([',', ')']).map(str::trim).collect();
    let is_error = bases
        .iter()
        .any(|base| base.ends_with("Exception") || base.ends_with("Error"));
    if bases.iter().any(|base| base.ends_with("BaseSettings")) {
        return Some(Home::Settings);
    }
    if is_error {
        return Some(Home::Errors);
    }
    if text.contains("__tablename__") || bases.iter().any(|base| base.ends_with("SQLModel")) {
        return Some(Home::Models);
    }
    uses_of(module, statement, &["sqlalchemy", "sqlmodel"]).then_some(Home::Database)
}

/// Whether a statement uses what is imported from one of some packages.
fn uses_of(module: &Module, statement: &Statement, packages: &[&str]) -> bool {
    let is_of = |need: &Need| packages.contains(&need.module().split('.').next().unwrap_or_default());
    let mut imports = module.imports.iter().map(|import| &import.need);
    imports.any(|need| is_of(need) && statement.uses.contains(need.bound_name()))
}
