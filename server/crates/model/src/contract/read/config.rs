//! The part of a model's configuration that its schema shows.

use super::Reader;
use crate::{contract::Attributes, signature::config::Config};

/// Keys of which the schema shows something.
const SHOWN: [&str; 15] = [
    "title",
    "extra",
    "json_schema_extra",
    "model_title_generator",
    "field_title_generator",
    "json_schema_serialization_defaults_required",
    "json_schema_mode_override",
    "ser_json_bytes",
    "val_json_bytes",
    "ser_json_timedelta",
    "ser_json_temporal",
    "str_min_length",
    "str_max_length",
    "use_enum_values",
    "validate_by_alias",
];

impl Reader<'_> {
    /// The part of a configuration that the schema shows.
    pub(super) fn shown_config(&mut self, config: &Config) -> Attributes {
        let mut attributes = Attributes::default();
        for (name, value) in config {
            // Pydantic 1 called it so, and 2 still reads it.
            let name = if name == "schema_extra" {
                "json_schema_extra"
            } else {
                name
            };
            if SHOWN.contains(&name) {
                let data = self.data(value);
                attributes.set(name, data);
            }
        }
        attributes
    }
}
