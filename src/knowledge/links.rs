//! Every official page that a card names, once, with its Korean twin where the site has one.

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

/// The link of a key.
pub fn find(key: &str) -> Option<&'static Link> {
    LINKS.binary_search_by(|link| link.key.cmp(key)).ok().map(|index| &LINKS[index])
}
