use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::broker::{self, Address};
use crate::facts::settings::Source;
use crate::facts::value::Template;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::URL_VARIABLE_UNEXPANDED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        if !address.url.has_authority {
            continue;
        }
        let Some((part, reference)) = reference_in(&address) else { continue };
        let text = part.text.slice(reference);
        let message: Message = match place_of(&address, part) {
            Some(Place::Code) if text.as_str().starts_with('{') => {
                cards::UrlVariableUnexpanded::InBraces { reference: &text }.into()
            }
            Some(Place::Code) => cards::UrlVariableUnexpanded::InCode { reference: &text }.into(),
            Some(Place::Exec) if text.as_str().starts_with('$') => {
                cards::UrlVariableUnexpanded::InExecForm { reference: &text }.into()
            }
            Some(Place::Manifest) if text.as_str().starts_with("$(") => {
                cards::UrlVariableUnexpanded::DefinedLater { reference: &text }.into()
            }
            Some(Place::Manifest) if text.as_str().starts_with('$') => {
                cards::UrlVariableUnexpanded::InManifest { reference: &text }.into()
            }
            Some(Place::EnvFile) if text.as_str().starts_with('$') => {
                cards::UrlVariableUnexpanded::InEnvFile { reference: &text }.into()
            }
            _ => continue,
        };
        findings.add(message).at(&text).scope(&address.scope.name).as_said(&address.said);
    }
}

/// Where the text stands, and so who would fill in variables: nobody in code, the kubelet only `$(NAME)`.
enum Place {
    Code,
    /// The exec form of a Dockerfile, which no shell reads.
    Exec,
    Manifest,
    /// An env file of which the reader fills in nothing; where it might, nothing of the variable is left.
    EnvFile,
}

fn place_of(address: &Address<'_>, part: &Template) -> Option<Place> {
    // What an environment variable brought into the code was written elsewhere.
    let is_brought = !address.url.whole.text.origins().is_empty() && address.said.setting.source <= Source::Python;
    match address.said.setting.source {
        Source::CeleryArgument | Source::Python if !is_brought || !comes_from_environment(address) => Some(Place::Code),
        // What a shell would fill in is not known, so what is known stands in no shell.
        Source::CommandLine if address.process()?.kind == Kind::Dockerfile => Some(Place::Exec),
        _ => match address.container().filter(|container| container.kind != Kind::Compose) {
            Some(container) => {
                (container.kind == Kind::Kubernetes && !container.is_template).then_some(Place::Manifest)
            }
            None => address.is_in_env_file(&part.text).then_some(Place::EnvFile),
        },
    }
}

fn comes_from_environment(address: &Address<'_>) -> bool {
    let Some(last) = address.url.whole.text.origins().last().map(|origin| origin.span()) else { return false };
    let environment = address.process().map_or(&address.variant.loose, |process| &process.environment);
    environment
        .iter()
        .any(|(_, variable)| variable.value.as_ref().is_some_and(|value| value.text.span().contains(last)))
}

/// The first reference that stands where a user, password, host, port or path should.
fn reference_in<'a>(address: &'a Address<'_>) -> Option<(&'a Template, std::ops::Range<usize>)> {
    let url = &address.url;
    [&url.user, &url.password, &url.host, &url.port, &url.path].into_iter().flatten().find_map(|part| {
        let text = part.as_str();
        let is_name = |name: &str| {
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !name.starts_with(|c: char| c.is_ascii_digit())
        };
        // `${NAME}` is hardly a password; `$NAME` within one may be, so it has to be all there is.
        if let Some(start) = text.find("${") {
            let length = text[start..].find('}')?;
            let name = text[start + 2..start + length].split([':', '-', '?']).next().unwrap_or_default();
            return is_name(name).then_some((part, start..start + length + 1));
        }
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let name = text.strip_prefix('$').filter(|name| name.chars().all(|c| !c.is_lowercase()));
        let called = name.and_then(|name| name.strip_prefix('(')?.strip_suffix(')'));
        (inner.is_some_and(is_name) || called.or(name).is_some_and(is_name)).then_some((part, 0..text.len()))
    })
}
