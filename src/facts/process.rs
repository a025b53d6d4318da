//! A process of Celery and the user that it starts as.

use super::Variant;
use super::command::{Given, GivenBy};
use super::containers::{UserSet, is_root_base};
use super::environment::Environment;
use crate::intake::Kind;
use crate::read::command_line::CeleryCommand;
use crate::text::Text;

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Worker,
    Beat,
    Flower,
    /// `inspect`, `purge`, `call` …: does its work and ends.
    OneOff,
    /// The sub-command does not exist or is not shown.
    Unknown,
}

/// Something that starts Celery's program.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its number within the variant.
    pub number: usize,
    /// What people call it: the service, the container, the node; else the sub-command.
    pub name: String,
    pub role: Role,
    pub command: CeleryCommand,
    /// The kind of input that starts it.
    pub kind: Kind,
    /// Indices into the variant's lists.
    pub container: Option<usize>,
    pub image: Option<usize>,
    /// The unit or program that starts it: an index into the variant's list.
    pub daemon: Option<usize>,
    pub environment: Environment,
    /// The options that it is given, each once: by the command line, else by a variable.
    pub given: Vec<Given>,
}

/// Who a process is when Celery's program begins, before `--uid`.
#[derive(Clone, Debug)]
pub enum StartsAs {
    Root(Because),
    /// Not root; the place that says so.
    Somebody(Text),
    /// A file that was not pasted decides, or a variable.
    Unknown,
}

/// Why a process is root.
#[derive(Clone, Debug)]
pub enum Because {
    /// A file says root: the place of the word.
    Said { at: Text, kind: Kind },
    /// The image comes from one that runs as root and changes nothing; its `FROM`, and the base's name.
    ImageWithoutUser { at: Text, base: Text },
    /// The container runs an official image that runs as root; the container's place and the image.
    OfficialImage { at: Text, image: Text, kind: Kind },
    /// A unit of the system sets no user; its command line.
    UnitWithoutUser { at: Text },
}

impl Process {
    pub fn role_of(command: &CeleryCommand) -> Role {
        match command.subcommand.as_ref().map(Text::as_str) {
            Some("worker") => Role::Worker,
            Some("beat") => Role::Beat,
            Some("flower") => Role::Flower,
            Some(name) if crate::knowledge::celery::subcommands().any(|known| known == name) => Role::OneOff,
            None if command.has_own_app => match command.old_program() {
                Some("celeryd" | "celeryd_detach") => Role::Worker,
                Some("celerybeat") => Role::Beat,
                _ => Role::Unknown,
            },
            _ => Role::Unknown,
        }
    }

    /// An option by its long name, from the command line or from the environment.
    pub fn option(&self, long: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.row.means == long)
    }

    /// Whether an option certainly reaches the program. A variable of a loose env file may be meant for something
    /// else, such as the interpolation of Compose.
    pub fn certainly_has(&self, given: &Given) -> bool {
        let is_own = || self.command.environment.iter().any(|(name, _)| name.span() == given.written.span());
        let is_started_with = self.container.is_some() || self.image.is_some() || self.daemon.is_some();
        given.by == GivenBy::CommandLine || is_started_with || is_own()
    }

    /// Whether Celery itself changes to another user, and where it is told to.
    pub fn changes_user(&self) -> Option<&Text> {
        self.command.uses("--uid").next().map(|option| &option.written)
    }

    /// Whether an entrypoint that was not shown may change the user before it starts Celery.
    fn is_behind_a_script(&self, variant: &Variant) -> bool {
        match variant.container_of(self) {
            // A Kubernetes `command` or compose `entrypoint` replaces the image's ENTRYPOINT.
            Some(container) if container.entrypoint.is_some() => container.hidden_entrypoint.is_some(),
            _ => variant.image_of(self).is_some_and(|image| image.hidden_entrypoint.is_some()),
        }
    }

    /// Who the process is when it begins.
    pub fn starts_as(&self, variant: &Variant) -> StartsAs {
        if let Some((user, _)) = &self.command.runs_as {
            let user = UserSet { name: user.clone() };
            return by_user(&user, self.kind);
        }
        if let Some(daemon) = variant.daemon_of(self) {
            return match &daemon.user {
                // A specifier decides.
                Some(user) if user.name.as_str().contains('%') => StartsAs::Unknown,
                Some(user) => by_user(user, daemon.kind),
                None if daemon.is_root_otherwise => {
                    StartsAs::Root(Because::UnitWithoutUser { at: self.command.program.clone() })
                }
                None => StartsAs::Unknown,
            };
        }
        if let Some(container) = variant.container_of(self) {
            if let Some(user) = &container.user {
                let by_container = by_user(user, container.kind);
                let may_change = matches!(by_container, StartsAs::Root(_)) && self.is_behind_a_script(variant);
                return if may_change { StartsAs::Unknown } else { by_container };
            }
            if let Some(at) = &container.must_not_be_root {
                return StartsAs::Somebody(at.clone());
            }
        }
        if let Some(image) = variant.image_of(self) {
            if let Some(user) = &image.user {
                let by_image = by_user(user, Kind::Dockerfile);
                // Root can become anybody; anybody else cannot become root.
                let may_change = matches!(by_image, StartsAs::Root(_)) && self.is_behind_a_script(variant);
                return if may_change { StartsAs::Unknown } else { by_image };
            }
            if !self.is_behind_a_script(variant) && image.base_runs_as_root() {
                return StartsAs::Root(Because::ImageWithoutUser { at: image.at.clone(), base: image.base.clone() });
            }
            return StartsAs::Unknown;
        }
        match variant.container_of(self) {
            Some(container) => match &container.image {
                Some(image)
                    if is_root_base(image.as_str()) && !container.is_template && !self.is_behind_a_script(variant) =>
                {
                    StartsAs::Root(Because::OfficialImage {
                        at: container.at.clone(),
                        image: image.clone(),
                        kind: container.kind,
                    })
                }
                _ => StartsAs::Unknown,
            },
            None => StartsAs::Unknown,
        }
    }
}

fn by_user(user: &UserSet, kind: Kind) -> StartsAs {
    match user.is_root() {
        Some(true) => StartsAs::Root(Because::Said { at: user.name.clone(), kind }),
        Some(false) => StartsAs::Somebody(user.name.clone()),
        None => StartsAs::Unknown,
    }
}
