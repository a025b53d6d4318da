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
    /// Whether it overrules what packages ask for, as uv and PDM can.
    pub overrules: bool,
}

impl PackageList {
    /// A list that hides nothing, and asks for no certain Python.
    pub fn new(kind: Kind, does: ListDoes, requirements: Vec<Requirement>) -> PackageList {
        PackageList { kind, does, requirements, open: false, requires_python: None, overrules: false }
    }
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
        // What is installed from elsewhere may be anything.
        if self.lists.iter().any(|list| list.open) {
            return Installed::Unknown;
        }
        let has_celery = |list: &&PackageList| list.requirements.iter().any(|it| it.name == "celery");
        if self.lists.iter().filter(has_celery).any(|list| list.does == ListDoes::Lock) {
            return Installed::No;
        }
        if !self.installing().any(|list| has_celery(&list)) {
            return Installed::Unknown;
        }
        Installed::NotNamed
    }

    /// Celery's requirement that names one version, and the version; `None` if two name different ones.
    pub fn celery_pin(&self) -> Option<(&Requirement, Version)> {
        let mut pins = self.named("celery").filter_map(|it| Some((it, it.specifiers.as_ref()?.exact()?)));
        let first = pins.next()?;
        pins.all(|(_, version)| version == first.1).then_some(first)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn list(does: ListDoes, open: bool, names: &[&str]) -> PackageList {
        let requirements = names
            .iter()
            .map(|name| Requirement::read(&Text::of_source(SourceId(0), (*name).into())).expect("a requirement"))
            .collect();
        PackageList { open, ..PackageList::new(Kind::Requirements, does, requirements) }
    }

    fn installed(lists: Vec<PackageList>) -> Installed {
        Packages { lists, pythons: Vec::new() }.installed(&["redis"])
    }

    #[test]
    fn only_a_lock_knows_that_something_is_not_installed() {
        use ListDoes::{Constrain, Install, Lock};
        assert_eq!(installed(vec![list(Install, false, &["celery==5.6.3", "Redis>=5"])]), Installed::Yes);
        assert_eq!(installed(vec![list(Lock, false, &["celery==5.6.3"])]), Installed::No);
        assert_eq!(installed(vec![list(Install, false, &["celery==5.6.3"])]), Installed::NotNamed);
        assert_eq!(installed(vec![list(Install, true, &["celery==5.6.3"])]), Installed::Unknown);
        assert_eq!(installed(vec![list(Install, false, &["django"])]), Installed::Unknown);
        assert_eq!(
            installed(vec![list(Lock, false, &["celery==5.6.3"]), list(Install, true, &[])]),
            Installed::Unknown
        );
        // A constraint installs nothing.
        let lists = vec![list(Install, false, &["celery"]), list(Constrain, false, &["redis==5.0"])];
        assert_eq!(installed(lists), Installed::NotNamed);
    }

    #[test]
    fn the_tag_of_an_image_tells_its_python() {
        let python = |image: &str| Python::of_image(&Text::of_source(SourceId(0), image.into())).map(|it| it.name());
        assert_eq!(python("python:3.12-slim-bookworm").as_deref(), Some("3.12"));
        assert_eq!(python("docker.io/library/python:3.9.18@sha256:abc").as_deref(), Some("3.9"));
        assert_eq!(python("registry:5000/mirror/python:3.14rc2").as_deref(), Some("3.14"));
        for image in ["python:3", "python:latest", "python", "shop/python-app:3.12", "python:slim"] {
            assert_eq!(python(image), None, "{image}");
        }
    }
}
