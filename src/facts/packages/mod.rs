//! The Python packages that the paste asks for, and the Python that runs them.

pub mod pep440;
pub mod requirement;

pub use pep440::{PackageVersion, Specifiers};
pub use requirement::{Requirement, normalised};

use crate::catalogue::version::Version;
use crate::intake::Kind;
use crate::text::Text;

/// Everything that the paste says of packages.
#[derive(Clone, Debug, Default)]
pub struct Packages {
    pub lists: Vec<PackageList>,
    /// The Pythons of images, each place once.
    pub pythons: Vec<Python>,
}

/// One file, or one image, that names packages.
#[derive(Clone, Debug)]
pub struct PackageList {
    pub kind: Kind,
    pub does: ListDoes,
    pub requirements: Vec<Requirement>,
    /// Whether it installs more than it shows: another file, a folder, a variable.
    pub open: bool,
    /// `requires-python`, with its place.
    pub requires_python: Option<(Specifiers, Text)>,
}

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListDoes {
    /// What it names is installed, and what that needs as well.
    Install,
    /// It names everything: a lock, or what `pip freeze` prints.
    Lock,
    /// It only narrows versions.
    Constrain,
}

/// The Python of an image.
#[derive(Clone, Debug)]
pub struct Python {
    pub major: u32,
    pub minor: u32,
    /// The image's name, where it stands.
    pub at: Text,
}

/// Whether a package is installed, as far as the paste tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed {
    Yes,
    /// A lock names everything, and not this.
    No,
    /// The list that names Celery does not name this; something on it may bring it along.
    NotNamed,
    /// Nothing tells.
    Unknown,
}

impl Packages {
    /// Every requirement of a package that gets installed, by its normalised name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Requirement> {
        self.installing().flat_map(|list| &list.requirements).filter(move |it| it.name == name)
    }

    /// The lists that install what they name.
    pub fn installing(&self) -> impl Iterator<Item = &PackageList> {
        self.lists.iter().filter(|list| list.does != ListDoes::Constrain)
    }

    /// Whether one of some packages is installed: any of them will do.
    pub fn installed(&self, names: &[&str]) -> Installed {
        if names.iter().any(|name| self.named(name).next().is_some()) {
            return Installed::Yes;
        }
        let has_celery = |list: &&PackageList| list.requirements.iter().any(|it| it.name == "celery");
        if self.lists.iter().filter(has_celery).any(|list| list.does == ListDoes::Lock && !list.open) {
            return Installed::No;
        }
        if self.lists.iter().any(|list| list.open) || !self.installing().any(|list| has_celery(&list)) {
            return Installed::Unknown;
        }
        Installed::NotNamed
    }

    /// Celery's requirement that names one version, and the version.
    pub fn celery_pin(&self) -> Option<(&Requirement, Version)> {
        self.named("celery").find_map(|it| Some((it, it.specifiers.as_ref()?.exact()?)))
    }

    /// Whether a package is asked for with an extra, as in `celery[redis]`.
    pub fn has_extra(&self, package: &str, extra: &str) -> bool {
        self.lists
            .iter()
            .flat_map(|list| &list.requirements)
            .any(|it| it.name == package && it.extras.iter().any(|written| normalised(written.as_str()) == extra))
    }

    /// The Python of every image of the paste, if they agree.
    pub fn python(&self) -> Option<&Python> {
        let first = self.pythons.first()?;
        self.pythons.iter().all(|it| (it.major, it.minor) == (first.major, first.minor)).then_some(first)
    }
}

impl Python {
    /// The Python of an official image: `python:3.12-slim`, `docker.io/library/python:3.12`.
    pub fn of_image(image: &Text) -> Option<Python> {
        let written = image.as_str().split('@').next()?;
        let (name, tag) = written.rsplit_once(':')?;
        (name.rsplit('/').next() == Some("python")).then_some(())?;
        let mut numbers = tag.split(['-', '.']);
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.trim_end_matches(|c: char| !c.is_ascii_digit());
        // `3.14rc` and `3.14` alike.
        let minor = minor.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        Some(Python { major, minor, at: image.clone() })
    }

    /// As a version: the last patch, so that `>=3.7.2` does not keep an image of 3.7 out.
    pub fn version(&self) -> Version {
        Version { major: self.major, minor: self.minor, patch: 99 }
    }

    /// `3.12`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.major, self.minor)
    }
}
