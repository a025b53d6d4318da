//! Which RabbitMQ the deployment talks to: what the reader said, image tags, what the server's log says of itself.

use std::sync::OnceLock;

use regex_lite::Regex;

use super::{Piece, Variant};
use crate::catalogue::version::Version;
use crate::intake::Kind;
use crate::text::Text;

/// Everything that is known of RabbitMQ servers.
#[derive(Clone, Debug, Default)]
pub struct Rabbitmq {
    pub servers: Vec<Server>,
    /// Where a configuration of RabbitMQ speaks of a deprecated feature by its name, or of its timeout.
    permits: Vec<Text>,
}

/// One server, and the versions that it may be.
#[derive(Clone, Debug)]
pub struct Server {
    pub at_least: Version,
    /// The first version that it is not; `None`: nothing limits it.
    pub below: Option<Version>,
    /// Where the paste says it; `None`: the reader said it.
    pub at: Option<Text>,
}

impl Server {
    /// Whether it certainly is this version or a later one.
    pub fn is_from(&self, version: Version) -> bool {
        self.at_least >= version
    }

    /// Whether it may be.
    pub fn may_be_from(&self, version: Version) -> bool {
        self.below.is_none_or(|below| below > version)
    }

    /// What a tag leaves possible: `4.3.1`, `4.3-management`, `4`, `latest`, `management`.
    fn of_image(image: &Text) -> Option<Server> {
        let written = image.as_str();
        if written.contains(['$', '{', '@']) {
            return None;
        }
        let last = written.rsplit('/').next()?;
        let (name, tag) = last.split_once(':').unwrap_or((last, ""));
        (name == "rabbitmq").then_some(())?;
        let numbers: Vec<u32> = tag.split(['-', '.']).map_while(|part| part.parse().ok()).collect();
        let version = |major, minor, patch| Version { major, minor, patch };
        let (at_least, below) = match numbers[..] {
            [] => (version(0, 0, 0), None),
            [major] => (version(major, 0, 0), Some(version(major + 1, 0, 0))),
            [major, minor] => (version(major, minor, 0), Some(version(major, minor + 1, 0))),
            [major, minor, patch, ..] => (version(major, minor, patch), Some(version(major, minor, patch + 1))),
        };
        Some(Server { at_least, below, at: Some(image.clone()) })
    }
}

impl Rabbitmq {
    /// Whether a configuration in the paste names a deprecated feature, which it may permit, or `consumer_timeout`.
    pub fn speaks_of(&self, feature: &str) -> bool {
        self.permits.iter().any(|text| text.as_str().contains(feature))
    }

    pub(super) fn gather(pieces: &[Piece], variants: &[Variant], chosen: Option<Version>) -> Rabbitmq {
        let configured = |piece: &&Piece| {
            matches!(piece.kind, Kind::RabbitmqConf | Kind::RabbitmqAdvanced | Kind::Compose | Kind::Kubernetes)
                && ["deprecated_features", "consumer_timeout"].iter().any(|word| piece.text.as_str().contains(word))
        };
        let permits = pieces.iter().filter(configured).map(|piece| piece.text.clone()).collect();
        if let Some(version) = chosen {
            let below = Some(Version { patch: version.patch + 1, ..version });
            return Rabbitmq { servers: vec![Server { at_least: version, below, at: None }], permits };
        }
        let mut servers: Vec<Server> = Vec::new();
        for variant in variants {
            let run = variant.containers.iter().filter_map(|container| container.image.as_ref());
            let built = variant.images.iter().map(|image| &image.base);
            for server in run.chain(built).filter_map(Server::of_image) {
                let is_known =
                    servers.iter().any(|it| it.at.as_ref().map(Text::span) == server.at.as_ref().map(Text::span));
                if !is_known {
                    servers.push(server);
                }
            }
        }
        servers.extend(pieces.iter().filter(|piece| piece.kind == Kind::Log).filter_map(|piece| banner(&piece.text)));
        Rabbitmq { servers, permits }
    }
}

/// ` Starting RabbitMQ 3.13.1 on Erlang 26.2` of the server's own log.
fn banner(text: &Text) -> Option<Server> {
    static BANNER: OnceLock<Option<Regex>> = OnceLock::new();
    let banner = BANNER.get_or_init(|| Regex::new(r"Starting RabbitMQ (\d+\.\d+\.\d+)").ok()).as_ref()?;
    let mut end = text.len().min(256 * 1024);
    while !text.as_str().is_char_boundary(end) {
        end -= 1;
    }
    let found = banner.captures(&text.as_str()[..end])?.get(1)?;
    let version = Version::parse(found.as_str())?;
    let below = Some(Version { patch: version.patch + 1, ..version });
    Some(Server { at_least: version, below, at: Some(text.slice(found.start()..found.end())) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    #[test]
    fn tags_leave_versions_possible() {
        let server = |image: &str| Server::of_image(&Text::of_source(SourceId(0), image.into()));
        let from = |image: &str| {
            let server = server(image)?;
            let version = Version { major: 4, minor: 3, patch: 0 };
            Some((server.is_from(version), server.may_be_from(version)))
        };
        assert_eq!(from("rabbitmq:4.3.1-management-alpine"), Some((true, true)));
        assert_eq!(from("docker.io/library/rabbitmq:4.3-management"), Some((true, true)));
        assert_eq!(from("registry:5000/rabbitmq:4"), Some((false, true)));
        assert_eq!(from("rabbitmq"), Some((false, true)));
        assert_eq!(from("rabbitmq:management"), Some((false, true)));
        assert_eq!(from("rabbitmq:3.13-management"), Some((false, false)));
        assert_eq!(from("rabbitmq:4.2"), Some((false, false)));
        assert_eq!(from("rabbitmq:${TAG}"), None);
        assert_eq!(from("shop/rabbitmq-exporter:4.3"), None);
    }
}
