//! Floor 3: what the deployment says, from every source together, each fact with its evidence.
//!
//! The pasted files form one or more *variants* of a deployment. A variant has *processes* (workers, beat …),
//! wherever they are started, and *scopes*: the settings as one process sees them. Rules ask these, never syntax.

pub mod broker;
pub mod command;
pub mod containers;
pub mod copies;
pub mod daemons;
pub mod environment;
pub mod events;
pub mod flower;
mod gather;
pub mod ignores;
pub mod installed_apps;
pub mod modules;
pub mod packages;
pub mod paths;
pub mod process;
pub mod python;
pub mod queues;
pub mod rabbitmq;
pub mod schedule;
pub mod scope;
pub mod settings;
pub mod shadows;
pub mod tasks;
pub mod unexported;
pub mod url;
pub mod value;
pub mod version_set;
pub mod written;

pub use gather::gather;
pub use process::{Process, Role, StartsAs};
pub use scope::{Answer, Said, Scope};
pub use version_set::{VersionReason, VersionSet};

use crate::intake::Kind;
use crate::read::{Document, Trouble};
use crate::text::Text;

/// A file, or a part of a note, as it was read.
#[derive(Debug)]
pub struct Piece {
    /// The path of the file.
    pub path: String,
    /// The number of the part within its note, from 1; absent for a whole file.
    pub part: Option<usize>,
    pub kind: Kind,
    pub text: Text,
    pub document: Document,
    pub troubles: Vec<Trouble>,
    /// Whether it was read in parts, which are pieces of their own.
    pub in_parts: bool,
}

/// Everything that is known of the paste.
#[derive(Debug)]
pub struct Facts {
    pub variants: Vec<Variant>,
    pub celery: VersionSet,
    pub events: Vec<events::Event>,
    pub troubles: Vec<Trouble>,
    /// Files of a kind that has no reader, or of no kind that is known: the first line of each.
    pub unread: Vec<(Kind, Text)>,
    /// Comments that silence findings.
    pub ignores: Vec<ignores::Ignore>,
    /// The paths of the pasted files.
    pub files: Vec<String>,
    /// Which kinds were pasted: a question does not ask for what is there.
    pub kinds: Vec<Kind>,
    /// What the files are called.
    pub paths: paths::Paths,
    /// The Python packages that are asked for.
    pub packages: packages::Packages,
    /// What every Python file does with tasks.
    pub python_code: Vec<tasks::CodeFile>,
    /// Which RabbitMQ is spoken to.
    pub rabbitmq: rabbitmq::Rabbitmq,
    /// What sourced env files keep from the programs that scripts start.
    pub unexported: Vec<unexported::Unexported>,
    /// Django's apps, where the whole list is in view.
    pub installed_apps: Option<installed_apps::InstalledApps>,
    /// Django's `CACHES`, where one statement says them.
    pub django_caches: Option<value::Known>,
    /// The place of `USE_TZ = False`, where nothing tells django-celery-beat.
    pub django_without_zones: Option<crate::text::Text>,
    /// Where Django's settings put every request into a transaction.
    pub atomic_requests: Option<Text>,
}

/// One way in which the deployment is described.
#[derive(Debug, Default)]
pub struct Variant {
    pub name: String,
    pub processes: Vec<Process>,
    pub scopes: Vec<Scope>,
    /// The settings as containers see them that serve the web with the code of a process: they send tasks.
    pub web_scopes: Vec<Scope>,
    pub containers: Vec<containers::Container>,
    /// The variables of the `.env` file that Compose fills in.
    pub filled_in: environment::Environment,
    /// Units and programs that start processes without a container.
    pub daemons: Vec<daemons::Daemon>,
    pub images: Vec<containers::Image>,
    pub services: Vec<containers::Service>,
    /// Whether its name says that it is for development or tests: `compose.dev.yaml`.
    pub is_for_tests: bool,
    /// Whether it is a block of a note beside files that describe a deployment: it may show a part of one.
    pub is_excerpt: bool,
    /// ConfigMaps and Secrets that no container of the paste names, with their variables.
    pub unclaimed: Vec<(String, environment::Environment)>,
    /// The variables of env files that no container names.
    pub loose: environment::Environment,
}

impl Facts {
    /// Every process of every variant, with its variant.
    pub fn processes(&self) -> impl Iterator<Item = (&Variant, &Process)> {
        self.variants.iter().flat_map(|variant| variant.processes.iter().map(move |process| (variant, process)))
    }

    /// Every task whose definition was pasted, with its file.
    pub fn tasks(&self) -> impl Iterator<Item = (&tasks::CodeFile, &tasks::Task)> {
        self.python_code.iter().flat_map(|file| file.tasks.iter().map(move |task| (file, task)))
    }

    /// The definition of a task that is used somewhere.
    pub fn task(&self, reference: tasks::TaskRef) -> Option<&tasks::Task> {
        self.python_code.get(reference.file)?.tasks.get(reference.task)
    }

    /// Whether the code of a file certainly runs in the app of the settings at a place: no second app was pasted,
    /// or both stand in one file.
    pub fn is_of_one_app(&self, file: &tasks::CodeFile, setting: &Text) -> bool {
        let makes_app = |file: &&tasks::CodeFile| !file.wiring.apps.is_empty();
        file.source == setting.span().source || self.python_code.iter().filter(makes_app).count() <= 1
    }

    /// The file of Python code that a place stands in.
    pub fn code_file_of(&self, at: &Text) -> Option<&tasks::CodeFile> {
        self.python_code.iter().find(|file| file.source == at.span().source)
    }

    /// Every scope of every variant, with its variant.
    pub fn scopes(&self) -> impl Iterator<Item = (&Variant, &Scope)> {
        self.variants.iter().flat_map(|variant| variant.scopes.iter().map(move |scope| (variant, scope)))
    }
}

impl Variant {
    /// The unit or program that starts a process.
    pub fn daemon_of(&self, process: &Process) -> Option<&daemons::Daemon> {
        self.daemons.get(process.daemon?)
    }

    /// How many copies of a process run, where a file says so.
    pub fn copies_of(&self, process: &Process) -> Option<&copies::Copies> {
        let of_daemon = self.daemon_of(process).and_then(|daemon| daemon.copies.as_ref());
        of_daemon.or_else(|| self.container_of(process)?.copies.as_ref())
    }

    /// The container that starts a process.
    pub fn container_of(&self, process: &Process) -> Option<&containers::Container> {
        self.containers.get(process.container?)
    }

    /// The image that a process runs in, if its Dockerfile is in the paste.
    pub fn image_of(&self, process: &Process) -> Option<&containers::Image> {
        let index = process.image.or_else(|| self.container_of(process)?.built_from)?;
        self.images.get(index)
    }

    /// The scope of a process.
    pub fn scopes_of<'a>(&'a self, process: &'a Process) -> impl Iterator<Item = &'a Scope> {
        self.scopes.iter().filter(move |scope| scope.process == Some(process.number))
    }
}
