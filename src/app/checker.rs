//! The page's side of the worker: asks, times, and replaces it when it traps or does not answer.
//!
//! The worker keeps only caches and can be killed at any time. One request is under way at a time; what
//! changes meanwhile is asked next, so a slow check never builds a queue.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Worker;
use yew::Callback;

use super::state::OpenFile;
use crate::present::border;
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
    pub(super) picture: bool,
}

#[derive(Clone)]
pub(super) struct Checker(Rc<RefCell<Inner>>);

struct Inner {
    told: Callback<Told>,
    worker: Option<Running>,
    wanted: Option<Wanted>,
    /// Whether `wanted` is newer than what was asked last.
    due: bool,
    /// What the worker has.
    held: Vec<Held>,
    seq: u64,
    asked: Option<Asked>,
    large: bool,
}

/// A file as the worker has it.
#[derive(PartialEq)]
struct Held {
    id: u32,
    version: u32,
    kind: Option<Rc<str>>,
    part_kinds: Vec<(u32, Rc<str>)>,
}

impl Held {
    fn of(file: &OpenFile) -> Held {
        Held { id: file.id, version: file.version, kind: file.kind.clone(), part_kinds: file.part_kinds.clone() }
    }
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
            inner.held.iter().map(|held| held.id).filter(|id| !readable.iter().any(|file| file.id == *id)).collect();
        let changed: Vec<&OpenFile> =
            readable.iter().copied().filter(|file| !inner.held.contains(&Held::of(file))).collect();
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
                    part_kinds: file.part_kinds.iter().map(|(part, kind)| (*part, kind.to_string())).collect(),
                })
                .collect(),
            removed,
            options: wanted.options.clone(),
            picture: wanted.picture,
        };
        let bytes = Uint8Array::from(border::to_bytes(&request).as_slice());
        if running.worker.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer())).is_err() {
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
        inner.held = readable.iter().map(|file| Held::of(file)).collect();
    }

    /// A message is the name of the worker's build, an answer, or a number: the worker's memory.
    fn hear(&self, message: &JsValue) {
        if let Some(bytes) = message.as_f64() {
            self.0.borrow_mut().large = bytes > MEMORY_BYTES;
            self.rest();
            return;
        }
        let told = match message.as_string() {
            Some(build) => {
                if let Some(running) = &mut self.0.borrow_mut().worker {
                    running.ready = true;
                }
                Some(Told::Ready(build))
            }
            None => self.answered(message),
        };
        self.ask();
        if let Some(told) = told {
            self.tell(told);
        }
    }

    fn answered(&self, message: &JsValue) -> Option<Told> {
        let answer: Answer = border::from_bytes(&message.dyn_ref::<Uint8Array>()?.to_vec())?;
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
