//! The table of rules. A new rule is a file here and a line in the table.

use crate::Rule;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        static REGISTRY: &[&Rule] = &[$(&$name::RULE),*];
    };
}

rules! {
    bad_prefix,
}

/// Every rule, in the order of the table.
#[must_use]
pub fn registry() -> &'static [&'static Rule] {
    REGISTRY
}
