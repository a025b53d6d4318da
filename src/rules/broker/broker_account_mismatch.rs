use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::broker::{self, Address};
use crate::facts::containers::image_name;
use crate::facts::value::Template;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_ACCOUNT_MISMATCH, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        redis(&address, findings);
    }
    for address in broker::brokers(facts) {
        if address.said.is_conditional() || !address.url.is_any(&["amqp", "amqps", "pyamqp", "librabbitmq"]) {
            continue;
        }
        let (Some(container), Some(host)) = (address.container(), address.url.known_host()) else { continue };
        let answers = |it: &&crate::facts::containers::Container| {
            let is_named = it.name == host.as_str() || it.aliases.iter().any(|name| name == host.as_str());
            is_named && it.image.as_ref().is_some_and(|image| image_name(image.as_str()) == "rabbitmq")
        };
        let Some(server) = address.variant.containers.iter().find(answers) else { continue };
        if container.kind != Kind::Compose || server.kind != Kind::Compose {
            continue;
        }
        let said = |name: &str| server.environment.get(name)?.value.as_ref()?.whole();
        let own = |part: &Option<Template>| part.as_ref().and_then(Template::whole).cloned();
        let vhost = own(&address.url.path).map(|path| {
            let end = path.as_str().find('?').unwrap_or(path.as_str().len());
            path.slice(0..end)
        });
        let parts: [(&str, Option<Text>, Message); 3] = [
            (
                "RABBITMQ_DEFAULT_USER",
                own(&address.url.user),
                cards::BrokerAccountMismatch::User { server: &server.name }.into(),
            ),
            (
                "RABBITMQ_DEFAULT_PASS",
                own(&address.url.password),
                cards::BrokerAccountMismatch::Password { server: &server.name }.into(),
            ),
            ("RABBITMQ_DEFAULT_VHOST", vhost, cards::BrokerAccountMismatch::Vhost { server: &server.name }.into()),
        ];
        // Without a path, or with an empty one, it is the vhost `/`, which the image makes only where no other is set.
        let is_default = address.url.path.as_ref().is_none_or(|path| path.whole().is_some_and(|it| it.is_empty()));
        if let Some(there) = said("RABBITMQ_DEFAULT_VHOST")
            && is_default
            && !there.is_empty()
            && there.as_str() != "/"
            && !there.as_str().contains(['$', '{'])
            && address.scope.said("broker_vhost").next().is_none()
        {
            let message: Message = cards::BrokerAccountMismatch::Vhost { server: &server.name }.into();
            findings.add(message).at(&host).related(there, Role::Conflict).scope(&address.scope.name);
            continue;
        }
        for (variable, here, message) in parts {
            let (Some(here), Some(there)) = (here, said(variable)) else { continue };
            // Percent signs are decoded.
            let is_plain = !here.as_str().contains(['%', '$', '{']) && !there.as_str().contains(['$', '{']);
            if !is_plain || here.is_empty() || there.is_empty() || here.as_str() == there.as_str() {
                continue;
            }
            findings.add(message).at(&here).related(there, Role::Conflict).scope(&address.scope.name);
            break;
        }
    }
}

/// `--requirepass` of a Redis in the same Compose file.
fn redis(address: &Address<'_>, findings: &mut Findings) {
    let Some(host) = address.url.known_host() else { return };
    if address.said.is_conditional() || !address.url.is_any(&["redis", "rediss"]) {
        return;
    }
    let server = address.variant.containers.iter().find(|it| it.name == host.as_str());
    let is_inside = address.container().is_some_and(|it| it.kind == Kind::Compose);
    let Some((server, asked)) = server.filter(|_| is_inside).and_then(|it| Some((it, it.requirepass.as_ref()?))) else {
        return;
    };
    let (here, message): (&Text, Message) = match &address.url.password {
        None if address.url.user.is_none() => {
            (&host, cards::BrokerAccountMismatch::NoPassword { server: &server.name }.into())
        }
        None => return,
        Some(password) => {
            let Some(own) = password.whole().filter(|it| !it.as_str().contains(['%', '$', '{'])) else { return };
            if own.as_str() == asked.as_str() || asked.as_str().contains(['$', '{', '\'', '"']) {
                return;
            }
            (own, cards::BrokerAccountMismatch::RedisPassword { server: &server.name }.into())
        }
    };
    // A list of accounts may let in whom the option would not.
    let has_accounts = |text: &str| text.contains("acl") || text.contains(".conf") || text == "--user";
    // A variable may be empty, and then Redis asks for none.
    let may_be_empty = asked.as_str().contains('$');
    let is_uncertain = may_be_empty
        || server.arguments.as_ref().is_none_or(|words| words.iter().any(|it| has_accounts(it.text.as_str())));
    findings.add(message).at(here).related(asked, Role::Conflict).scope(&address.scope.name).uncertain_if(is_uncertain);
}
