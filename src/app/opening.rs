//! Files that were dropped or chosen: bytes become text here, in the browser.

use gloo::file::{File, FileList, futures::read_as_bytes};
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, TextDecoder, TextDecoderOptions};
use yew::Callback;

use super::action::{Action, Notice};

/// What came of a file.
enum Opened {
    Text {
        name: String,
        text: String,
    },
    /// Its bytes are no text in any encoding that we know.
    NotText {
        name: String,
    },
    /// The browser could not read it: a folder, or a file that has gone.
    NotRead {
        name: String,
    },
}

/// Reads and decodes a file.
async fn open(file: File) -> Opened {
    let name = file.name();
    match read_as_bytes(&file).await {
        Ok(bytes) => match decode(&bytes) {
            Some(text) => Opened::Text { name, text: with_line_feeds(&text) },
            None => Opened::NotText { name },
        },
        Err(_) => Opened::NotRead { name },
    }
}

/// UTF-8, else UTF-16 if a mark or the zeros of its Latin letters say so, else the old Korean encoding.
fn decode(bytes: &[u8]) -> Option<String> {
    if let Some(text) = decode_as("utf-8", bytes).filter(|text| !text.contains('\0')) {
        return Some(text);
    }
    let zeros = bytes.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
    if bytes.starts_with(&[0xff, 0xfe]) || zeros * 3 > bytes.len() {
        return decode_as("utf-16le", bytes);
    }
    decode_as("euc-kr", bytes).filter(|text| !text.contains('\0'))
}

fn decode_as(encoding: &str, bytes: &[u8]) -> Option<String> {
    let strict = TextDecoderOptions::new();
    strict.set_fatal(true);
    TextDecoder::new_with_label_and_options(encoding, &strict).ok()?.decode_with_u8_array(bytes).ok()
}

/// The editor counts every line end as one character, so the text that is checked has only line feeds.
pub(super) fn with_line_feeds(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// Opens files and reports each as it comes in.
pub(super) fn open_all(files: Vec<File>, act: Callback<Action>) {
    spawn_local(async move {
        let mut texts = Vec::new();
        let mut notice = None;
        for file in files {
            match open(file).await {
                Opened::Text { name, text } => texts.push((Some(name), text)),
                Opened::NotText { name } => notice = Some(Notice::FileNotText(name)),
                Opened::NotRead { name } => notice = Some(Notice::FileNotRead(name)),
            }
        }
        if !texts.is_empty() {
            act.emit(Action::Opened(texts));
        }
        if let Some(notice) = notice {
            act.emit(Action::Noticed(notice));
        }
    });
}

/// Lets the reader choose files; they are read here and go nowhere.
pub(super) fn choose_files(act: Callback<Action>) {
    let Ok(input) = document().create_element("input").map(JsCast::unchecked_into::<HtmlInputElement>) else {
        return;
    };
    input.set_type("file");
    input.set_multiple(true);
    let chosen = {
        let input = input.clone();
        Closure::once_into_js(move || {
            let files = input.files().map(|files| FileList::from(files).to_vec()).unwrap_or_default();
            open_all(files, act);
        })
    };
    input.set_onchange(Some(chosen.unchecked_ref()));
    input.click();
}

/// What the clipboard holds, if the browser and the reader allow it; otherwise the focus is in the editor already.
pub(super) fn paste(act: Callback<Action>) {
    act.emit(Action::FocusAsked);
    spawn_local(async move {
        let text = JsFuture::from(window().navigator().clipboard().read_text()).await;
        if let Some(text) = text.ok().and_then(|text| text.as_string()).filter(|text| !text.trim().is_empty()) {
            act.emit(Action::Pasted(text));
        }
    });
}
