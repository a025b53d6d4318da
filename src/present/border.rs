//! How views cross the border between page and worker: as bytes, field after field, without names.
//!
//! Both sides are built from one source and named by one page, so nothing has to understand another build's bytes;
//! what does not fit is refused all the same.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request or an answer as bytes.
pub fn to_bytes(message: &impl Serialize) -> Vec<u8> {
    // Plain data of known length; nothing in it can fail.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// What was sent; nothing where the bytes are of something else.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Some(message),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::view::{Answer, Options, Pasted, Request};

    #[test]
    fn what_is_sent_arrives_and_what_is_cut_is_refused() {
        let file = Pasted {
            id: 3,
            version: 7,
            name: "메모.md".into(),
            text: "# 셀러리\n".into(),
            kind: None,
            part_kinds: vec![(2, "log".into())],
        };
        let options = Options { celery: Some("5.3.6".into()), rabbitmq: None };
        let request = Request { seq: 1 << 40, changed: vec![file], removed: vec![1, 2], options, picture: true };
        let bytes = to_bytes(&request);
        assert_eq!(from_bytes(&bytes), Some(request));
        assert_eq!(from_bytes::<Request>(&bytes[..bytes.len() - 1]), None);
        assert_eq!(from_bytes::<Request>(&[&bytes[..], &[0]].concat()), None);
        let answer = Answer { seq: 9, ..Answer::default() };
        assert_eq!(from_bytes(&to_bytes(&answer)), Some(answer));
    }
}
