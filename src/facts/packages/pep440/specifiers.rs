//! What stands behind a package's name: comparisons with versions, and Poetry's own ways of writing them.

use super::PackageVersion;
use crate::catalogue::version::Version;

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
