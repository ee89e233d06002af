//! Schemas: which path operations read or return each, and the card that tells it.

use crate::Analysis;
use model::{Field, ParamIn, Requirements, Route, Schema, SchemaId, SchemaKind};
use rustc_hash::FxHashSet;
use std::fmt::Write;

/// How many fields and routes a card lists.
const LISTED: usize = 20;

/// What a path operation does with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Use {
    /// It takes it as its body or in its parameters.
    Reads,
    /// It answers with it.
    Returns,
}

/// The schemas that a path operation names.
pub(crate) type NamedSchemas = Vec<(Use, SchemaId)>;

impl Analysis {
    fn schema(&self, id: SchemaId) -> &Schema {
        &self.model().schemas[id.0 as usize]
    }

    /// The schemas that a route itself names for what it reads and returns.
    pub(crate) fn named_schemas(&self, route: &Route, requirements: &Requirements) -> NamedSchemas {
        let mut found = Vec::new();
        for parameter in &requirements.parameters {
            let is_body = matches!(parameter.place_in, ParamIn::Body | ParamIn::Form | ParamIn::File);
            let named = parameter.ty.iter().filter(|_| is_body).flat_map(|ty| ty.schemas.iter());
            found.extend(named.chain(&parameter.model).map(|schema| (Use::Reads, *schema)));
        }
        let operation = route.operation.map(|id| &self.model().operations[id.0 as usize]);
        let returned = operation.and_then(|operation| operation.response_model.as_ref());
        let returned = returned.iter().flat_map(|ty| ty.schemas.iter());
        found.extend(returned.map(|schema| (Use::Returns, *schema)));
        let mut seen = FxHashSet::default();
        found.retain(|it| seen.insert(*it));
        found
    }

    /// The schemas within others, at any depth, without those themselves. Rows of other tables are not part of a row's data.
    pub(crate) fn schemas_within(&self, outer: &[SchemaId], how: Use) -> Vec<SchemaId> {
        let mut seen: FxHashSet<SchemaId> = outer.iter().copied().collect();
        let mut open = outer.to_vec();
        let mut found = Vec::new();
        while let Some(id) = open.pop() {
            let schema = self.schema(id);
            let computed = schema.computed.iter().filter(|_| how == Use::Returns);
            let fields = schema.fields.iter().filter(|field| !field.is_relationship);
            for field in fields.chain(computed) {
                for &inner in field.ty.iter().flat_map(|ty| ty.schemas.iter()) {
                    if seen.insert(inner) {
                        found.push(inner);
                        open.push(inner);
                    }
                }
            }
        }
        found
    }

    /// The routes that use a schema, and whether only within another one.
    fn uses_of(&self, id: SchemaId) -> Vec<(&Route, Use, bool)> {
        let mut uses = Vec::new();
        for route in &self.model().routes {
            let named = self.named_schemas(route, &self.model().requirements(route));
            for how in [Use::Reads, Use::Returns] {
                let outer: Vec<SchemaId> = named.iter().filter(|it| it.0 == how).map(|it| it.1).collect();
                if outer.contains(&id) {
                    uses.push((route, how, false));
                } else if self.schemas_within(&outer, how).contains(&id) {
                    uses.push((route, how, true));
                }
            }
        }
        uses
    }

    /// Card of a schema: its fields, and the path operations that read and return it.
    pub(crate) fn schema_card(&self, id: SchemaId) -> String {
        let schema = self.schema(id);
        let mut card = format!(
            "`{}.{}{}` {}\n\n",
            schema.module,
            schema.name,
            parameters(schema),
            kind(schema)
        );
        for field in schema.fields.iter().take(LISTED) {
            let _ = writeln!(card, "- {}", field_line(field));
        }
        if schema.fields.len() > LISTED {
            let _ = writeln!(card, "- … and {} more", schema.fields.len() - LISTED);
        }
        for field in &schema.computed {
            let _ = writeln!(card, "- {} (computed)", field_line(field));
        }
        if schema.incomplete {
            let _ = writeln!(card, "\nOne of its bases is not known: there may be more.");
        }
        let bases: Vec<String> = schema
            .bases
            .iter()
            .map(|base| format!("`{}`", self.schema(*base).name))
            .collect();
        if !bases.is_empty() {
            let _ = writeln!(card, "\nInherits: {}", bases.join(", "));
        }
        if !schema.config.is_empty() {
            let settings = schema.config.iter().map(|(key, value)| format!("`{key}={value}`"));
            let _ = writeln!(card, "\nConfiguration: {}", settings.collect::<Vec<_>>().join(", "));
        }
        if !schema.validators.is_empty() {
            let names = schema
                .validators
                .iter()
                .map(|validator| match validator.fields.as_slice() {
                    [] => format!("`{}`", validator.name),
                    fields => format!("`{}` ({})", validator.name, fields.join(", ")),
                });
            let _ = writeln!(card, "\nValidators: {}", names.collect::<Vec<_>>().join(", "));
        }
        let uses = self.uses_of(id);
        for (wanted, within, title) in [
            (Use::Reads, false, "Read by"),
            (Use::Reads, true, "Read within another schema by"),
            (Use::Returns, false, "Returned by"),
            (Use::Returns, true, "Returned within another schema by"),
        ] {
            let is_it = |known: &&(&Route, Use, bool)| (known.1, known.2) == (wanted, within);
            write_routes(&mut card, title, uses.iter().filter(is_it).map(|known| known.0));
        }
        card.trim().to_owned()
    }
}

fn write_routes<'a>(card: &mut String, title: &str, routes: impl Iterator<Item = &'a Route>) {
    let routes: Vec<&Route> = routes.collect();
    if routes.is_empty() {
        return;
    }
    let _ = writeln!(card, "\n{title}:\n");
    for route in routes.iter().take(LISTED) {
        let _ = writeln!(card, "- **{}** `{}`", route.methods.join(", "), route.path);
    }
    if routes.len() > LISTED {
        let _ = writeln!(card, "- … and {} more", routes.len() - LISTED);
    }
}

fn parameters(schema: &Schema) -> String {
    match schema.type_parameters.as_slice() {
        [] => String::new(),
        names => format!("[{}]", names.join(", ")),
    }
}

fn kind(schema: &Schema) -> String {
    let kind = match schema.kind {
        SchemaKind::Pydantic => "Pydantic model",
        SchemaKind::PydanticV1 => "Pydantic 1 model",
        SchemaKind::Settings => "settings",
        SchemaKind::SqlModelTable => "SQLModel table",
        SchemaKind::SqlModel => "SQLModel",
        SchemaKind::SqlAlchemy => "SQLAlchemy model",
        SchemaKind::Dataclass => "dataclass",
        SchemaKind::TypedDict => "typed dict",
        SchemaKind::Enum => "enum",
    };
    match &schema.table {
        Some(table) => format!("{kind}, table `{table}`"),
        None => kind.to_owned(),
    }
}

/// `` `title: str` (optional; alias `Title`) ``.
fn field_line(field: &Field) -> String {
    let ty = field
        .ty
        .as_ref()
        .map(|ty| format!(": {}", ty.display))
        .unwrap_or_default();
    let marks = [
        (!field.required).then(|| "optional".to_owned()),
        field
            .alias
            .as_ref()
            .filter(|alias| **alias != field.name)
            .map(|alias| format!("alias `{alias}`")),
        field
            .discriminator
            .as_ref()
            .map(|name| format!("told apart by `{name}`")),
        field.is_relationship.then(|| "relationship".to_owned()),
    ];
    let marks: Vec<String> = marks.into_iter().flatten().collect();
    match marks.as_slice() {
        [] => format!("`{}{ty}`", field.name),
        marks => format!("`{}{ty}` ({})", field.name, marks.join("; ")),
    }
}
