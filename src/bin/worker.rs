//! The checker in its Web Worker: JSON requests in, JSON answers out, and its memory as a number.

use std::cell::RefCell;

use celery_checkup::present::Checker;
use celery_checkup::present::view::Request;
use js_sys::WebAssembly::Memory;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    // A panic's message can quote the paste, and a console is no place for that: only where it happened is said.
    // The page replaces this worker after a panic.
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            web_sys::console::error_1(&format!("celery-checkup: a defect at {place}").into());
        }
    }));

    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let checker = RefCell::new(Checker::new());
    let ready = serde_json::json!({ "ready": checker.borrow().build() }).to_string();
    let answering = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(text) = event.data().as_string() else {
                return;
            };
            let Ok(request) = serde_json::from_str::<Request>(&text) else {
                return;
            };
            let answer = checker.borrow_mut().answer(request);
            if let Ok(json) = serde_json::to_string(&answer) {
                post(&scope, &json.into());
            }
            post(&scope, &memory_bytes().into());
        })
    };
    scope.set_onmessage(Some(answering.as_ref().unchecked_ref()));
    // The worker answers as long as it lives.
    answering.forget();
    post(&scope, &ready.into());
}

fn post(scope: &DedicatedWorkerGlobalScope, message: &JsValue) {
    // Strings and numbers can always be cloned, so this cannot fail.
    let _ = scope.post_message(message);
}

fn memory_bytes() -> f64 {
    let memory: Memory = wasm_bindgen::memory().unchecked_into();
    memory.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length().into()
}
