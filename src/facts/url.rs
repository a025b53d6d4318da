//! A broker or backend address, taken apart as kombu and Celery take it apart, with the place of every part.

use super::value::{HOLE, Hole, Template};
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
    /// After the first `/` behind the host.
    pub path: Option<Template>,
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
    let path = text[end..].starts_with('/').then(|| whole.slice(end + 1..text.len()));
    Url {
        whole: whole.clone(),
        scheme: whole.slice(0..colon),
        user,
        password,
        host: (!host.text.is_empty()).then_some(host),
        port,
        path,
        has_authority: true,
    }
}

impl Url {
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
    }
}
