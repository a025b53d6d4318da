//! "Why are my messages refused?": serializers, what a worker accepts, and who may send code.

use super::Rule;

mod accept_content_empty;
mod accept_content_string;
mod pickle_accepted;
mod serializer_not_accepted;
mod serializer_unknown;
mod setup_security_incomplete;

pub(super) const RULES: &[Rule] = &[
    pickle_accepted::RULE,
    serializer_not_accepted::RULE,
    serializer_unknown::RULE,
    accept_content_string::RULE,
    accept_content_empty::RULE,
    setup_security_incomplete::RULE,
];
