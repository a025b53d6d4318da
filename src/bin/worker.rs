//! The checker in its Web Worker. It says the name of its build, then answers requests; after each answer it says
//! how large its memory is. Requests and answers are bytes, the name is a string, the size is a number.

use std::cell::RefCell;

use celery_checkup::present::{Checker, border};
use js_sys::WebAssembly::Memory;
use js_sys::{Array, ArrayBuffer, Uint8Array};
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
    let build = checker.borrow().build();
    let answering = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Ok(bytes) = event.data().dyn_into::<Uint8Array>() else {
                return;
            };
            let Some(request) = border::from_bytes(&bytes.to_vec()) else {
                return;
            };
            let answer = border::to_bytes(&checker.borrow_mut().answer(request));
            let bytes = Uint8Array::from(answer.as_slice());
            // The copy is handed over, not copied again; it can always be, and so can a string and a number.
            let _ = scope.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
            post(&scope, &memory_bytes().into());
        })
    };
    scope.set_onmessage(Some(answering.as_ref().unchecked_ref()));
    // The worker answers as long as it lives.
    answering.forget();
    post(&scope, &build.into());
}

fn post(scope: &DedicatedWorkerGlobalScope, message: &JsValue) {
    let _ = scope.post_message(message);
}

fn memory_bytes() -> f64 {
    let memory: Memory = wasm_bindgen::memory().unchecked_into();
    memory.buffer().unchecked_into::<ArrayBuffer>().byte_length().into()
}
