//! Which field of the new resource takes the place of which of its sibling.

use crate::resource::fields::{FieldKind, FieldSpec, Plain};
use model::Schema;
use std::collections::{BTreeMap, BTreeSet};

/// Columns that every table may have, whatever it is about.
const STRUCTURAL: [&str; 16] = [
    "id",
    "uuid",
    "pk",
    "created_at",
    "updated_at",
    "deleted_at",
    "created",
    "updated",
    "modified_at",
    "created_on",
    "updated_on",
    "is_deleted",
    "is_active",
    "deleted",
    "version",
    "model_config",
];

/// The sibling's own fields, and what becomes of each.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldMap {
    /// By the sibling's name: the new name, or nothing where no field takes its place.
    to: BTreeMap<String, Option<String>>,
    /// Fields of the new resource that take no place, in order.
    pub(super) added: Vec<String>,
    /// Those of the sibling's that are text.
    texts: BTreeSet<String>,
}

impl FieldMap {
    /// `unique` are the sibling's fields of which no two may have the same, `kept` those that stay whatever it is about.
    pub(super) fn new(
        table: &Schema,
        creating: &Schema,
        unique: &BTreeSet<String>,
        kept: &BTreeSet<String>,
        specs: &[FieldSpec],
    ) -> Self {
        let own: Vec<&model::Field> = table
            .fields
            .iter()
            .filter(|field| !STRUCTURAL.contains(&&*field.name) && !kept.contains(&*field.name))
            .collect();
        let mut map = Self::default();
        let mut free: Vec<&FieldSpec> = specs.iter().collect();
        for field in &own {
            let sent = creating.fields.iter().find(|sent| sent.name == field.name);
            let fits = |spec: &&FieldSpec| {
                // What tests and callers may leave out can't become what has to be there.
                let is_needed = !spec.optional && spec.default.is_none();
                let is_sent = !is_needed || sent.is_some_and(|sent| sent.required);
                let is_named = spec.unique && *spec.name == *field.name;
                let is_as_unique = unique.contains(&*field.name) == spec.unique || is_named;
                is_sent && is_as_unique && may_take_place(table, field, spec)
            };
            let place = free.iter().position(|spec| fits(spec) && *spec.name == *field.name);
            let place = place.or_else(|| {
                free.iter()
                    .position(|spec| fits(spec) && is_optional(field) == spec.optional)
            });
            let place = place.or_else(|| free.iter().position(fits));
            let spec = place.map(|at| free.remove(at));
            map.to
                .insert(field.name.to_string(), spec.map(|spec| name_in(field, spec)));
        }
        map.pair_relationships(&own);
        let is_text = |field: &&&model::Field| field.ty.as_ref().is_some_and(|ty| core_of(&ty.display) == "str");
        let texts = own.iter().filter(is_text);
        map.texts = texts.map(|field| field.name.to_string()).collect();
        map.added = free.iter().map(|spec| spec.name.clone()).collect();
        map
    }

    /// The same with other words for the new names.
    pub(super) fn with_names(mut self, rename: impl Fn(&str) -> String) -> Self {
        for new in self.to.values_mut().flatten().chain(&mut self.added) {
            *new = rename(new);
        }
        self
    }

    /// The key of a relationship and the relationship go together.
    fn pair_relationships(&mut self, own: &[&model::Field]) {
        for field in own.iter().filter(|field| field.is_relationship) {
            let new = self.to.get(&format!("{}_id", field.name)).cloned().flatten();
            let name = new.map(|key| key.strip_suffix("_id").unwrap_or(&key).to_owned());
            self.to.insert(field.name.to_string(), name);
        }
    }

    /// Whether it is a field of the sibling's own.
    pub(super) fn has(&self, name: &str) -> bool {
        self.to.contains_key(name)
    }

    /// Whether it is a field of the sibling's own that is text.
    pub(super) fn is_text(&self, name: &str) -> bool {
        self.texts.contains(name)
    }

    /// Whether nothing takes the place of a field.
    pub(super) fn drops(&self, name: &str) -> bool {
        matches!(self.to.get(name), Some(None))
    }

    /// The new name of a field that has one.
    pub(super) fn new_name(&self, name: &str) -> Option<&str> {
        self.to.get(name)?.as_deref()
    }

    /// A name such as `get_book_by_isbn` after the change; nothing where it is about a field that is gone.
    pub(super) fn function(&self, name: &str) -> Option<String> {
        for (old, new) in &self.to {
            let ending = format!("_by_{old}");
            if let Some(stem) = name.strip_suffix(&ending) {
                return new.as_ref().map(|new| format!("{stem}_by_{new}"));
            }
        }
        Some(name.to_owned())
    }

    /// Whether a name is about a field that is gone: `get_book_by_isbn`.
    pub(super) fn is_gone(&self, name: &str) -> bool {
        self.function(name).is_none()
    }
}

/// What the field is called in the table.
fn name_in(field: &model::Field, spec: &FieldSpec) -> String {
    match spec.kind {
        FieldKind::Reference(_) if !field.is_relationship => format!("{}_id", spec.name),
        _ => spec.name.clone(),
    }
}

fn written(field: &model::Field) -> &str {
    field.ty.as_ref().map_or("", |ty| &*ty.display)
}

fn is_optional(field: &model::Field) -> bool {
    written(field).contains("None") || written(field).contains("Optional")
}

/// Whether a new field is of the same kind.
fn may_take_place(table: &Schema, field: &model::Field, spec: &FieldSpec) -> bool {
    if field.is_relationship {
        return false;
    }
    match &spec.kind {
        FieldKind::Reference(class) => {
            let name = field.name.strip_suffix("_id");
            let leads_to = |other: &&model::Field| other.is_relationship && Some(&*other.name) == name;
            let target = table.fields.iter().find(leads_to).and_then(|field| field.ty.as_ref());
            target.is_some_and(|ty| core_of(&ty.display).ends_with(class.as_str()))
        }
        FieldKind::Enum(_) => false,
        FieldKind::Plain(plain) => !field.name.ends_with("_id") && kind_of(core_of(written(field))) == Some(*plain),
    }
}

/// `Book` of `Mapped[Book | None]`.
pub(super) fn core_of(written: &str) -> &str {
    let mut core = written;
    for wrapper in ["Mapped[", "Optional[", "list[", "List["] {
        if let Some(inner) = core.strip_prefix(wrapper) {
            core = inner.strip_suffix(']').unwrap_or(inner);
        }
    }
    core.split('|')
        .map(str::trim)
        .find(|part| *part != "None")
        .unwrap_or(core)
        .trim_matches(['"', '\''])
}

fn kind_of(core: &str) -> Option<Plain> {
    Some(match core.rsplit('.').next()? {
        "str" => Plain::Str,
        "EmailStr" => Plain::Email,
        "int" => Plain::Int,
        "float" => Plain::Float,
        "Decimal" => Plain::Decimal,
        "bool" => Plain::Bool,
        "date" => Plain::Date,
        "datetime" => Plain::Datetime,
        "UUID" => Plain::Uuid,
        _ => return None,
    })
}
