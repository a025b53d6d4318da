//! On a phone the text is behind a tab, so a finding brings the lines that it speaks of.

use yew::prelude::*;

use super::Shown;
use super::icon::severity_name;
use crate::app::mask;
use crate::present::view::{Answer, Finding, Place, Role};

/// The source line and the line that hurts, with the string between them.
pub(super) fn excerpt(state: &Shown, answer: &Answer, finding: &Finding) -> Html {
    let Some(hurts) = line(state, answer, finding.place, severity_name(finding.severity)) else {
        return Html::default();
    };
    let origin = finding.related.iter().find(|related| {
        related.role == Role::Origin
            && related.place.file == finding.place.file
            && related.place.start.line != finding.place.start.line
    });
    let Some(source) = origin.and_then(|origin| line(state, answer, origin.place, "source")) else {
        return html! { <ol class="excerpt" aria-hidden="true">{row(finding.place, "hit", hurts)}</ol> };
    };
    let origin = origin.map(|origin| origin.place).unwrap_or(finding.place);
    let (first, last) = if origin.start.line < finding.place.start.line {
        (row(origin, "start source", source), row(finding.place, "end hit", hurts))
    } else {
        (row(finding.place, "start hit", hurts), row(origin, "end source", source))
    };
    html! {
        <ol class="excerpt string" aria-hidden="true">
            {first}<li class="between"><span class="n">{"⋮"}</span><span class="r"></span><span></span></li>{last}
        </ol>
    }
}

fn row(place: Place, class: &'static str, line: Html) -> Html {
    html! { <li {class}><span class="n">{place.start.line}</span><span class="r"></span><span class="c">{line}</span></li> }
}

/// The first line of a place with the evidence framed and secrets hidden; nothing if the text has moved on.
fn line(state: &Shown, answer: &Answer, place: Place, class: &'static str) -> Option<Html> {
    let text = &state.checked_file(answer, place.file)?.text;
    let (from, to) = (place.start.offset as usize, place.end.offset as usize);
    let start = text.get(..from)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(from..)?.find('\n').map_or(text.len(), |at| from + at);
    let whole = &text[start..end];
    let before = text[..start].lines().next_back();
    let secrets = mask::secrets(whole, before);
    let (from, to) = (from - start, to.min(end).max(from) - start);
    Some(html! {
        <>
            {mask::masked(whole, 0..from, &secrets)}
            <span class={classes!("evidence", class)}>{mask::masked(whole, from..to, &secrets)}</span>
            {mask::masked(whole, to..whole.len(), &secrets)}
        </>
    })
}
