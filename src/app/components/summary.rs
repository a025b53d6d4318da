//! Above the list: the three counts, the filter, and what was assumed.

use yew::prelude::*;

use super::assumption::assumption;
use super::icon::{icon, severity_name};
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::words::{self, Word};
use crate::present::view::{Answer, Category, Severity};

pub(in crate::app) fn summary(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let Some(answer) = &state.answer else {
        return Html::default();
    };
    let counts = SEVERITIES.iter().map(|(severity, one, many)| {
        let count = count(answer, *severity);
        let name = severity_name(*severity);
        html! {
            <div>
                <span class="big num">{count}</span>
                <span class={classes!("sev", name)}>{icon(name)}{if count == 1 { one(page) } else { many(page) }}</span>
            </div>
        }
    });
    let chip = |category: Option<Category>, name: &'static str, count: usize| {
        html! {
            <button type="button" class="chip" aria-pressed={(state.filter == category).to_string()}
                onclick={act.reform(move |_: MouseEvent| Action::Filtered(category))}>
                {name}{" "}<span class="num">{count}</span>
            </button>
        }
    };
    let of = |category: Category| answer.findings.iter().filter(|finding| finding.category == category).count();
    let categories = [
        (Category::Defect, words::defect(page)),
        (Category::Risk, words::risk(page)),
        (Category::Practice, words::practice(page)),
    ];
    html! {
        <div class="stick">
            <div class="sum"><div class="counts">{for counts}</div></div>
            <div class="meta">
                if !answer.findings.is_empty() {
                    <div class="chips" role="group" aria-label={words::filter(page)}>
                        {chip(None, words::all(page), answer.findings.len())}
                        {for categories.into_iter().filter(|(category, _)| of(*category) > 0)
                            .map(|(category, name)| chip(Some(category), name, of(category)))}
                    </div>
                }
                {assumption(state, act)}
            </div>
        </div>
    }
}

const SEVERITIES: &[(Severity, Word, Word)] = &[
    (Severity::Error, words::error_one, words::error_many),
    (Severity::Warning, words::warning_one, words::warning_many),
    (Severity::Info, words::info_one, words::info_many),
];

/// How many findings there are of a severity.
pub(super) fn count(answer: &Answer, severity: Severity) -> u32 {
    answer.findings.iter().filter(|finding| finding.severity == severity).count() as u32
}
