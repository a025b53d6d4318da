//! The bar at the top: the brand, the language, the theme.

use yew::prelude::*;

use super::icon::icon;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::language::{Language, Reading, Theme};
use crate::app::words;

pub(in crate::app) fn top(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let choose = |reading: Reading| act.reform(move |_: MouseEvent| Action::Read(reading));
    let language = |language: Language| {
        let pressed = !state.reading.both && page == language;
        html! {
            <button type="button" lang={language.tag()} data-language={language.tag()} aria-pressed={pressed.to_string()}
                onclick={choose(Reading { page: language, both: false })}>{language.own_name()}</button>
        }
    };
    let theme = if state.theme == Theme::Light { words::theme_dark(page) } else { words::theme_light(page) };
    html! {
        <div class="head">
            <a class="skip" href="#text">{words::skip_to_text(page)}</a>
            if !state.is_first_visit() {
                <a class="skip" href="#findings">{words::skip_to_findings(page)}</a>
            }
            <div class="ribs" aria-hidden="true"></div>
            <header class="top">
                // The greeting is the first heading of the first visit; afterwards it is the name.
                <@{if state.is_first_visit() { "div" } else { "h1" }} class="brand">
                    <svg width="26" height="26" aria-hidden="true"><use href="#i-logo" /></svg>
                    <span>{words::brand(page)}</span>
                </@>
                <div class="seg seg-language" role="group" aria-label={words::language(page)}>
                    {language(Language::Ko)}
                    {language(Language::En)}
                    <button type="button" data-language="both" aria-pressed={state.reading.both.to_string()}
                        onclick={choose(Reading { page, both: true })}>{words::both(page)}</button>
                </div>
                <button type="button" class="tool" aria-label={theme} title={theme}
                    onclick={act.reform(|_: MouseEvent| Action::ThemeToggled)}>{icon("half")}</button>
            </header>
        </div>
    }
}
