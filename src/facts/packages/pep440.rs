//! Versions and specifiers of Python packages, as PEP 440 defines them and pip's `packaging` reads them.
//! Here are the versions and their order.
//!
//! Whether pip would take a pre-release is not asked: every release that we know of is a final one.

mod specifiers;
#[cfg(test)]
mod tests;

pub use specifiers::Specifiers;

use std::cmp::Ordering;

use crate::catalogue::version::Version;

/// A version: `5.3.6`, `1!2.0rc1.post3.dev4+local`.
#[derive(Clone, Debug)]
pub struct PackageVersion {
    epoch: u64,
    release: Vec<u64>,
    /// `a`, `b` or `rc`, with its number.
    pre: Option<(&'static str, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: Vec<LocalPart>,
}

/// A part behind `+`: words stand before numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum LocalPart {
    Word(String),
    Number(u64),
}

impl PackageVersion {
    pub fn parse(text: &str) -> Option<PackageVersion> {
        let lower = text.trim().to_ascii_lowercase();
        let mut rest = Rest(lower.strip_prefix('v').unwrap_or(&lower));
        let mut first = rest.number()?;
        let mut epoch = 0;
        if rest.skip("!") {
            epoch = first;
            first = rest.number()?;
        }
        let mut release = vec![first];
        while let Some(next) = rest.attempt(|rest| rest.skip(".").then(|| rest.number()).flatten()) {
            release.push(next);
        }
        let pre = rest.attempt(|rest| {
            rest.separator();
            // The longer spellings first.
            let names = [
                ("alpha", "a"),
                ("beta", "b"),
                ("preview", "rc"),
                ("pre", "rc"),
                ("rc", "rc"),
                ("a", "a"),
                ("b", "b"),
                ("c", "rc"),
            ];
            let (_, name) = names.into_iter().find(|(written, _)| rest.skip(written))?;
            Some((name, rest.number_behind_separator()))
        });
        let post = rest
            .attempt(|rest| rest.skip("-").then(|| rest.number()).flatten())
            .or_else(|| rest.named_number(&["post", "rev", "r"]));
        let dev = rest.named_number(&["dev"]);
        let mut local = Vec::new();
        if rest.skip("+") {
            for part in rest.0.split(['-', '_', '.']) {
                let is_word = !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
                is_word.then_some(())?;
                local.push(part.parse().map_or_else(|_| LocalPart::Word(part.to_owned()), LocalPart::Number));
            }
            rest.0 = "";
        }
        rest.0.is_empty().then_some(PackageVersion { epoch, release, pre, post, dev, local })
    }

    /// A released version of ours.
    pub fn of_release(version: Version) -> PackageVersion {
        let release = [version.major, version.minor, version.patch].map(u64::from).to_vec();
        PackageVersion { epoch: 0, release, pre: None, post: None, dev: None, local: Vec::new() }
    }

    /// The first three numbers; `None` with an epoch, which no release that we know has.
    pub fn triple(&self) -> Option<Version> {
        let number = |index: usize| u32::try_from(self.release.get(index).copied().unwrap_or(0)).ok();
        (self.epoch == 0).then_some(())?;
        Some(Version { major: number(0)?, minor: number(1)?, patch: number(2)? })
    }

    fn is_pre_release(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    fn without_local(&self) -> PackageVersion {
        PackageVersion { local: Vec::new(), ..self.clone() }
    }

    fn has_base_of(&self, other: &PackageVersion) -> bool {
        self.epoch == other.epoch && compare_releases(&self.release, &other.release) == Ordering::Equal
    }

    fn begins_with(&self, epoch: u64, prefix: &[u64]) -> bool {
        let padded = self.release.iter().copied().chain(std::iter::repeat(0));
        self.epoch == epoch && padded.take(prefix.len()).eq(prefix.iter().copied())
    }

    /// Where it stands among those of one release: packaging/version.py, `_cmpkey`.
    fn rank(&self) -> (u8, &str, u64, u64, u64, u64) {
        let (phase, name, number) = match self.pre {
            Some((name, number)) => (1, name, number),
            // A development release of the release itself comes before its pre-releases.
            None if self.post.is_none() && self.dev.is_some() => (0, "", 0),
            None => (2, "", 0),
        };
        let post = self.post.map_or(0, |number| number.saturating_add(1));
        let (is_final, dev) = self.dev.map_or((1, 0), |number| (0, number));
        (phase, name, number, post, is_final, dev)
    }
}

fn compare_releases(left: &[u64], right: &[u64]) -> Ordering {
    let longest = left.len().max(right.len());
    let padded = |release: &[u64], index: usize| release.get(index).copied().unwrap_or(0);
    (0..longest).map(|at| padded(left, at).cmp(&padded(right, at))).find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
}

impl PartialEq for PackageVersion {
    fn eq(&self, other: &Self) -> bool {
        self.order(other).is_eq()
    }
}

impl PartialOrd for PackageVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.order(other))
    }
}

impl PackageVersion {
    fn order(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| compare_releases(&self.release, &other.release))
            .then_with(|| self.rank().cmp(&other.rank()))
            .then_with(|| self.local.cmp(&other.local))
    }
}

/// What is still to be read of a version.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn skip(&mut self, start: &str) -> bool {
        match self.0.strip_prefix(start) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn separator(&mut self) {
        self.0 = self.0.strip_prefix(['-', '_', '.']).unwrap_or(self.0);
    }

    fn number(&mut self) -> Option<u64> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let number = self.0[..end].parse().ok()?;
        self.0 = &self.0[end..];
        Some(number)
    }

    /// `rc.1`, `rc1`; without a number it is 0.
    fn number_behind_separator(&mut self) -> u64 {
        self.attempt(|rest| {
            rest.separator();
            rest.number()
        })
        .unwrap_or(0)
    }

    fn named_number(&mut self, names: &[&str]) -> Option<u64> {
        self.attempt(|rest| {
            rest.separator();
            names.iter().any(|name| rest.skip(name)).then(|| rest.number_behind_separator())
        })
    }

    /// Goes back to where it stood if there is nothing to read.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.0;
        let found = read(self);
        if found.is_none() {
            self.0 = before;
        }
        found
    }
}
