//! Who may call a path operation: the dependency that gives the user, and what others demand of that user.

use super::{
    demands::{self, Demand},
    made::{Backend, Made},
    raises,
};
use crate::{
    Site,
    ground::Ground,
    resolve::{self, Binding, Resolved},
};
use facts::UnitId;
use model::{
    Callable, CallableId, CallableKind, DependencyNode, DependsId, DependsTarget, Model, Role, Schema, SchemaKind,
};
use std::collections::BTreeSet;

/// See the module.
pub(crate) struct Access<'a> {
    /// What a test can put someone in the place of.
    pub(crate) giver: Option<Giver<'a>>,
    /// What the user has to have.
    pub(crate) demands: Vec<Demand>,
    /// The status for a user who lacks a privilege.
    pub(super) refused: Option<u16>,
    /// The status for whoever says nothing of themselves; nothing where they may be let in.
    pub(super) anonymous: Option<u16>,
    /// Statuses that the other dependencies raise.
    pub(super) raised: BTreeSet<u16>,
    /// What reads who is asking from a token, where a library asks for them.
    pub(super) backend: Option<Backend>,
}

/// A function that says who is asking.
#[derive(Clone, Copy)]
pub(crate) struct Giver<'a> {
    pub(crate) callable: &'a Callable,
    /// The class of the user.
    pub(crate) user: &'a Schema,
}

impl Giver<'_> {
    /// The function's own name.
    pub(crate) fn name(&self) -> &str {
        self.callable.name.rsplit('.').next().unwrap_or_default()
    }
}

/// How deep dependencies are followed.
const MAX_DEPTH: u32 = 8;

impl<'a> Access<'a> {
    /// By the dependencies of a path operation; nothing where none of them asks for credentials.
    pub(super) fn of(site: &'a Site<'a>, ground: &Ground, nodes: &[DependencyNode]) -> Option<Self> {
        let model: &'a Model = site.ctx.model;
        let tree = Tree { model, nodes };
        if !(0..nodes.len()).any(|at| tree.is_scheme(at)) {
            return None;
        }
        let mut given = tree.giver(site);
        let mut settled = vec![false; nodes.len()];
        let (mut all, mut statuses) = (Vec::new(), BTreeSet::new());
        let mut backend = None;
        for at in 0..nodes.len() {
            let Some((made, callable)) = Made::of(site, nodes[at].depends).zip(tree.callable(at)) else {
                continue;
            };
            let user = made.user;
            given.get_or_insert(Giver { callable, user });
            backend.get_or_insert(made.backend);
            settled[at..tree.end(at)].fill(true);
            for demand in made.demands {
                if !all_has(&all, &demand) {
                    all.push(demand);
                }
            }
            statuses.extend(made.refused);
        }
        if let Some(giver) = &given {
            for at in (0..nodes.len()).filter(|&at| tree.is(at, giver.callable)) {
                settled[at..tree.end(at)].fill(true);
            }
        }
        let is_covered = (0..nodes.len()).all(|at| settled[at] || !tree.is_scheme(at));
        for at in 0..nodes.len() {
            let Some(callable) = tree.callable(at).filter(|_| !settled[at] && tree.asks(at)) else {
                continue;
            };
            if let Some(found) = demands::of(site, ground, callable, nodes[at].depends) {
                settled[at] = true;
                for demand in found.all {
                    if !all_has(&all, &demand) {
                        all.push(demand);
                    }
                }
                statuses.extend(found.refused);
            }
        }
        let raised = (0..nodes.len())
            .filter(|&at| !settled[at])
            .filter_map(|at| tree.callable(at))
            .flat_map(|callable| raises::statuses(site, ground, callable))
            .collect();
        Some(Self {
            giver: given.filter(|_| is_covered),
            demands: all,
            refused: (statuses.len() == 1).then(|| statuses.into_iter().next()).flatten(),
            anonymous: tree.anonymous(site, ground),
            raised,
            backend,
        })
    }

    /// By a dependency that nothing may depend on yet.
    pub(crate) fn of_dependency(site: &'a Site<'a>, ground: &Ground, module: &str, name: &str) -> Option<Self> {
        let depends = depends_on(site.ctx.model, &format!("{module}.{name}"))?;
        let mut nodes = Vec::new();
        follow(site.ctx.model, depends, 0, &mut nodes);
        Self::of(site, ground, &nodes)
    }

    /// Of whatever asks for nothing but someone who is known.
    pub(super) fn anyone() -> Self {
        Self {
            giver: None,
            demands: Vec::new(),
            refused: None,
            anonymous: None,
            raised: BTreeSet::new(),
            backend: None,
        }
    }

    /// What only some users have.
    pub(crate) fn privileges(&self) -> impl Iterator<Item = &Demand> {
        self.demands.iter().filter(|demand| demand.is_privilege())
    }
}

/// The first that depends on a function of a full name.
pub(crate) fn depends_on(model: &Model, full: &str) -> Option<DependsId> {
    let at = model.depends.iter().position(|depends| {
        let callable = target(model, depends);
        callable.is_some_and(|id| *model.callables[id.0 as usize].name == *full)
    })?;
    Some(DependsId(at as u32))
}

fn all_has(all: &[Demand], demand: &Demand) -> bool {
    all.iter().any(|known| known.attribute == demand.attribute)
}

fn target(model: &Model, depends: &model::Depends) -> Option<CallableId> {
    match depends.target.known()? {
        DependsTarget::Callable(id) if (id.0 as usize) < model.callables.len() => Some(*id),
        _ => None,
    }
}

/// A dependency and those that it has in turn, as a path operation would have them.
fn follow(model: &Model, id: DependsId, depth: u32, nodes: &mut Vec<DependencyNode>) {
    let Some(callable) = model
        .depends
        .get(id.0 as usize)
        .and_then(|depends| target(model, depends))
    else {
        return;
    };
    nodes.push(DependencyNode {
        depends: id,
        callable: Some(callable),
        depth,
        is_cycle: depth >= MAX_DEPTH,
    });
    if depth >= MAX_DEPTH {
        return;
    }
    for parameter in &model.callables[callable.0 as usize].parameters {
        if let Role::Depends(inner) = parameter.role {
            follow(model, inner, depth + 1, nodes);
        }
    }
}

/// The dependencies of one path operation.
struct Tree<'a, 'n> {
    model: &'a Model,
    nodes: &'n [DependencyNode],
}

impl<'a> Tree<'a, '_> {
    fn callable(&self, at: usize) -> Option<&'a Callable> {
        self.model.callables.get(self.nodes[at].callable?.0 as usize)
    }

    fn is(&self, at: usize, callable: &Callable) -> bool {
        self.callable(at).is_some_and(|own| std::ptr::eq(own, callable))
    }

    fn is_scheme(&self, at: usize) -> bool {
        self.callable(at)
            .is_some_and(|callable| callable.kind == CallableKind::SecurityScheme)
    }

    /// Behind the last of its own dependencies.
    fn end(&self, at: usize) -> usize {
        let rest = &self.nodes[at + 1..];
        let next = rest.iter().position(|node| node.depth <= self.nodes[at].depth);
        next.map_or(self.nodes.len(), |next| at + 1 + next)
    }

    /// Whether it rests on credentials.
    fn asks(&self, at: usize) -> bool {
        (at + 1..self.end(at)).any(|inner| self.is_scheme(inner))
    }

    /// The function nearest to the credentials that gives a user: a row of a table before anything else.
    fn giver(&self, site: &Site<'_>) -> Option<Giver<'a>> {
        let mut found: Vec<(bool, u32, Giver<'a>)> = (0..self.nodes.len())
            .filter(|&at| self.asks(at))
            .filter_map(|at| {
                let callable = self.callable(at)?;
                let is_function = callable.kind == CallableKind::Function && !callable.is_nested;
                let user = self.gives(callable).filter(|_| is_function)?;
                let is_table = matches!(user.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
                let is_named = || {
                    style::words::snake(&user.name)
                        .split('_')
                        .any(|word| PEOPLE.contains(&word))
                };
                let is_own = callable
                    .def
                    .is_some_and(|def| site.ctx.files.path(def.file).starts_with(site.root));
                (is_own && (is_table || is_named())).then_some((
                    is_table,
                    self.nodes[at].depth,
                    Giver { callable, user },
                ))
            })
            .collect();
        found.sort_by_key(|(is_table, depth, _)| std::cmp::Reverse((*is_table, *depth)));
        found.first().map(|(.., giver)| *giver)
    }

    /// The class that a dependency gives: by its annotation, else by that of those who depend on it.
    fn gives(&self, callable: &'a Callable) -> Option<&'a Schema> {
        let of = |ty: &model::TypeUse| match ty.schemas.as_slice() {
            [schema] => self.model.schemas.get(schema.0 as usize),
            _ => None,
        };
        if let Some(returns) = &callable.returns {
            let is_one = !returns.display.contains('[') || returns.display.starts_with("Optional[");
            return of(returns).filter(|_| is_one);
        }
        let mut parameters = self.model.callables.iter().flat_map(|callable| &callable.parameters);
        parameters.find_map(|parameter| {
            let Role::Depends(id) = parameter.role else { return None };
            let depends = self.model.depends.get(id.0 as usize)?;
            let id = target(self.model, depends)?;
            let is_it = std::ptr::eq(&self.model.callables[id.0 as usize], callable);
            parameter.ty.as_ref().filter(|_| is_it).and_then(of)
        })
    }

    fn anonymous(&self, site: &Site<'_>, ground: &Ground) -> Option<u16> {
        let statuses = (0..self.nodes.len())
            .filter(|&at| self.is_scheme(at))
            .map(|at| self.refusal(site, ground, at));
        // Whichever refuses comes first.
        statuses.flatten().next()
    }

    /// What is answered where the credentials of a scheme are missing.
    fn refusal(&self, site: &Site<'_>, ground: &Ground, scheme: usize) -> Option<u16> {
        let node = &self.nodes[scheme];
        let callable = self.callable(scheme)?;
        if !refuses_itself(site, node.depends) {
            for at in (0..scheme).rev().filter(|&at| self.end(at) > scheme) {
                let guard = self.callable(at)?;
                let is_lenient = |ty: &model::TypeUse| ty.display.contains("None") || ty.display.contains("Optional");
                if guard.returns.as_ref().is_some_and(is_lenient) {
                    return None;
                }
                if raises::statuses(site, ground, guard).contains(&401) {
                    return Some(401);
                }
            }
            return None;
        }
        let asked_in = self.model.depends.get(node.depends.0 as usize)?.at.file;
        let version = site.ctx.modules.fastapi_version(asked_in);
        match callable.name.rsplit('.').next()? {
            "OAuth2PasswordBearer" | "OAuth2AuthorizationCodeBearer" | "HTTPBasic" => Some(401),
            "HTTPBearer" | "HTTPDigest" | "APIKeyHeader" | "APIKeyQuery" | "APIKeyCookie" | "OpenIdConnect"
            | "OAuth2" => Some(if version.asks_for_credentials() { 401 } else { 403 }),
            // One of the project's own answers as it likes.
            _ => None,
        }
    }
}

/// Words of classes that are about who is asking.
const PEOPLE: [&str; 8] = [
    "user",
    "account",
    "member",
    "principal",
    "customer",
    "person",
    "identity",
    "client",
];

/// Whether a scheme answers itself where it finds nothing: not with `auto_error=False`.
fn refuses_itself(site: &Site<'_>, depends: DependsId) -> bool {
    let made = || {
        let at = site.ctx.model.depends.get(depends.0 as usize)?.target_at?;
        let source = crate::draft::source(site, &site.ctx.files.path(at.file))?;
        let text = source.expr_text(at.unit, at.expr).to_owned();
        if text.contains('(') {
            return Some(text);
        }
        match resolve::resolve(&site.ctx, at.file, &text)? {
            Resolved::Item(file, Binding::Value(value) | Binding::Annotated(_, Some(value))) => {
                let source = crate::draft::source(site, &site.ctx.files.path(file))?;
                Some(source.expr_text(UnitId::MODULE, value).to_owned())
            }
            _ => None,
        }
    };
    made().is_some_and(|text| !text.contains("auto_error"))
}
