//! Models that fields name, whether or not their schemas do (`fastapi/_compat/v2.py`, `get_flat_models_from_fields`), and
//! in which mode a field's schema is made.

use super::{Mode, Schemas};
use model::contract::{ClassKind, ClassRef, Type};
use rustc_hash::FxHashSet;

impl Schemas<'_, '_> {
    /// Defines every model and enum that a type names.
    pub(crate) fn define_all(&mut self, ty: &Type, mode: Mode) {
        let mut known = FxHashSet::default();
        self.collect(ty, &mut known);
        let mut classes: Vec<ClassRef> = known.into_iter().collect();
        classes.sort_unstable();
        for class in classes {
            let mode = self.mode_of(&Type::Class(class), mode);
            self.reference(class, mode);
        }
    }

    fn collect(&self, ty: &Type, known: &mut FxHashSet<ClassRef>) {
        let mut found = Vec::new();
        ty.visit(&mut |ty| {
            if let Type::Class(class) = ty {
                found.push(*class);
            }
        });
        for class in found {
            let described = self.class(class);
            match described.kind {
                ClassKind::Model | ClassKind::RootModel if known.insert(class) => {
                    for field in &described.fields {
                        self.collect(&field.ty, known);
                    }
                }
                ClassKind::Enum => {
                    known.insert(class);
                }
                _ => {}
            }
        }
    }

    /// Without separate schemas for input and output, only computed fields make a difference.
    pub(crate) fn mode_of(&self, ty: &Type, mode: Mode) -> Mode {
        if self.is_separate || mode == Mode::Validation || self.has_computed(ty, &mut FxHashSet::default()) {
            mode
        } else {
            Mode::Validation
        }
    }

    fn has_computed(&self, ty: &Type, known: &mut FxHashSet<ClassRef>) -> bool {
        let mut classes = Vec::new();
        ty.visit(&mut |ty| {
            if let Type::Class(class) = ty {
                classes.push(*class);
            }
        });
        classes.into_iter().any(|class| {
            known.insert(class) && {
                let described = self.class(class);
                !described.computed.is_empty()
                    || described.fields.iter().any(|field| self.has_computed(&field.ty, known))
            }
        })
    }
}
