//! The chart of an open finding: the label column, always in the same order.

use yew::prelude::*;

use super::excerpt::excerpt;
use super::places::{jump, jumps};
use super::said::{built, pair, sentence, short};
use super::solution::solution;
use super::{Act, Shown};
use crate::app::language::Language;
use crate::app::packs::{PackState, Texts};
use crate::app::rows::Row;
use crate::app::words;
use crate::present::view::{Answer, DocLink, Finding, Related, Severity, VersionBand};
use crate::words::plain;

pub(super) fn body(state: &Shown, act: &Act, answer: &Answer, row: &Row) -> Html {
    let page = state.reading.page;
    let findings: Vec<&Finding> = row.findings.iter().filter_map(|index| answer.findings.get(*index)).collect();
    let Some(first) = findings.first() else {
        return Html::default();
    };
    let related: Vec<&Related> = findings.iter().flat_map(|finding| &finding.related).collect();
    let silent_on = long_text(state, first, &Texts::silent_on);
    html! {
        <>
            {excerpt(state, answer, first)}
            <dl class="rows">
                <dt>{words::what(page)}</dt>
                <dd>{what(state, act, answer, &findings)}</dd>
                <dt>{words::why(page)}</dt>
                <dd>{long_text(state, first, &Texts::why)}{band(state, &first.bands)}</dd>
                <dt>{words::do_now(page)}</dt>
                <dd>
                    {long_text(state, first, &|texts| texts.fix_in(&first.fix_in))}
                    {solution(state, act, answer, row)}
                </dd>
                if !related.is_empty() {
                    <dt>{words::related(page)}</dt>
                    <dd>{for related.iter().map(|one| html! {
                        <p class="jump">
                            {jump(state, act, answer, one.place)}
                            {short(state.reading, &|language| language.of(&one.message).clone())}
                        </p>
                    })}</dd>
                }
                if !first.docs.is_empty() {
                    <dt>{words::official_docs(page)}</dt>
                    <dd><ul class="docs">{for first.docs.iter().map(|link| doc(page, link))}</ul></dd>
                }
                <dt class="minor">{words::silent_on(page)}</dt>
                <dd class="minor">{silent_on}</dd>
            </dl>
        </>
    }
}

/// Each message once, with its places where there are several.
fn what(state: &Shown, act: &Act, answer: &Answer, findings: &[&Finding]) -> Html {
    let page = state.reading.page;
    let mut groups: Vec<(String, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        let message = plain(&finding.message.en);
        match groups.iter_mut().find(|(known, _)| *known == message) {
            Some((_, same)) => same.push(finding),
            None => groups.push((message, vec![finding])),
        }
    }
    groups
        .into_iter()
        .map(|(_, same)| {
            let first = same[0];
            let caution = [
                first.holds_for.as_ref().map(|versions| words::holds_for(page, versions)),
                (!first.certain).then(|| words::not_certain(page).to_owned()),
                // Of one process there is nothing to tell apart.
                (first.scopes.len() > 1).then(|| words::for_processes(page, &first.scopes.join(", "))),
            ];
            html! {
                <div class="what">
                    {pair(state.reading, &|language| html! { <p>{sentence(language, &first.message)}</p> })}
                    <p class="jump">
                        {jumps(state, act, answer, &same)}
                        <span class="caution">{caution.into_iter().flatten().collect::<Vec<_>>().join(" ")}</span>
                    </p>
                </div>
            }
        })
        .collect()
}

/// A text of the packs; says so while it is on its way or cannot be had.
fn long_text(state: &Shown, finding: &Finding, text: &dyn Fn(&Texts) -> Option<String>) -> Html {
    pair(state.reading, &|language| match state.pack(language) {
        PackState::Here(pack) => {
            pack.texts(&finding.rule).and_then(|texts| text(&texts)).map(built).unwrap_or_default()
        }
        PackState::Refused => html! { <p class="caution">{words::texts_refused(language)}</p> },
        PackState::NotAsked | PackState::Loading => {
            html! { <p class="caution">{words::loading_texts(language)}</p> }
        }
    })
}

/// When it becomes worse: one field for each range of versions.
fn band(state: &Shown, bands: &[VersionBand]) -> Html {
    if bands.len() < 2 {
        return Html::default();
    }
    let page = state.reading.page;
    let fields = bands.iter().map(|band| {
        let (class, word): (_, fn(Language) -> &'static str) = match band.severity {
            None => ("b-fine", words::version_fine),
            Some(Severity::Error) => ("b-error", words::error),
            Some(Severity::Warning) => ("b-warning", words::warning),
            Some(Severity::Info) => ("b-info", words::info),
        };
        html! {
            <li class={classes!(class, band.here.then_some("here"))}>
                <b>
                    {band.versions.clone()}
                    if band.here {
                        {" · "}{short(state.reading, &|language| words::version_here(language).to_owned())}
                    }
                </b>
                {short(state.reading, &|language| word(language).to_owned())}
            </li>
        }
    });
    html! { <ul class="band" aria-label={words::by_version(page)}>{for fields}</ul> }
}

fn doc(page: Language, link: &DocLink) -> Html {
    let language = if link.lang == "ko" { words::in_korean(page) } else { words::in_english(page) };
    html! {
        <li>
            <a href={link.url.clone()} target="_blank" rel="noopener noreferrer" hreflang={link.lang.clone()}>
                <span lang={link.lang.clone()}>{&link.title}</span>
            </a>
            <span class="lang">{language}</span>
        </li>
    }
}
