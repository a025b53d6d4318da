//! The addresses of brokers and result backends that the scopes say, one by one.

use super::scope::{Said, Scope};
use super::settings::Source;
use super::url::{self, Url};
use super::value::{Known, Value};
use super::{Facts, Process, Variant, containers};
use crate::text::Text;

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
        let of_web = || self.variant.containers.get(self.scope.container?);
        self.process().and_then(|process| self.variant.container_of(process)).or_else(of_web)
    }

    /// Whether a part of the address comes from an env file or a Secret.
    pub fn is_in_env_file(&self, part: &Text) -> bool {
        let origins = part.origins();
        let places = || std::iter::once(part.span()).chain(origins.iter().map(Text::span));
        let mine = self.process().map(|process| &process.environment);
        let of_containers = self.variant.containers.iter().map(|container| &container.environment);
        mine.into_iter().chain(of_containers).chain([&self.variant.loose, &self.variant.filled_in]).any(|environment| {
            environment.iter().any(|(_, variable)| {
                let value = variable.value.as_ref().filter(|_| variable.in_env_file);
                value.is_some_and(|value| places().any(|place| value.text.span().contains(place)))
            })
        })
    }

    /// Whether the address is set from outside the code, or in code that certainly nobody overrules.
    pub fn certainly_holds(&self) -> bool {
        !self.said.is_conditional() && (self.said.setting.source > Source::Python || self.scope.closed)
    }
}

/// Whether nothing in a container can be a broker: it is alone on its localhost, and starts nothing but what is shown.
pub fn has_no_broker_inside(variant: &Variant, container: &containers::Container) -> Inside {
    if !container.is_alone_on_localhost {
        return Inside::MayBe;
    }
    let entrypoint_is_seen = container.hidden_entrypoint.is_none()
        && container
            .built_from
            .and_then(|image| variant.images.get(image))
            .is_some_and(|image| image.hidden_entrypoint.is_none());
    let broker_is_beside = variant.containers.iter().any(|beside| {
        beside.image.as_ref().is_some_and(|image| is_broker_image(image.as_str())) && beside.name != container.name
    });
    if entrypoint_is_seen || broker_is_beside { Inside::Nothing } else { Inside::Unknown }
}

/// Whether a broker may answer on a container's own localhost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    Nothing,
    MayBe,
    /// An image or script that was not shown may start one.
    Unknown,
}

fn is_broker_image(image: &str) -> bool {
    ["rabbitmq", "redis", "valkey", "redis-stack", "redis-stack-server", "keydb", "dragonfly"]
        .contains(&containers::image_name(image))
}

/// Every address of every broker setting. Where `broker_transport` is set it decides over the scheme, so we do not.
pub fn brokers(facts: &Facts) -> Vec<Address<'_>> {
    facts.scopes().flat_map(|(variant, scope)| brokers_of(variant, scope)).collect()
}

fn brokers_of<'a>(variant: &'a Variant, scope: &'a Scope) -> Vec<Address<'a>> {
    let mut found = Vec::new();
    if scope.said("broker_transport").next().is_none() {
        for said in BROKERS.into_iter().flat_map(|name| scope.said(name)) {
            let urls = url::addresses(said.known);
            let of = urls.len();
            found.extend(urls.into_iter().map(|url| Address { variant, scope, said: said.clone(), url, of }));
        }
    }
    found
}

/// Every broker and every result backend that is one address.
pub fn all(facts: &Facts) -> Vec<Address<'_>> {
    all_of(facts.scopes())
}

/// The same, and those of containers that serve the web with the code of a process.
pub fn all_and_of_web(facts: &Facts) -> Vec<Address<'_>> {
    let of_web = facts.variants.iter().flat_map(|it| it.web_scopes.iter().map(move |scope| (it, scope)));
    all_of(facts.scopes().chain(of_web))
}

fn all_of<'a>(scopes: impl Iterator<Item = (&'a Variant, &'a Scope)>) -> Vec<Address<'a>> {
    let scopes: Vec<_> = scopes.collect();
    let mut found: Vec<Address<'a>> = scopes.iter().flat_map(|(variant, scope)| brokers_of(variant, scope)).collect();
    for (variant, scope) in scopes {
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
