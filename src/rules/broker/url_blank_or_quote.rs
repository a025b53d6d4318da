use crate::catalogue::{Message, cards};
use crate::facts::url::Url;
use crate::facts::value::HOLE;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::URL_BLANK_OR_QUOTE, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        let template = &address.url.whole;
        let text = template.as_str();
        if !text.contains("://") || text.starts_with(HOLE) {
            continue;
        }
        let first = text.chars().next().unwrap_or(HOLE);
        let last = text.chars().next_back().unwrap_or(HOLE);
        let is_broker = address.said.setting.name != "result_backend";
        let message: Message = if matches!(first, '"' | '\'') {
            cards::UrlBlankOrQuote::Quoted { setting: &address.said.setting.written }.into()
        } else if first == '=' {
            cards::UrlBlankOrQuote::Equals { setting: &address.said.setting.written }.into()
        } else if first.is_whitespace() && is_broker {
            cards::UrlBlankOrQuote::BlankBefore { setting: &address.said.setting.written }.into()
        } else if last.is_whitespace() && is_broker && !is_behind_a_number(&address.url) {
            cards::UrlBlankOrQuote::BlankAfter { setting: &address.said.setting.written }.into()
        } else {
            continue;
        };
        // A blank that stands alone can hardly be seen: the sign beside it is pointed at too.
        let place = if first.is_whitespace() || matches!(first, '"' | '\'' | '=') {
            template.slice(0..text.find("://").map_or(first.len_utf8(), |colon| colon)).text
        } else {
            template.slice(text.trim_end().len()..text.len()).text
        };
        findings.add(message).at(&place).scope(&address.scope.name).as_said(&address.said);
    }
}

/// Whether the address ends in the number of a Redis database: `int("0 ")` is 0, so a blank there does no harm.
fn is_behind_a_number(url: &Url) -> bool {
    url.is_any(&["redis", "rediss", "sentinel"])
        && url.path.as_ref().is_some_and(|path| path.as_str().trim_end().parse::<u32>().is_ok())
}
