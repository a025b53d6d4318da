//! "Where do my results go?": the result backend.

use super::Rule;
use crate::facts::url::{self, Url};
use crate::facts::value::{Known, Value};
use crate::facts::{Said, Scope};
use crate::text::Text;

mod cache_backend_unknown;
mod database_url_malformed;
mod redis_backend_use_ssl_not_a_dict;
mod redis_cert_reqs_missing;
mod redis_cert_reqs_unknown;
mod redis_certificate_unchecked;
mod redis_database_not_a_number;
mod redis_password_as_user;
mod redis_ssl_without_rediss;
mod result_backend_always_retry_endless;
mod result_backend_amqp;
mod result_backend_file_in_containers;
mod result_backend_incomplete;
mod result_backend_rpc_one_reader;
mod result_backend_same_as_broker;
mod result_backend_unknown;
mod result_chord_polling_often;
mod result_expires_never;
mod result_expires_without_beat;
mod transport_in_memory;

pub(super) const RULES: &[Rule] = &[
    result_backend_amqp::RULE,
    result_backend_same_as_broker::RULE,
    result_backend_unknown::RULE,
    result_backend_incomplete::RULE,
    cache_backend_unknown::RULE,
    result_backend_rpc_one_reader::RULE,
    result_backend_file_in_containers::RULE,
    result_backend_always_retry_endless::RULE,
    result_chord_polling_often::RULE,
    result_expires_never::RULE,
    result_expires_without_beat::RULE,
    redis_backend_use_ssl_not_a_dict::RULE,
    redis_cert_reqs_missing::RULE,
    redis_cert_reqs_unknown::RULE,
    redis_certificate_unchecked::RULE,
    redis_database_not_a_number::RULE,
    redis_password_as_user::RULE,
    redis_ssl_without_rediss::RULE,
    transport_in_memory::RULE,
    database_url_malformed::RULE,
];

/// A result backend that somebody set, as far as it is known which.
struct Backend<'a> {
    said: Said<'a>,
    url: Url,
    /// What Celery looks up: the part before `+` or `://`, or the whole text.
    alias: Text,
}

/// The result backends that a scope may have.
fn backends(scope: &Scope) -> impl Iterator<Item = Backend<'_>> {
    scope.said("result_backend").filter_map(|said| {
        let url = url::parse(said.text()?);
        let alias = url.scheme_name()?;
        Some(Backend { said, url, alias })
    })
}

/// Backends that speak to Redis.
fn is_redis(alias: &str) -> bool {
    matches!(alias, "redis" | "rediss" | "sentinel")
}

/// The value of a parameter behind `?`, as far as no part of it is unknown.
fn parameter(url: &Url, name: &str) -> Option<Text> {
    parameters(url).find(|(known, _)| known.as_str() == name).map(|(_, value)| value)
}

/// The parameters behind `?`: names and values that are known.
fn parameters(url: &Url) -> impl Iterator<Item = (Text, Text)> + '_ {
    let text = url.whole.as_str();
    let start = text.find('?').map_or(text.len(), |at| at + 1);
    let mut at = start;
    text[start..].split('&').filter_map(move |pair| {
        let begin = at;
        at += pair.len() + 1;
        let equals = begin + pair.find('=')?;
        let name = url.whole.slice(begin..equals);
        let value = url.whole.slice(equals + 1..begin + pair.len());
        Some((name.whole()?.clone(), value.whole()?.clone()))
    })
}

/// Whether unknown text may hide a parameter: a hole behind the host or in the query.
fn may_have_more_parameters(url: &Url) -> bool {
    let path = url.path.as_ref().is_some_and(|path| !path.holes.is_empty());
    let text = url.whole.as_str();
    let query = text.find('?').is_some_and(|at| url.whole.holes.iter().any(|hole| hole.at > at));
    let host = url.path.is_none() && url.whole.holes.iter().any(|hole| hole.at + 3 >= text.len());
    path || query || host
}

/// The value behind a key of a dictionary.
fn entry<'a>(said: &Said<'a>, key: &str) -> Option<&'a Known> {
    let Value::Dict(entries) = &said.known.value else { return None };
    entries.iter().find(|(name, _)| name.whole_text().is_some_and(|name| name.as_str() == key)).map(|(_, value)| value)
}
