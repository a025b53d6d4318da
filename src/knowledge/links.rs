//! Every official page that a card names, once, with its Korean twin where the site has one.

use std::sync::OnceLock;

/// A section of an official page.
#[derive(Debug)]
pub struct Link {
    pub key: &'static str,
    pub url: &'static str,
    pub title: &'static str,
    pub lang: &'static str,
    /// The key of the same section in Korean; empty if there is none.
    pub korean: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/links.rs"));

/// Every link, in the order of the keys. The build packs them as lines of fields.
pub fn all() -> &'static [Link] {
    static ALL: OnceLock<Vec<Link>> = OnceLock::new();
    ALL.get_or_init(|| PACKED.lines().map(link).collect())
}

fn link(line: &'static str) -> Link {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or_default();
    Link { key: next(), url: next(), title: next(), lang: next(), korean: next() }
}

/// The link of a key.
pub fn find(key: &str) -> Option<&'static Link> {
    all().binary_search_by(|link| link.key.cmp(key)).ok().map(|index| &all()[index])
}
