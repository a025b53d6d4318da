//! Versions and specifiers of Python packages, as PEP 440 defines them and pip's `packaging` reads them.
//!
//! Whether pip would take a pre-release is not asked: every release that we know of is a final one.

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

/// One comparison of a specifier.
#[derive(Clone, Debug, PartialEq)]
enum Clause {
    Equal(PackageVersion),
    NotEqual(PackageVersion),
    /// `==5.3.*`, and whether it is `!=`.
    Prefix {
        epoch: u64,
        release: Vec<u64>,
        negated: bool,
    },
    Less(PackageVersion),
    LessOrEqual(PackageVersion),
    Greater(PackageVersion),
    GreaterOrEqual(PackageVersion),
    /// `===`: letter for letter.
    Identical(String),
}

/// Comparisons that all have to hold: `>=5.2,<6`. None at all allows every version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Specifiers(Vec<Clause>);

impl Specifiers {
    /// Reads what stands behind a package's name; `None` if a part is no comparison.
    pub fn parse(text: &str) -> Option<Specifiers> {
        let mut clauses = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if let Some(version) = part.strip_prefix("===") {
                clauses.push(Clause::Identical(version.trim().to_ascii_lowercase()));
            } else if let Some(version) = part.strip_prefix("~=") {
                clauses.extend(compatible(version)?);
            } else if let Some(version) = part.strip_prefix("==") {
                clauses.push(equal(version, false)?);
            } else if let Some(version) = part.strip_prefix("!=") {
                clauses.push(equal(version, true)?);
            } else {
                clauses.push(ordered(part)?);
            }
        }
        Some(Specifiers(clauses))
    }

    /// Poetry's own ways of writing one: `^5.2`, `~5.2`, `5.2.7`, `5.*`, `*`.
    pub fn parse_poetry(text: &str) -> Option<Specifiers> {
        let mut clauses = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty() && *part != "*") {
            let is_plain_tilde = part.starts_with('~') && !part.starts_with("~=");
            if part.starts_with('^') || is_plain_tilde {
                let from = PackageVersion::parse(&part[1..])?;
                let release = &from.release;
                let kept = if is_plain_tilde {
                    release.len().min(2)
                } else {
                    // The first number that is not zero stays, or the last one.
                    release.iter().position(|&number| number > 0).map_or(release.len(), |at| at + 1)
                };
                let mut end = release[..kept].to_vec();
                *end.last_mut()? += 1;
                let below = PackageVersion { release: end, pre: None, post: None, dev: None, ..from.clone() };
                clauses.extend([Clause::GreaterOrEqual(from), Clause::Less(below)]);
            } else if part.starts_with(|c: char| c.is_ascii_digit()) {
                clauses.push(equal(part, false)?);
            } else {
                clauses.extend(Specifiers::parse(part)?.0);
            }
        }
        Some(Specifiers(clauses))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Both at once.
    #[must_use]
    pub fn and(&self, other: &Specifiers) -> Specifiers {
        Specifiers(self.0.iter().chain(&other.0).cloned().collect())
    }

    pub fn allows(&self, version: &PackageVersion) -> bool {
        self.0.iter().all(|clause| clause.allows(version))
    }

    pub fn allows_release(&self, version: Version) -> bool {
        self.allows(&PackageVersion::of_release(version))
    }

    /// The one version that is left, if they name one.
    pub fn exact(&self) -> Option<Version> {
        self.0.iter().find_map(|clause| match clause {
            Clause::Equal(version) => version.triple(),
            Clause::Identical(text) => PackageVersion::parse(text)?.triple(),
            _ => None,
        })
    }

    /// Whether something keeps the next major version out.
    pub fn has_upper_bound(&self) -> bool {
        self.0.iter().any(|clause| {
            !matches!(
                clause,
                Clause::Greater(_)
                    | Clause::GreaterOrEqual(_)
                    | Clause::NotEqual(_)
                    | Clause::Prefix { negated: true, .. }
            )
        })
    }
}

impl Clause {
    /// packaging/specifiers.py, `_compare_…`.
    fn allows(&self, version: &PackageVersion) -> bool {
        match self {
            Clause::Equal(limit) => equals(version, limit),
            Clause::NotEqual(limit) => !equals(version, limit),
            Clause::Prefix { epoch, release, negated } => version.begins_with(*epoch, release) != *negated,
            Clause::LessOrEqual(limit) => version.without_local() <= *limit,
            Clause::GreaterOrEqual(limit) => version.without_local() >= *limit,
            Clause::Less(limit) => {
                // `<5.3` does not take 5.3rc1.
                version < limit && (limit.is_pre_release() || !version.is_pre_release() || !version.has_base_of(limit))
            }
            Clause::Greater(limit) => {
                let is_after = limit.post.is_none() && version.post.is_some() || !version.local.is_empty();
                version > limit && !(is_after && version.has_base_of(limit))
            }
            Clause::Identical(text) => PackageVersion::parse(text).is_some_and(|limit| limit == *version),
        }
    }
}

fn equals(version: &PackageVersion, limit: &PackageVersion) -> bool {
    let version = if limit.local.is_empty() { version.without_local() } else { version.clone() };
    version == *limit
}

fn equal(text: &str, negated: bool) -> Option<Clause> {
    if let Some(prefix) = text.trim().strip_suffix(".*") {
        let version = PackageVersion::parse(prefix)?;
        let is_plain =
            version.pre.is_none() && version.post.is_none() && version.dev.is_none() && version.local.is_empty();
        return is_plain.then_some(Clause::Prefix { epoch: version.epoch, release: version.release, negated });
    }
    let version = PackageVersion::parse(text)?;
    Some(if negated { Clause::NotEqual(version) } else { Clause::Equal(version) })
}

/// `<=5.3`, `>5`.
fn ordered(part: &str) -> Option<Clause> {
    let sign = ["<=", ">=", "<", ">"].into_iter().find(|sign| part.starts_with(sign))?;
    let version = PackageVersion::parse(&part[sign.len()..])?;
    // `>=1.0+local` is no valid specifier.
    version.local.is_empty().then_some(())?;
    Some(match sign {
        "<=" => Clause::LessOrEqual(version),
        ">=" => Clause::GreaterOrEqual(version),
        "<" => Clause::Less(version),
        _ => Clause::Greater(version),
    })
}

/// `~=5.3.1` is `>=5.3.1,==5.3.*`.
fn compatible(text: &str) -> Option<[Clause; 2]> {
    let version = PackageVersion::parse(text)?;
    let (_, kept) = version.release.split_last()?;
    (!kept.is_empty() && version.local.is_empty()).then_some(())?;
    let prefix = Clause::Prefix { epoch: version.epoch, release: kept.to_vec(), negated: false };
    Some([Clause::GreaterOrEqual(version), prefix])
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const VERSIONS: [&str; 34] = [
        "5.3",
        "5.3.0",
        "5.3.6",
        "5.3.6.post1",
        "5.3.6rc1",
        "5.3.6a2",
        "5.3.6.dev3",
        "5.3.6b1.dev2",
        "5.3.6.post1.dev1",
        "5.4",
        "5.10",
        "6",
        "6.0.0",
        "0.9",
        "1!1.0",
        "1!5.3.6",
        "2.0+local.1",
        "2.0",
        "2.0+local",
        "2.0+1",
        "v5.0",
        "3.1.26.post2",
        "5.0.0rc3",
        "5.0.0-1",
        "5.0.0_rc.2",
        "5.0.0.c1",
        "5.0.0preview",
        "5.0.0-alpha-4",
        "4.4.7",
        "4.4.0.rev5",
        "4.4.0r",
        "5.3.6.1",
        "5.2.99",
        "5.0.dev",
    ];
    const SPECIFIERS: [&str; 38] = [
        "==5.3",
        "==5.3.*",
        "!=5.3.*",
        "!=5.3.6",
        "~=5.3",
        "~=5.3.1",
        "~=5.3.6rc1",
        "~=5.3.0.post1",
        ">5.3.6",
        ">=5.3.6",
        "<5.3.6",
        "<=5.3.6",
        "<5.3.6rc1",
        "<=5.3.6rc1",
        ">5.3.6rc1",
        ">5.3.6.post1",
        ">=1!1.0",
        "==1!5.3.*",
        "~=1!5.0",
        "==2.0+local.1",
        "!=2.0+local",
        "==2.0",
        ">2.0",
        "<=2.0",
        ">=5,<6",
        ">=4.4,!=4.4.7,<5.4",
        ">= 5.0 , < 6.0",
        "==5",
        "==5.*",
        "<5",
        ">5",
        ">=5.0.0rc3",
        "==5.0.0.dev0",
        "<6.dev0",
        "==4.4.0.post5",
        ">4.4.0",
        "<5.0.0rc3",
        "",
    ];

    #[test]
    fn reads_versions_and_specifiers_as_pip_does() {
        let program = "import sys\ntry:\n from pip._vendor.packaging.specifiers import SpecifierSet\n from pip._vendor.packaging.version import Version\nexcept ImportError:\n sys.exit(3)\n\
            versions=sys.argv[1].split(';')\nfor s in sys.argv[2].split(';'):\n spec=SpecifierSet(s)\n print(''.join('1' if spec.contains(Version(v), prereleases=True) else '0' for v in versions))\n\
            for a in versions:\n print(''.join('<' if Version(a)<Version(b) else '>' if Version(a)>Version(b) else '=' for b in versions))\n";
        let output = Command::new("python3")
            .args(["-c", program, &VERSIONS.join(";"), &SPECIFIERS.join(";")])
            .output()
            .ok()
            .filter(|output| output.status.success());
        let Some(output) = output else {
            println!("note: python3 with pip is missing; PEP 440 was not compared with it");
            return;
        };
        let answers = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut answers = answers.lines();
        let versions: Vec<PackageVersion> =
            VERSIONS.iter().map(|text| PackageVersion::parse(text).unwrap_or_else(|| panic!("{text}"))).collect();
        for text in SPECIFIERS {
            let specifiers = Specifiers::parse(text).unwrap_or_else(|| panic!("{text}"));
            let ours: String = versions.iter().map(|it| if specifiers.allows(it) { '1' } else { '0' }).collect();
            let theirs = answers.next().unwrap_or_default();
            for ((version, our), their) in VERSIONS.iter().zip(ours.chars()).zip(theirs.chars()) {
                assert_eq!(our, their, "{version} in {text}");
            }
        }
        for left in &versions {
            let sign = |order: Ordering| match order {
                Ordering::Less => '<',
                Ordering::Equal => '=',
                Ordering::Greater => '>',
            };
            let ours: String = versions.iter().map(|right| sign(left.order(right))).collect();
            assert_eq!(Some(ours.as_str()), answers.next(), "{left:?}");
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "latest", "5.x", "5..3", "5.3-", "1.0+", "==5"] {
            assert_eq!(PackageVersion::parse(text), None, "{text}");
        }
        for text in ["5.3", "=5.3", "~=5", "==5.3rc1.*", ">=5,<", "^5", ">=1.0+local"] {
            assert_eq!(Specifiers::parse(text), None, "{text}");
        }
    }

    #[test]
    fn poetry_writes_ranges_of_its_own() {
        let allows = |spec: &str, version: &str| {
            Specifiers::parse_poetry(spec).unwrap().allows(&PackageVersion::parse(version).unwrap())
        };
        assert!(allows("^4.4.2", "4.4.7") && !allows("^4.4.2", "5.0") && !allows("^4.4.2", "4.4.1"));
        assert!(allows("^0.2.3", "0.2.9") && !allows("^0.2.3", "0.3.0"));
        assert!(allows("~5.3.1", "5.3.9") && !allows("~5.3.1", "5.4") && allows("~5", "5.9") && !allows("~5", "6"));
        assert!(allows("5.3.6", "5.3.6") && !allows("5.3.6", "5.3.7") && allows("5.3.*", "5.3.7"));
        assert!(allows("*", "1") && allows(">=5,<6", "5.1"));
        assert_eq!(Specifiers::parse_poetry("^5 || ^6"), None);
    }
}
