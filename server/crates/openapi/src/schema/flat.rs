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
        if self.is_separate || mode == Mode::Validation || self.tells_computed(ty) {
            mode
        } else {
            Mode::Validation
        }
    }

    /// Whether the version takes notice of the computed fields in a type.
    fn tells_computed(&self, ty: &Type) -> bool {
        let fastapi = self.fastapi();
        if fastapi.finds_computed_fields_within() {
            return self.has_computed(ty, &mut FxHashSet::default());
        }
        let own = match ty {
            Type::Annotated(inner, _) => inner,
            ty => ty,
        };
        let Type::Class(class) = own else { return false };
        fastapi.finds_computed_fields() && !self.class(*class).computed.is_empty()
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
