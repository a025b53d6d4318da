use crate::catalogue::{Message, cards};
use crate::facts::containers::Image;
use crate::facts::{Facts, Process, Role, StartsAs, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule =
    Rule { card: &cards::GROUP_COUNTS_AS_ROOT, sees: &[Kind::Dockerfile, Kind::Compose, Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if process.role != Role::Worker || process.changes_user().is_some() {
            continue;
        }
        // Root itself has a rule of its own.
        let StartsAs::Somebody(user) = process.starts_as(variant) else { continue };
        let named = super::group_of(variant, process);
        let nobody_knows = named.is_none() && has_no_entry(&user, variant.image_of(process));
        let (place, found) = match named {
            Some(group) => (&group.name, group.name.as_str()),
            None if nobody_knows => (&user, "0"),
            None => continue,
        };
        let forced = process.environment.get("C_FORCE_ROOT").is_some();
        let pickle = accepts_pickle(variant, process);
        let refuses = pickle.is_some() && !forced;
        let message: Message = if found.parse() == Ok(0_u32) {
            // celery/platforms.py:784 in 5.0.5: any id that is 0 counts. From 5.1 on only the user's does.
            if refuses {
                cards::GroupCountsAsRoot::ZeroRefuses { group: found }.into()
            } else {
                cards::GroupCountsAsRoot::ZeroWarns { group: found }.into()
            }
        } else if is_sudo_or_wheel(found, variant.image_of(process)) {
            // celery/platforms.py:889 in 5.7.0, groups_with_security_risk.
            if refuses {
                cards::GroupCountsAsRoot::NamedRefuses { group: found }.into()
            } else {
                cards::GroupCountsAsRoot::NamedWarns { group: found }.into()
            }
        } else {
            continue;
        };
        let finding = findings.add(message).at(place).scope(&process.name);
        if let Some(pickle) = pickle {
            finding.related(&pickle, crate::words::Role::Cause);
        }
    }
}

/// Whether a user is a number that the image certainly has no entry for: such a user runs with the group 0.
fn has_no_entry(user: &Text, image: Option<&Image>) -> bool {
    let Ok(number) = user.as_str().trim().parse::<u32>() else { return false };
    image.is_some_and(|image| {
        number >= 1000
            && number != 65534
            && image.base_runs_as_root()
            && image.hidden_entrypoint.is_none()
            && !image.creates_unknown_users
            && !image.users.contains(&number.to_string())
            // A user that is created without a number mostly gets 1000.
            && (number != 1000 || image.users.is_empty())
    })
}

fn accepts_pickle(variant: &Variant, process: &Process) -> Option<Text> {
    variant
        .scopes_of(process)
        .flat_map(|scope| scope.said("accept_content"))
        .filter(|said| !said.is_conditional())
        .find_map(|said| said.strings()?.into_iter().find(|it| it.as_str() == "pickle").cloned())
}

/// Whether a group is `sudo` or `wheel`: by name, or by the number that the image's system gives them.
fn is_sudo_or_wheel(group: &str, image: Option<&Image>) -> bool {
    let number = match group {
        "sudo" | "wheel" => return true,
        number @ ("27" | "10") => number,
        _ => return false,
    };
    let Some(image) = image.filter(|image| image.base_runs_as_root()) else { return false };
    let base = image.base.as_str();
    let name = base.split([':', '@']).next().unwrap_or(base).rsplit('/').next().unwrap_or(base);
    let is_alpine = name == "alpine" || base.contains("alpine");
    let has_wheel =
        is_alpine || ["fedora", "centos", "rockylinux", "almalinux", "oraclelinux", "amazonlinux"].contains(&name);
    let has_sudo = !has_wheel && ["python", "debian", "ubuntu", "node", "pypy", "buildpack-deps"].contains(&name);
    (has_sudo && number == "27") || (has_wheel && number == "10")
}
