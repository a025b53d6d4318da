//! Containers, images and Services: what starts processes, as which user, with which variables.

use super::copies::{Copies, Storage};
use super::environment::Environment;
use crate::intake::Kind;
use crate::read::command_line::CeleryCommand;
use crate::read::shell_words::Word;
use crate::text::Text;

/// Something that starts processes: a compose service, a container of a pod, an image run as it is.
#[derive(Clone, Debug)]
pub struct Container {
    pub name: String,
    /// The narrowest place that is the container: its key, its `name`, the final `FROM`.
    pub at: Text,
    pub kind: Kind,
    /// The image's name as written, if one is.
    pub image: Option<Text>,
    /// The Dockerfile in the paste that the image is certainly built from.
    pub built_from: Option<usize>,
    /// What Compose builds the image from, as written, whether the Dockerfile is in the paste or not.
    pub context: Option<Text>,
    /// The user that the container itself sets, over the image's.
    pub user: Option<UserSet>,
    pub group: Option<UserSet>,
    /// `runAsNonRoot: true`, and where.
    pub must_not_be_root: Option<Text>,
    /// Where the right to change the user was taken away, if it was.
    pub cannot_change_user: Option<Text>,
    pub environment: Environment,
    /// The env file or Secret that gives it variables which are not shown: its name.
    pub unshown_variables: Option<Text>,
    /// A script or program of the container's own as entrypoint that we do not see through: it may change the user.
    pub hidden_entrypoint: Option<Text>,
    /// A pasted entry script that does nothing with what it is given: its first line.
    pub swallowed_by: Option<Text>,
    /// What it runs, if the file says so; else the image decides.
    pub commands: Option<Vec<CeleryCommand>>,
    /// `entrypoint` of Compose, `command` of Kubernetes: what stands in place of the image's ENTRYPOINT and CMD.
    pub entrypoint: Option<Vec<Word>>,
    /// `command` of Compose, `args` of Kubernetes: what stands in place of the image's CMD.
    pub arguments: Option<Vec<Word>>,
    /// An operator of a shell that no shell reads, at the Celery behind it.
    pub unreached: Option<Text>,
    /// What is run in it besides to see whether it is well; `None` where the image decides.
    pub probes: Option<Vec<CeleryCommand>>,
    /// Where a port of it is published to other machines, if one is.
    pub published: Option<Text>,
    /// The script that it runs instead, which may be in the paste.
    pub script: Option<Script>,
    /// Whether it starts in another folder than its image says.
    pub is_moved: bool,
    /// The pod that it is a part of, in Kubernetes.
    pub pod: Option<Text>,
    /// The Kubernetes namespace; empty elsewhere.
    pub namespace: String,
    /// Whether Kubernetes puts the addresses of Services into its environment.
    pub service_links: bool,
    /// Whether a template may add to it.
    pub is_template: bool,
    /// Whether nothing but its own processes can answer on its `localhost`: it shares its network with nobody.
    pub is_alone_on_localhost: bool,
    /// The names besides its own by which others find it: `container_name`, `hostname`, aliases.
    pub aliases: Vec<String>,
    /// The policy by which its Redis throws keys away, where its command sets one: `allkeys-lru`.
    pub eviction: Option<Text>,
    /// The password that its Redis asks for, where its command sets one.
    pub requirepass: Option<Text>,
    /// Ports under which only those outside reach it: `6380` of `6380:6379`.
    pub moved_ports: Vec<Text>,
    /// A probe that asks Celery's workers and gives them a second at most: its place.
    pub impatient_probe: Option<Text>,
    /// A probe that asks a server in the container, which publishes no port.
    pub web_probe: Option<Text>,
    /// Variables that are refused as they are written, or set nothing.
    pub not_set: Vec<NotSet>,
    /// The networks of the compose file that it is on; every name, where files add up.
    pub networks: Vec<String>,
    /// Whether it may find hosts that are not in the file: links, extra hosts, networks from outside.
    pub sees_outside: bool,
    /// How many copies of it run, where a file says so; else one.
    pub copies: Option<Copies>,
    pub storage: Storage,
    /// The `profiles` without which Compose leaves it out.
    pub profiles: Option<Text>,
    /// What it may use at most.
    pub limits: Limits,
    /// How it is stopped.
    pub stop: Stop,
}

/// A script file that is started in place of Celery's program.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its path, as written.
    pub file: Text,
    /// Every word of the command, the script's own among them.
    pub arguments: Vec<String>,
}

/// What a WORKDIR holds of the folder of its Dockerfile.
#[derive(Clone, Debug)]
pub struct HeldContext {
    /// The WORKDIR; or the folder that is copied, where it is not all.
    pub at: Text,
    /// Where in the context this lies: empty for all of it.
    pub folder: String,
}

/// What is written for a variable, and why it sets none.
#[derive(Clone, Debug)]
pub enum NotSet {
    /// YAML takes the value for a number or a switch, where only a text is allowed.
    NoText(Text),
    /// An item of a list that has no equals sign.
    NoItem(Text),
    /// The key of a value of a Secret that is no base64.
    NoBase64(Text),
    /// A key that the ConfigMap or Secret does not have.
    NoKey { key: Text, is_of_secret: bool },
}

/// A file that a Dockerfile copies, as written on both sides.
#[derive(Clone, Debug)]
pub struct Copied {
    pub from: String,
    pub to: String,
}

/// What a container may use at most, as written: `500m`, `2`, `1.5`, `512Mi`.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub cpu: Option<Text>,
    pub memory: Option<Text>,
}

/// How a container is stopped.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// The seconds between the signal and SIGKILL, where the file says so.
    pub grace: Option<(u64, Text)>,
    /// The signal, where it is another one than SIGTERM.
    pub signal: Option<Text>,
    /// A hook that runs before the signal and may send one of its own.
    pub hook: Option<Text>,
}

/// Programs that answer requests of the web with an application in Python.
const WEB_SERVERS: [&str; 11] = [
    "gunicorn",
    "uvicorn",
    "hypercorn",
    "daphne",
    "uwsgi",
    "granian",
    "waitress-serve",
    "flask",
    "fastapi",
    "runserver",
    "runserver_plus",
];

impl Container {
    /// Whether it serves the web, as far as its own words tell, or those of its image where it has none.
    pub fn serves_the_web(&self, image: Option<&Image>) -> bool {
        let names_server = |line: &str| {
            let words = line.split(|it: char| it.is_whitespace() || matches!(it, ';' | '&' | '|'));
            words.map(|word| word.rsplit('/').next().unwrap_or(word)).any(|word| WEB_SERVERS.contains(&word))
        };
        let own = [&self.entrypoint, &self.arguments];
        if !self.has_words() {
            let script = image.and_then(|image| image.script.as_ref());
            return script.is_some_and(|script| script.arguments.iter().any(|word| names_server(word)));
        }
        own.into_iter().flatten().flatten().any(|word| names_server(word.as_str()))
    }

    /// Whether it says itself what it runs, in place of its image.
    pub fn has_words(&self) -> bool {
        self.entrypoint.is_some() || self.arguments.is_some()
    }

    /// Whether both certainly run one image.
    pub fn runs_image_of(&self, other: &Container) -> bool {
        let is_same = |own: &Option<Text>, its: &Option<Text>| {
            own.as_ref().is_some_and(|own| its.as_ref().is_some_and(|its| its.as_str() == own.as_str()))
        };
        match (&self.image, &other.image) {
            (Some(_), Some(_)) => is_same(&self.image, &other.image),
            _ if self.built_from.is_some() => self.built_from == other.built_from,
            _ => is_same(&self.context, &other.context),
        }
    }

    /// Whether no profile of Compose starts both: one is for `dev` and the other for `prod`.
    pub fn is_never_beside(&self, other: &Container) -> bool {
        let names = |profiles: &Text| -> Vec<String> {
            let is_name = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.');
            let words =
                profiles.as_str().split(|it: char| !is_name(it)).filter(|word| !word.is_empty() && *word != "-");
            words.map(str::to_owned).collect()
        };
        let (Some(one), Some(two)) = (&self.profiles, &other.profiles) else { return false };
        let one = names(one);
        names(two).iter().all(|name| !one.contains(name))
    }

    /// The seconds that the platform waits before SIGKILL; `None` if a variable decides.
    pub fn grace_seconds(&self) -> Option<u64> {
        match (&self.stop.grace, self.kind) {
            (Some((seconds, _)), _) => Some(*seconds),
            _ if self.is_template => None,
            // terminationGracePeriodSeconds of a pod; stop_grace_period of Compose.
            (None, Kind::Kubernetes) => Some(30),
            (None, Kind::Compose) => Some(10),
            (None, _) => None,
        }
    }
}

/// A user or group as a file names it.
#[derive(Clone, Debug)]
pub struct UserSet {
    /// The name or number as written, without the group behind a colon.
    pub name: Text,
}

impl UserSet {
    /// Whether it is root; `None` if a variable or template decides.
    pub fn is_root(&self) -> Option<bool> {
        let name = self.name.as_str().trim();
        if name.contains(['$', '{']) {
            return None;
        }
        Some(name.is_empty() || name == "root" || name.parse() == Ok(0_u32))
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<u32> {
        self.name.as_str().trim().parse().ok()
    }
}

/// An image as its Dockerfile builds it: the final stage.
#[derive(Clone, Debug)]
pub struct Image {
    /// The final stage's `FROM`.
    pub at: Text,
    /// The image that the stages come from in the end.
    pub base: Text,
    /// The last `USER` of the final stage or of the stages that it builds on.
    pub user: Option<UserSet>,
    pub group: Option<UserSet>,
    pub environment: Environment,
    pub commands: Vec<CeleryCommand>,
    /// What Docker runs in its containers besides: `HEALTHCHECK`.
    pub probes: Vec<CeleryCommand>,
    /// A HEALTHCHECK that asks a server in the container.
    pub web_probe: Option<Text>,
    /// An operator of a shell that no shell reads, at the Celery behind it.
    pub unreached: Option<Text>,
    /// A CMD or ENTRYPOINT that looks like a list and is no JSON, so that it is a shell's to read.
    pub broken_list: Option<Text>,
    /// Whether `SHELL` puts another shell in the place of `/bin/sh`.
    pub has_shell: bool,
    /// The words of an ENTRYPOINT in exec form, to which arguments are added.
    pub entrypoint: Vec<Word>,
    /// Whether its ENTRYPOINT has the shell form, which is given nothing.
    pub ignores_arguments: bool,
    /// What CMD gives Celery, where an ENTRYPOINT in shell form ignores it.
    pub unheard: Option<Text>,
    /// What a CMD gives Celery, where a later CMD of the same stage takes its place.
    pub overruled: Option<Text>,
    /// The script that it runs instead, which may be in the paste.
    pub script: Option<Script>,
    /// What the WORKDIR certainly holds as it is, where nothing is installed from it.
    pub holds_context: Option<HeldContext>,
    /// What COPY and ADD bring in, file by file.
    pub copied: Vec<Copied>,
    /// A script or program as ENTRYPOINT that we do not see through: it may change the user.
    pub hidden_entrypoint: Option<Text>,
    /// A pasted entry script that does nothing with what it is given: its first line.
    pub swallowed_by: Option<Text>,
    /// Whether it certainly creates no users or groups that we cannot read: no unreadable RUN, no copied passwd.
    pub creates_unknown_users: bool,
    /// `STOPSIGNAL`, where there is one.
    pub stop_signal: Option<Text>,
    /// The numbers and names of users and groups that RUN instructions create.
    pub users: Vec<String>,
    pub groups: Vec<String>,
}

/// The last part of an image's name: `rabbitmq` of `docker.io/bitnami/rabbitmq:3.13`.
pub fn image_name(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    let name = name.rsplit('/').next().unwrap_or(name);
    name.split(':').next().unwrap_or(name)
}

/// Whether an image is one of the servers that stand beside Celery.
pub fn is_a_server(image: &str) -> bool {
    ["rabbitmq", "redis", "valkey", "postgres", "mysql", "mariadb", "nginx", "memcached", "traefik"]
        .contains(&image_name(image))
}

/// Names of official images whose user is root unless a Dockerfile changes it (read off their Dockerfiles).
const ROOT_BASES: &[&str] = &[
    "alpine",
    "amazonlinux",
    "archlinux",
    "buildpack-deps",
    "busybox",
    "centos",
    "debian",
    "fedora",
    "node",
    "opensuse/leap",
    "oraclelinux",
    "pypy",
    "python",
    "rockylinux",
    "almalinux",
    "scratch",
    "ubuntu",
    "continuumio/miniconda3",
    "continuumio/anaconda3",
    "ghcr.io/astral-sh/uv",
    "tiangolo/uvicorn-gunicorn-fastapi",
    "nikolaik/python-nodejs",
    "mambaorg/micromamba-root",
];

impl Image {
    /// Whether the base image is known to run as root: an official image without a user of its own.
    pub fn base_runs_as_root(&self) -> bool {
        is_root_base(self.base.as_str())
    }
}

/// Whether an image's name is one of an official image that runs as root.
pub fn is_root_base(image: &str) -> bool {
    let name = image.split('@').next().unwrap_or(image);
    let name = match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    };
    let name = name.trim_start_matches("docker.io/").trim_start_matches("library/");
    ROOT_BASES.contains(&name)
}

/// A Kubernetes Service.
#[derive(Clone, Debug)]
pub struct Service {
    pub name: Text,
    pub namespace: String,
    /// Whether it has an address of its own, which pods get as variables.
    pub makes_variables: bool,
}

impl Service {
    /// The beginning of the variables that Kubernetes makes from it: `RABBITMQ_` of `rabbitmq`.
    pub fn variable_prefix(&self) -> String {
        format!("{}_", self.name.as_str().to_ascii_uppercase().replace('-', "_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_images_are_known_by_their_names() {
        for image in ["python:3.12-slim", "docker.io/library/python:3.12@sha256:abc", "debian", "library/ubuntu:24.04"]
        {
            assert!(is_root_base(image), "{image}");
        }
        for image in ["registry:5000/python:3.12", "bitnami/python", "myorg/app:1", "cgr.dev/chainguard/python"] {
            assert!(!is_root_base(image), "{image}");
        }
    }
}
