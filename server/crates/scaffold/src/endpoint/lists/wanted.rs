//! What a list can be asked for, read off the table whose rows it shows.

use crate::{
    Refusal, Site,
    imports::Need,
    resource::{Filter, MARKS, core, declaration_of, equal, is_key_of_another, key_limits, range},
    schemas::is_secret,
};
use model::{Field, Schema, SchemaKind};

/// The parameter of the order.
pub(super) const SORT: &str = "sort";

/// See the module.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) filters: Vec<Filter>,
    /// Columns.
    pub(super) sorts: Vec<String>,
    /// What the filters' annotations take.
    pub(super) needs: Vec<Need>,
}

/// What is asked of a list, and what it has.
pub(super) struct Asked<'r> {
    /// The fields; those that are usual where nothing is said.
    pub(super) filter: Option<&'r [String]>,
    pub(super) sort: Option<&'r [String]>,
    /// Parameters that the list has.
    pub(super) taken: Vec<String>,
    /// Whether its pages come by cursor, and so in one order.
    pub(super) is_cursor: bool,
}

impl Wanted {
    /// Reads what is asked for.
    ///
    /// # Errors
    /// Where there is no such column, or it is none to filter or sort by.
    pub(super) fn read(site: &Site<'_>, table: &Schema, asked: &Asked<'_>) -> Result<Self, Refusal> {
        let mut wanted = Self::default();
        wanted.read_filters(site, table, asked)?;
        wanted.read_sorts(site, table, asked)?;
        let is_taken = |name: &str| asked.taken.iter().any(|taken| taken == name);
        if asked.filter.is_none() {
            wanted.filters.retain(|filter| !is_taken(&filter.name));
        }
        if let Some(filter) = wanted.filters.iter().find(|filter| is_taken(&filter.name)) {
            let why = "the list has a parameter of this name".to_owned();
            return Err(Refusal::BadField(filter.name.clone(), why));
        }
        Ok(wanted)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.filters.is_empty() && self.sorts.is_empty()
    }

    fn read_filters(&mut self, site: &Site<'_>, table: &Schema, asked: &Asked<'_>) -> Result<(), Refusal> {
        match asked.filter {
            Some(names) => {
                for name in names {
                    let column = column(table, name);
                    let found = column.and_then(|column| self.filters_of(site, column));
                    let found = found.ok_or_else(|| self.unknown(site, table, name, "filtered"))?;
                    self.filters.extend(found);
                }
            }
            None => {
                for column in columns(table).filter(|column| is_choice(site, column)) {
                    let found = self.filters_of(site, column).unwrap_or_default();
                    self.filters.extend(found);
                }
            }
        }
        Ok(())
    }

    fn read_sorts(&mut self, site: &Site<'_>, table: &Schema, asked: &Asked<'_>) -> Result<(), Refusal> {
        let has_sort = asked.taken.iter().any(|taken| taken == SORT);
        match asked.sort {
            Some([first, ..]) if asked.is_cursor || has_sort => {
                let why = match has_sort {
                    true => "the list has a parameter `sort`",
                    false => "pages by cursor have one order",
                };
                return Err(Refusal::BadField(first.clone(), why.to_owned()));
            }
            Some(names) => {
                for name in names {
                    let column = column(table, name).filter(|column| has_order(site, column));
                    let column = column.ok_or_else(|| self.unknown(site, table, name, "sorted"))?;
                    self.sorts.push(column.name.to_string());
                }
            }
            None if asked.is_cursor || has_sort => {}
            None => {
                // Nobody reads long texts in their order.
                let is_usual =
                    |column: &&Field| has_order(site, column) && !declaration_of(site, column).contains("Text");
                let sorts = columns(table).filter(is_usual);
                self.sorts = sorts.map(|column| column.name.to_string()).collect();
            }
        }
        Ok(())
    }

    /// The parameters of a column; nothing where it can't be compared with what a query holds.
    fn filters_of(&mut self, site: &Site<'_>, column: &Field) -> Option<Vec<Filter>> {
        let name = &*column.name;
        let ty = core(&site.ctx, column);
        let mut need = |module: &str, name: &str| self.needs.push(Need::member(module, name));
        if let Some(choices) = choices_of(site, column) {
            need(&choices.module, &choices.name);
            return Some(vec![equal(name, &choices.name, "")]);
        }
        if ty.starts_with("Literal[") {
            need("typing", "Literal");
            return Some(vec![equal(name, &ty, "")]);
        }
        let last = ty.rsplit('.').next().unwrap_or(&ty);
        let declared = declaration_of(site, column);
        Some(match last {
            "int" if is_key_of_another(&declared) => vec![equal(name, "int", key_limits("int"))],
            "int" => range(name, "int", INTEGERS, ["min", "max"]),
            "float" => range(name, "float", "", ["min", "max"]),
            "bool" | "str" => vec![equal(name, last, "")],
            "UUID" => {
                need("uuid", "UUID");
                vec![equal(name, "UUID", "")]
            }
            "Decimal" => {
                need("decimal", "Decimal");
                range(name, "Decimal", "", ["min", "max"])
            }
            "date" => {
                need("datetime", "date");
                range(name, "date", "", ["from", "to"])
            }
            // A moment without a zone can't be compared with one that has it.
            "datetime" if declared.contains("timezone=True") => {
                need("pydantic", "AwareDatetime");
                range(name, "AwareDatetime", "", ["from", "to"])
            }
            _ => return None,
        })
    }

    fn unknown(&self, site: &Site<'_>, table: &Schema, name: &str, how: &str) -> Refusal {
        let can = columns(table).filter(|column| match how {
            "sorted" => has_order(site, column),
            _ => Self::default().filters_of(site, column).is_some(),
        });
        let names: Vec<&str> = can.map(|column| &*column.name).collect();
        Refusal::BadField(name.to_owned(), format!("a list can be {how} by {}", names.join(", ")))
    }
}

/// What a column of whole numbers can hold.
const INTEGERS: &str = "ge=-2_147_483_648, le=2_147_483_647";

/// The columns that clients may ask about.
fn columns(table: &Schema) -> impl Iterator<Item = &Field> {
    table.fields.iter().filter(|field| {
        let name = &*field.name;
        let is_hidden = is_secret(name) || name.starts_with('_') || MARKS.contains(&name);
        !field.is_relationship && !is_hidden && name != "id"
    })
}

fn column<'s>(table: &'s Schema, name: &str) -> Option<&'s Field> {
    columns(table).find(|column| *column.name == *name)
}

/// The `Enum` that a column holds.
fn choices_of<'s>(site: &Site<'s>, column: &Field) -> Option<&'s Schema> {
    let model: &'s model::Model = site.ctx.model;
    let ty = core(&site.ctx, column);
    let mut named = column.ty.iter().flat_map(|ty| &ty.schemas);
    named.find_map(|id| {
        let schema = model.schemas.get(id.0 as usize)?;
        (schema.kind == SchemaKind::Enum && *schema.name == *ty).then_some(schema)
    })
}

/// Choices, and what a row belongs to.
fn is_choice(site: &Site<'_>, column: &Field) -> bool {
    let ty = core(&site.ctx, column);
    let is_few = ty == "bool" || ty.starts_with("Literal[") || choices_of(site, column).is_some();
    is_few || is_key_of_another(&declaration_of(site, column))
}

/// Whether people see an order in a column's values.
fn has_order(site: &Site<'_>, column: &Field) -> bool {
    let ty = core(&site.ctx, column);
    let last = ty.rsplit('.').next().unwrap_or(&ty);
    let is_ordered = matches!(last, "str" | "int" | "float" | "Decimal" | "date" | "datetime" | "time");
    is_ordered && !is_key_of_another(&declaration_of(site, column))
}
