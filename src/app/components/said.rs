//! Sentences of findings, in the languages that the reader chose.

use yew::prelude::*;
use yew::virtual_dom::VNode;

use crate::app::language::{Language, Reading};
use crate::present::view::{Bilingual, Segment, Sentence};

/// A sentence; what comes from the paste is text in code type, never markup.
pub(super) fn sentence(language: Language, sentence: &Bilingual<Sentence>) -> Html {
    language
        .of(sentence)
        .iter()
        .map(|segment| match segment {
            Segment::Text(text) => html! { <>{text}</> },
            Segment::Code(code) => html! { <code>{code}</code> },
        })
        .collect()
}

/// A title: the languages one under the other.
pub(super) fn title(reading: Reading, title: &Bilingual<Sentence>) -> Html {
    reading
        .languages()
        .iter()
        .map(|language| html! { <span class="t" lang={language.tag()}>{sentence(*language, title)}</span> })
        .collect()
}

/// Running text: the languages side by side.
pub(super) fn pair(reading: Reading, show: &dyn Fn(Language) -> Html) -> Html {
    let texts = reading
        .languages()
        .iter()
        .map(|language| html! { <div class="t" lang={language.tag()}>{show(*language)}</div> });
    html! { <div class="pair">{for texts}</div> }
}

/// Short words: the languages on one line with a stroke between them.
pub(super) fn short(reading: Reading, show: &dyn Fn(Language) -> String) -> Html {
    let mut words: Vec<(Language, String)> =
        reading.languages().iter().map(|language| (*language, show(*language))).collect();
    words.dedup_by(|second, first| second.1 == first.1);
    let words =
        words.into_iter().map(|(language, word)| html! { <span class="t" lang={language.tag()}>{coded(&word)}</span> });
    html! { <span class="short">{for words}</span> }
}

/// A plain sentence of the checker's, with its code in backticks.
pub(super) fn coded(text: &str) -> Html {
    text.split('`')
        .enumerate()
        .map(|(index, part)| {
            if index % 2 == 0 {
                html! { <>{part}</> }
            } else {
                html! { <code>{part}</code> }
            }
        })
        .collect()
}

/// HTML that the build made from our own cards; nothing of the paste is ever in it.
pub(super) fn built(html: String) -> Html {
    VNode::from_html_unchecked(AttrValue::from(html))
}
