use crate::catalogue::{Message, cards};
use crate::facts::settings::Source;
use crate::facts::value::Template;
use crate::facts::{Facts, broker, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::URL_PASSWORD_IN_PLAIN_TEXT, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        let url = &address.url;
        let Some(password) = url.password.as_ref().and_then(|password| password.whole()) else { continue };
        let user = url.user.as_ref().map_or("", |user| user.as_str());
        if is_made_up(user, password.as_str()) || url.is_local() != Some(false) || address.is_in_env_file(password) {
            continue;
        }
        let in_compose = address.variant.containers.iter().any(|container| {
            container.kind == Kind::Compose && url.host.as_ref().is_some_and(|host| host.as_str() == container.name)
        });
        let setting = &address.said.setting.written;
        let message: Message = if address.said.setting.source == Source::CommandLine {
            cards::UrlPasswordInPlainText::InCommand { setting }.into()
        } else if in_compose || address.said.is_conditional() {
            cards::UrlPasswordInPlainText::Local { setting }.into()
        } else {
            cards::UrlPasswordInPlainText::InFile { setting }.into()
        };
        findings
            .add(message)
            .at(&url.scheme.text)
            .scope(&address.scope.name)
            .at_most_info_if(address.said.is_for_tests());
    }
    // A default holds nowhere if a variable is set, and is in the repository all the same.
    for (_, scope) in facts.scopes() {
        for setting in scope.settings.iter().filter(|it| it.source <= Source::Python) {
            let Some(url) = setting.expression.as_ref().and_then(default_address) else { continue };
            let Some(password) = url.password.as_ref().and_then(|password| password.whole()) else { continue };
            let user = url.user.as_ref().map_or("", |user| user.as_str());
            if url.is_local() == Some(false) && !is_made_up(user, password.as_str()) {
                let message = cards::UrlPasswordInPlainText::Local { setting: &setting.written };
                findings.add(message).at(&url.scheme.text).scope(&scope.name);
            }
        }
    }
}

/// The address in quotes that code falls back to: `os.getenv("BROKER_URL", "redis://…")`.
fn default_address(expression: &Text) -> Option<url::Url> {
    let written = expression.as_str();
    let at = written.find("getenv(").or_else(|| written.find("environ.get("))?;
    let middle = at + written[at..].find("://").filter(|middle| !written[at..][..*middle].contains('\n'))?;
    let start = written[..middle].rfind(['"', '\''])?;
    let quote = written[start..].chars().next()?;
    let end = middle + written[middle..].find(quote)?;
    let is_plain = !written[..start].ends_with(['f', 'F']);
    is_plain.then(|| url::parse(&Template::plain(expression.slice(start + 1..end))))
}

/// Whether a password is one of those that stand in every example, or in place of one.
fn is_made_up(user: &str, password: &str) -> bool {
    const SIGNS: [&str; 16] = [
        "pass",
        "secret",
        "change",
        "example",
        "your",
        "placeholder",
        "dummy",
        "test",
        "dev",
        "local",
        "guest",
        "admin",
        "xxx",
        "***",
        "1234",
        "foobared",
    ];
    let lower = password.to_ascii_lowercase();
    password.chars().count() < 6
        || lower == user.to_ascii_lowercase()
        || SIGNS.iter().any(|sign| lower.contains(sign))
        || password.contains(['<', '>', '{', '}', '$', '%'])
        || password.chars().all(char::is_uppercase)
}
