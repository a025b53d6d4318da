//! Objects of the browser's own, for what the editor and the packs take. A JSON writer for a handful of small
//! types would weigh more than these.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// An object with these members.
pub(super) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A new plain object takes every member.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// A list of these items.
pub(super) fn list(items: &mut dyn Iterator<Item = JsValue>) -> JsValue {
    let list = Array::new();
    for item in items {
        list.push(&item);
    }
    list.into()
}
