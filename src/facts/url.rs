//! A broker or backend address, taken apart as kombu and Celery take it apart, with the place of every part.

use super::value::{HOLE, Hole, Known, Template, Value};
use crate::text::Text;

/// The parts of an address. Parts that it does not have are absent.
#[derive(Clone, Debug)]
pub struct Url {
    pub whole: Template,
    /// Before `://`; with `+` (as in `db+postgresql`) whole.
    pub scheme: Template,
    pub user: Option<Template>,
    pub password: Option<Template>,
    pub host: Option<Template>,
    pub port: Option<Template>,
    /// After the first `/` behind the host, up to the query.
    pub path: Option<Template>,
    /// After the `?`, up to a `#`.
    pub query: Option<Template>,
    /// Whether `://` was there at all.
    pub has_authority: bool,
}

/// Takes an address apart. A text without `://` is a bare scheme or alias, as in `result_backend = "rpc"`.
pub fn parse(whole: &Template) -> Url {
    let text = whole.as_str();
    let Some(colon) = text.find("://") else {
        return Url {
            whole: whole.clone(),
            scheme: whole.clone(),
            user: None,
            password: None,
            host: None,
            port: None,
            path: None,
            query: None,
            has_authority: false,
        };
    };
    let start = colon + 3;
    // As Python's urlsplit: the authority ends at the first `/`, `?` or `#`.
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    let (user, password, host_start) = match text[start..end].rfind('@') {
        Some(at) => {
            let at = start + at;
            match text[start..at].find(':') {
                Some(colon) => {
                    (Some(whole.slice(start..start + colon)), Some(whole.slice(start + colon + 1..at)), at + 1)
                }
                None => (Some(whole.slice(start..at)), None, at + 1),
            }
        }
        None => (None, None, start),
    };
    let authority = &text[host_start..end];
    // An IPv6 address stands in brackets; its colons are no port.
    let port_colon = match authority.rfind(']') {
        Some(bracket) => authority[bracket..].find(':').map(|at| bracket + at),
        None => authority.rfind(':'),
    };
    let (host, port) = match port_colon {
        Some(at) => (whole.slice(host_start..host_start + at), Some(whole.slice(host_start + at + 1..end))),
        None => (whole.slice(host_start..end), None),
    };
    // The fragment is dropped, the query is read apart (kombu/utils/url.py, parse_url).
    let fragment = text[end..].find('#').map_or(text.len(), |at| end + at);
    let question = text[end..fragment].find('?').map(|at| end + at);
    let path_end = question.unwrap_or(fragment);
    let path = text[end..].starts_with('/').then(|| whole.slice(end + 1..path_end));
    let query = question.map(|at| whole.slice(at + 1..fragment));
    Url {
        whole: whole.clone(),
        scheme: whole.slice(0..colon),
        user,
        password,
        host: (!host.text.is_empty()).then_some(host),
        port,
        path,
        query,
        has_authority: true,
    }
}

/// Every address of a broker setting: a string may hold several with `;` between them, and so may a list
/// (kombu/connection.py:160 in 5.7.0).
pub fn addresses(known: &Known) -> Vec<Url> {
    match &known.value {
        Value::Text(template) => split(template).iter().map(parse).collect(),
        Value::List(items) => items.iter().filter_map(Known::text).map(parse).collect(),
        _ => Vec::new(),
    }
}

/// The parts between `;`. A `;` inside a password splits the address too, as in kombu.
fn split(whole: &Template) -> Vec<Template> {
    let text = whole.as_str();
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(';') {
        parts.push(whole.slice(start..at));
        start = at + 1;
    }
    parts.push(whole.slice(start..text.len()));
    parts
}

/// A sign in the user's name or the password that ends the address too early.
#[derive(Clone, Debug)]
pub struct Misread {
    pub sign: Text,
    pub harm: Harm,
}

/// What becomes of an address with such a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// It cannot be read: a ValueError on every Python.
    Unreadable,
    /// Only newer Pythons refuse it.
    DependsOnPython,
    /// It is read, but as another host.
    OtherHost,
}

/// The first sign between `://` and the last `@` that has to be encoded there. `several` if a `;` separates addresses.
///
/// `@`, `:`, `+`, `!` and the like are read rightly (run with kombu 4.6.11, 5.3.7 and 5.7.0).
pub fn misread(whole: &Template, several: bool) -> Option<Misread> {
    let text = whole.as_str();
    let start = text.find("://")? + 3;
    let rest = &text[start..];
    // Several addresses in one string are no password.
    let end = start + rest.find("://").map_or(rest.len(), |next| rest[..next].rfind(';').unwrap_or(0));
    let at = start + text[start..end].rfind('@')?;
    let found = |offset: usize, harm| {
        let length = text[offset..].chars().next().map_or(0, char::len_utf8);
        Some(Misread { sign: whole.slice(offset..offset + length).whole()?.clone(), harm })
    };
    let ends_early = |c: char| matches!(c, '/' | '?' | '#') || (several && c == ';');
    if let Some(offset) = text[start..at].find(ends_early) {
        let offset = start + offset;
        let authority = &text[start..offset];
        if authority.contains('@') {
            // The user ended before: this `@` belongs to the path or the query.
            return None;
        }
        let (_, port) = authority.split_once(':')?;
        if authority.contains(HOLE) {
            return None;
        }
        if port.parse::<u16>().is_err() {
            return found(offset, Harm::Unreadable);
        }
        // `host:5672/my@vhost` is right; `user:12/x@host:5672/` is not.
        let behind = &text[at + 1..end];
        let looks_like_host = text.as_bytes()[offset] == b'/' && behind.contains(['/', ':']);
        return if looks_like_host { found(offset, Harm::OtherHost) } else { None };
    }
    let bracket = start + text[start..at].find(['[', ']'])?;
    let open = text[start..at].matches('[').count();
    let close = text[start..at].matches(']').count();
    found(bracket, if open == close { Harm::DependsOnPython } else { Harm::Unreadable })
}

impl Url {
    /// The scheme as kombu looks it up: in small letters, without what follows a `+`.
    pub fn transport(&self) -> Option<String> {
        Some(self.scheme_name()?.as_str().to_ascii_lowercase())
    }

    /// Whether the scheme is one of these.
    pub fn is_any(&self, schemes: &[&str]) -> bool {
        self.has_authority && self.transport().is_some_and(|scheme| schemes.contains(&scheme.as_str()))
    }

    /// The value of a query parameter; `None` if the address does not have it.
    pub fn parameter(&self, name: &str) -> Option<Template> {
        let query = self.query.as_ref()?;
        let text = query.as_str();
        let mut start = 0;
        for pair in text.split('&') {
            let value = pair.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
            if value.is_some() {
                return Some(query.slice(start + name.len() + 1..start + pair.len()));
            }
            start += pair.len() + 1;
        }
        None
    }

    /// Whether a parameter may stand in a part of the query that is not known.
    pub fn may_have_more_parameters(&self) -> bool {
        [&self.query, &self.path].into_iter().flatten().any(|part| !part.holes.is_empty())
    }

    /// The host, if it is written out.
    pub fn known_host(&self) -> Option<Text> {
        self.host.as_ref()?.whole().cloned()
    }

    /// Whether the host is the machine itself; `None` if it is not known.
    pub fn is_local(&self) -> Option<bool> {
        let Some(host) = &self.host else { return Some(true) };
        let host = host.whole()?.as_str().trim_matches(['[', ']']).to_ascii_lowercase();
        let address = host.parse::<std::net::IpAddr>();
        Some(host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|it| it.is_loopback()))
    }

    /// The scheme without a driver: `db` of `db+postgresql`; `None` if a part of it is not known.
    pub fn scheme_name(&self) -> Option<Text> {
        let scheme = self.scheme.whole()?;
        let end = scheme.as_str().find('+').unwrap_or(scheme.len());
        Some(scheme.slice(0..end))
    }

    /// The holes of the address, each with the name of the part that it stands in.
    pub fn holes(&self) -> impl Iterator<Item = (&'static str, &Hole)> {
        [
            ("user", self.user.as_ref()),
            ("password", self.password.as_ref()),
            ("host", self.host.as_ref()),
            ("port", self.port.as_ref()),
            ("path", self.path.as_ref()),
        ]
        .into_iter()
        .flat_map(|(name, part)| part.into_iter().flat_map(move |part| part.holes.iter().map(move |hole| (name, hole))))
    }

    /// Whether a part is nothing but the value of one variable.
    pub fn is_one_hole(part: &Template) -> bool {
        part.holes.len() == 1 && part.as_str().chars().eq([HOLE])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn parts(url: &str) -> Vec<Option<String>> {
        let url = parse(&Template::plain(Text::of_source(SourceId(0), url.into())));
        [Some(url.scheme), url.user, url.password, url.host, url.port, url.path]
            .into_iter()
            .map(|part| part.map(|part| part.as_str().to_owned()))
            .collect()
    }

    #[test]
    fn addresses_are_taken_apart_as_kombu_does() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            parts("amqp://u:p@ss@h:5672/v"),
            [some("amqp"), some("u"), some("p@ss"), some("h"), some("5672"), some("v")]
        );
        assert_eq!(parts("redis://[::1]:6379/0"), [some("redis"), None, None, some("[::1]"), some("6379"), some("0")]);
        assert_eq!(parts("rpc://"), [some("rpc"), None, None, None, None, None]);
        assert_eq!(parts("amqp"), [some("amqp"), None, None, None, None, None]);
        assert_eq!(parts("rediss://h/0?a=1#x")[5], some("0"));
    }

    fn plain(url: &str) -> Template {
        Template::plain(Text::of_source(SourceId(0), url.into()))
    }

    #[test]
    fn parameters_are_found_by_name() {
        let url = parse(&plain("rediss://h:6379/0?ssl_cert_reqs=required&x=1"));
        assert_eq!(url.parameter("ssl_cert_reqs").map(|it| it.as_str().to_owned()), Some("required".to_owned()));
        assert_eq!(url.parameter("x").map(|it| it.as_str().to_owned()), Some("1".to_owned()));
        assert!(url.parameter("cert_reqs").is_none());
    }

    #[test]
    fn several_addresses_are_several() {
        let known = Known { value: Value::Text(plain("amqp://a//;amqp://b//")), at: plain("x").text };
        let hosts: Vec<_> = addresses(&known).iter().filter_map(Url::known_host).collect();
        assert_eq!(hosts.iter().map(Text::as_str).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn signs_that_end_an_address_are_told_from_those_that_do_not() {
        let sign = |url: &str| misread(&plain(url), true).map(|it| (it.sign.as_str().to_owned(), it.harm));
        let some = |sign: &str, harm| Some((sign.to_owned(), harm));
        assert_eq!(sign("amqp://u:p/x@h//"), some("/", Harm::Unreadable));
        assert_eq!(sign("redis://:p#x@h/0"), some("#", Harm::Unreadable));
        assert_eq!(sign("amqp://u:p;x@h//"), some(";", Harm::Unreadable));
        assert_eq!(sign("amqp://u:p[x@h//"), some("[", Harm::Unreadable));
        assert_eq!(sign("amqp://u:p[x]@h//"), some("[", Harm::DependsOnPython));
        assert_eq!(sign("amqp://u:12/x@h:5672//"), some("/", Harm::OtherHost));
        for right in [
            "amqp://u:p@ss:w+rd!*@h//",
            "amqp://u:p%2Fx@h//",
            "amqp://h:5672/my@vhost",
            "redis://h:6379/0?client=a@b",
            "amqp://u:p@h/v@w",
            "amqp://u:p@[::1]:5672//",
            "amqp://a//;amqp://u:p@b//",
            "redis://:p@h/0;redis://:p@i/0",
        ] {
            assert_eq!(sign(right), None, "{right}");
        }
    }
}
