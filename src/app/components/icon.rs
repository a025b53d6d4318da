//! The drawings of `www/icons.svg`.

use yew::prelude::*;

use crate::present::view::Severity;

/// A drawing by its name; decoration, because the word stands beside it.
pub(super) fn icon(name: &str) -> Html {
    html! { <svg class="ic" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}

/// The name of a severity in class names and drawings.
pub(in crate::app) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
