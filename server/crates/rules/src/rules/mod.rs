//! The table of rules. A new rule is a file here and a line in the table.

use crate::Rule;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(pub(crate) mod $name;)*
        static REGISTRY: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules! {
    bad_prefix,
    depends_called,
    dependency_cycle,
    duplicate_route,
    path_missing_slash,
    path_param_undeclared,
    route_shadowed,
    router_unreachable,
    unused_suppression,
}

/// Every rule, in the order of the table.
#[must_use]
pub fn registry() -> &'static [&'static Rule] {
    REGISTRY
}
