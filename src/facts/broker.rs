//! The addresses of brokers and result backends that the scopes say, one by one.

use super::scope::{Said, Scope};
use super::url::{self, Url};
use super::value::{Known, Value};
use super::{Facts, Process, Variant, containers};

/// The settings that hold a broker's address.
pub const BROKERS: [&str; 3] = ["broker_url", "broker_read_url", "broker_write_url"];

/// One address, and who uses it.
#[derive(Clone, Debug)]
pub struct Address<'a> {
    pub variant: &'a Variant,
    pub scope: &'a Scope,
    pub said: Said<'a>,
    pub url: Url,
    /// How many addresses the value holds.
    pub of: usize,
}

impl<'a> Address<'a> {
    pub fn process(&self) -> Option<&'a Process> {
        self.variant.processes.get(self.scope.process?)
    }

    pub fn container(&self) -> Option<&'a containers::Container> {
        self.variant.container_of(self.process()?)
    }
}

/// Every address of every broker setting. Where `broker_transport` is set it decides over the scheme, so we do not.
pub fn brokers(facts: &Facts) -> Vec<Address<'_>> {
    let mut found = Vec::new();
    for (variant, scope) in facts.scopes() {
        if scope.said("broker_transport").next().is_some() {
            continue;
        }
        for name in BROKERS {
            for said in scope.said(name) {
                let urls = url::addresses(said.known);
                let of = urls.len();
                found.extend(urls.into_iter().map(|url| Address { variant, scope, said: said.clone(), url, of }));
            }
        }
    }
    found
}

/// Every broker and every result backend that is one address.
pub fn all(facts: &Facts) -> Vec<Address<'_>> {
    let mut found = brokers(facts);
    for (variant, scope) in facts.scopes() {
        for said in scope.said("result_backend") {
            let Value::Text(template) = &said.known.value else { continue };
            let url = url::parse(template);
            found.push(Address { variant, scope, said, url, of: 1 });
        }
    }
    found
}

/// What a dictionary of transport options says of one option.
#[derive(Clone, Copy, Debug)]
pub enum TransportOption<'a> {
    Set(&'a Known),
    NotSet,
    /// The dictionary, or a key of it, is not known.
    Unknown,
}

/// An option in a value of `broker_transport_options` or its kin.
pub fn transport_option<'a>(options: &'a Known, name: &str) -> TransportOption<'a> {
    let Value::Dict(entries) = &options.value else { return TransportOption::Unknown };
    // Python keeps the last of equal keys.
    let set = entries.iter().rev().find(|(key, _)| key.whole_text().is_some_and(|key| key.as_str() == name));
    match set {
        Some((_, value)) => TransportOption::Set(value),
        None if entries.iter().all(|(key, _)| key.whole_text().is_some()) => TransportOption::NotSet,
        None => TransportOption::Unknown,
    }
}

/// How long a broker waits before it gives a message to somebody else, unless told otherwise: `None` where it does
/// not do that (kombu/transport/redis.py:1070, kombu/transport/SQS/__init__.py:368 in 5.7.0).
pub fn default_visibility_timeout(url: &Url) -> Option<f64> {
    if url.is_any(&["redis", "rediss", "sentinel"]) {
        Some(3600.0)
    } else if url.is_any(&["sqs"]) {
        Some(1800.0)
    } else {
        None
    }
}
