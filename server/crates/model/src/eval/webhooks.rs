//! An app's webhooks: a router whose operations are described, not served.

use super::{
    Interp,
    value::{ObjId, Value},
};
use crate::{RouterId, RouterKind};
use smol_str::SmolStr;

impl Interp<'_> {
    /// The router of an app's webhooks: the one that the constructor was given, or one that the app makes.
    pub(crate) fn webhooks(&mut self, app: ObjId, id: RouterId) -> Value {
        let given = self.router_args.get(&id).and_then(|args| args.keyword("webhooks"));
        let webhooks = match given.cloned().filter(|given| *given != Value::None) {
            Some(given) => given,
            None => {
                let made_at = self.router(id).made_at;
                let class = Value::lib("fastapi.APIRouter");
                Value::Object(self.new_instance(class, made_at, Some(RouterKind::ApiRouter)))
            }
        };
        if let Some(router) = self.router_of(&webhooks) {
            self.change_router(router, |router| {
                router.is_webhooks = true;
                router.escapes = true;
            });
        }
        if let Some(instance) = self.instance_mut(app) {
            instance.attrs.insert(SmolStr::new_static("webhooks"), webhooks.clone());
        }
        webhooks
    }
}
