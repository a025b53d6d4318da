use crate::catalogue::{Message, cards};
use crate::facts::containers::UserSet;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule =
    Rule { card: &cards::GID_WITHOUT_GROUP, sees: &[Kind::Dockerfile, Kind::Compose, Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if process.role != Role::Worker || process.changes_user().is_some() {
            continue;
        }
        let image = variant.image_of(process);
        let group = super::group_of(variant, process);
        let Some((group, number)) = group.and_then(|group| Some((group, group.number()?))) else { continue };
        if is_in_every_image(number) {
            continue;
        }
        let Some(image) = image else {
            ask(group, number, findings);
            continue;
        };
        let creates_it = image.groups.iter().any(|known| *known == number.to_string());
        if creates_it || image.creates_unknown_users || image.hidden_entrypoint.is_some() || !image.base_runs_as_root()
        {
            continue;
        }
        let pickle = variant
            .scopes_of(process)
            .flat_map(|scope| scope.said("accept_content"))
            .find_map(|said| said.strings()?.into_iter().find(|it| it.as_str() == "pickle").cloned());
        let gid = group.name.as_str();
        let message: Message = match pickle {
            Some(_) => cards::GidWithoutGroup::RefusesToStart { gid }.into(),
            None => cards::GidWithoutGroup::Warns { gid }.into(),
        };
        let finding =
            findings.add(message).at(&group.name).related(&image.at, crate::words::Role::Cause).scope(&process.name);
        if let Some(pickle) = pickle {
            finding.related(&pickle, crate::words::Role::Cause);
        }
    }
}

fn ask(group: &UserSet, number: u32, findings: &mut Findings) {
    let gid = number.to_string();
    findings.ask(cards::GidWithoutGroup::NotShown { gid: gid.as_str() }, &group.name, &["dockerfile"]);
}

/// System groups of the official images have low numbers; 65534 is nogroup or nobody.
fn is_in_every_image(gid: u32) -> bool {
    gid < 1000 || gid == 65534
}
