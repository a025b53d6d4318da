//! The page's side of the worker: asks, times, and replaces it when it traps or does not answer.
//!
//! The worker keeps only caches and can be killed at any time. One request is under way at a time; what
//! changes meanwhile is asked next, so a slow check never builds a queue.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use web_sys::Worker;
use yew::Callback;

use super::state::OpenFile;
use crate::present::view::{Answer, Options, Pasted, Request};

/// A request that takes longer has met a defect of ours: the budget for the worst input is 2 s.
const PATIENCE_MILLISECONDS: u32 = 5_000;
/// wasm memory never shrinks; above this the worker is replaced when it has nothing to do.
const MEMORY_BYTES: f64 = 256.0 * 1024.0 * 1024.0;

#[wasm_bindgen(module = "/www/built/page.js")]
extern "C" {
    /// See www/page/engine.js.
    #[wasm_bindgen(js_name = startEngine)]
    fn start_engine(hear: &Closure<dyn FnMut(JsValue)>, lose: &Closure<dyn FnMut()>) -> Worker;
}

/// What the page hears.
pub(super) enum Told {
    Ready(String),
    Answered {
        answer: Box<Answer>,
        milliseconds: u32,
    },
    /// The worker died of these texts (file, version); it goes on without them.
    Unreadable(Vec<(u32, u32)>),
    /// The worker did not even start.
    Failed,
}

/// The texts and options that the page shows.
#[derive(Clone, PartialEq)]
pub(super) struct Wanted {
    pub(super) files: Vec<OpenFile>,
    pub(super) options: Options,
}

#[derive(Clone)]
pub(super) struct Checker(Rc<RefCell<Inner>>);

struct Inner {
    told: Callback<Told>,
    worker: Option<Running>,
    wanted: Option<Wanted>,
    /// Whether `wanted` is newer than what was asked last.
    due: bool,
    /// What the worker has: file, version and the reader's kind.
    held: Vec<(u32, u32, Option<Rc<str>>)>,
    seq: u64,
    asked: Option<Asked>,
    large: bool,
}

struct Running {
    worker: Worker,
    ready: bool,
    _hear: Closure<dyn FnMut(JsValue)>,
    _lose: Closure<dyn FnMut()>,
}

struct Asked {
    seq: u64,
    changed: Vec<(u32, u32)>,
    since: f64,
    _deadline: Timeout,
}

/// The worker's first message.
#[derive(Deserialize)]
struct Ready {
    ready: String,
}

impl Checker {
    /// Starts a worker.
    pub(super) fn start(told: Callback<Told>) -> Checker {
        let checker = Checker(Rc::new(RefCell::new(Inner {
            told,
            worker: None,
            wanted: None,
            due: false,
            held: Vec::new(),
            seq: 0,
            asked: None,
            large: false,
        })));
        checker.spawn();
        checker
    }

    /// Checks these texts as soon as the worker can.
    pub(super) fn want(&self, wanted: Wanted) {
        {
            let mut inner = self.0.borrow_mut();
            inner.due = true;
            inner.wanted = Some(wanted);
        }
        self.ask();
    }

    /// Also starts again after [`Told::Failed`].
    pub(super) fn spawn(&self) {
        let hear = {
            let checker = self.clone();
            Closure::new(move |message: JsValue| checker.hear(&message))
        };
        let lose = {
            let checker = self.clone();
            Closure::new(move || checker.lose())
        };
        let worker = start_engine(&hear, &lose);
        let mut inner = self.0.borrow_mut();
        inner.held.clear();
        inner.asked = None;
        inner.large = false;
        inner.worker = Some(Running { worker, ready: false, _hear: hear, _lose: lose });
    }

    /// Sends what changed, unless the worker is busy or still loading.
    fn ask(&self) {
        let mut inner = self.0.borrow_mut();
        let inner = &mut *inner;
        let Some(running) = inner.worker.as_ref().filter(|running| running.ready) else {
            return;
        };
        let Some(wanted) = inner.wanted.as_ref().filter(|_| inner.due && inner.asked.is_none()) else {
            return;
        };
        let readable: Vec<&OpenFile> =
            wanted.files.iter().filter(|file| !file.is_blank() && !file.is_unreadable()).collect();
        let removed: Vec<u32> =
            inner.held.iter().map(|held| held.0).filter(|id| !readable.iter().any(|file| file.id == *id)).collect();
        let changed: Vec<&OpenFile> = readable
            .iter()
            .copied()
            .filter(|file| !inner.held.contains(&(file.id, file.version, file.kind.clone())))
            .collect();
        inner.due = false;
        if readable.is_empty() && removed.is_empty() {
            return;
        }

        inner.seq += 1;
        let request = Request {
            seq: inner.seq,
            changed: changed
                .iter()
                .map(|file| Pasted {
                    id: file.id,
                    version: file.version,
                    name: file.name.to_string(),
                    text: file.text.to_string(),
                    kind: file.kind.as_deref().map(str::to_owned),
                })
                .collect(),
            removed,
            options: wanted.options.clone(),
        };
        let Ok(json) = serde_json::to_string(&request) else {
            return;
        };
        if running.worker.post_message(&JsValue::from_str(&json)).is_err() {
            return;
        }
        let suspects = if changed.is_empty() { &readable } else { &changed };
        let deadline = {
            let checker = self.clone();
            Timeout::new(PATIENCE_MILLISECONDS, move || checker.lose())
        };
        inner.asked = Some(Asked {
            seq: inner.seq,
            changed: suspects.iter().map(|file| (file.id, file.version)).collect(),
            since: now(),
            _deadline: deadline,
        });
        inner.held = readable.iter().map(|file| (file.id, file.version, file.kind.clone())).collect();
    }

    /// A message is a number (the worker's memory) or JSON: first its build, then answers.
    fn hear(&self, message: &JsValue) {
        if let Some(bytes) = message.as_f64() {
            self.0.borrow_mut().large = bytes > MEMORY_BYTES;
            self.rest();
            return;
        }
        let text = message.as_string().unwrap_or_default();
        let told = if text.starts_with("{\"ready\"") {
            let Ok(Ready { ready }) = serde_json::from_str(&text) else {
                return;
            };
            if let Some(running) = &mut self.0.borrow_mut().worker {
                running.ready = true;
            }
            Some(Told::Ready(ready))
        } else {
            self.answered(&text)
        };
        self.ask();
        if let Some(told) = told {
            self.tell(told);
        }
    }

    fn answered(&self, text: &str) -> Option<Told> {
        let answer: Answer = serde_json::from_str(text).ok()?;
        let mut inner = self.0.borrow_mut();
        // Answers to requests that were given up are of no use.
        let asked = inner.asked.take_if(|asked| asked.seq == answer.seq)?;
        let milliseconds = (now() - asked.since).round() as u32;
        Some(Told::Answered { answer: Box::new(answer), milliseconds })
    }

    /// Replaces a worker that has grown, once it has nothing to do.
    fn rest(&self) {
        let idle = {
            let inner = self.0.borrow();
            inner.large && inner.asked.is_none() && !inner.due
        };
        if idle {
            self.terminate();
            self.spawn();
        }
    }

    /// The worker trapped, or did not answer in time.
    fn lose(&self) {
        let Some(was_ready) = self.terminate() else {
            return;
        };
        let asked = self.0.borrow_mut().asked.take();
        if !was_ready {
            self.tell(Told::Failed);
            return;
        }
        self.0.borrow_mut().due = true;
        self.spawn();
        if let Some(asked) = asked {
            self.tell(Told::Unreadable(asked.changed));
        }
    }

    /// Stops the worker; says whether it had been ready.
    fn terminate(&self) -> Option<bool> {
        let running = self.0.borrow_mut().worker.take()?;
        running.worker.set_onmessage(None);
        running.worker.set_onerror(None);
        running.worker.terminate();
        let ready = running.ready;
        // This may be running inside one of the closures, which must outlive the call.
        Timeout::new(0, move || drop(running)).forget();
        Some(ready)
    }

    fn tell(&self, told: Told) {
        let callback = self.0.borrow().told.clone();
        callback.emit(told);
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}
