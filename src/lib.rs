//! celery-checkup: what is wrong in a Celery deployment, why it matters, and what to do now.
//!
//! The floors of the house, lowest first; imports point down only (`tests/layers.rs` holds them to it).
//!
//! | floor | module | what it knows |
//! | --- | --- | --- |
//! | 0 | [`words`], [`text`], [`catalogue`], [`finding`] | two languages; places and composed text; cards; findings |
//! | 1 | [`knowledge`], [`intake`] | tables derived from Celery's sources; encodings, kinds, detection |
//! | 2 | [`read`] | one reader per input kind: text to located document, never failing |
//! | 3 | [`facts`] | what the deployment says, from every source together, each fact with its evidence |
//! | 4 | [`rules`] | one small function and one card per rule; they ask facts, never syntax |
//! | 5 | [`checkup`] | read, gather, run every rule, place, sort, suppress |
//! | 6 | [`present`] | findings and cards become views, text and JSON |
//! | 7 | [`app`], `bin/` | the page, its worker, the command line |

#[cfg(feature = "engine")]
pub mod catalogue;
#[cfg(feature = "engine")]
pub mod checkup;
#[cfg(feature = "engine")]
pub mod facts;
#[cfg(feature = "engine")]
pub mod finding;
#[cfg(feature = "engine")]
pub mod intake;
#[cfg(feature = "engine")]
pub mod knowledge;
pub mod present;
#[cfg(feature = "engine")]
pub mod read;
#[cfg(feature = "engine")]
pub mod rules;
#[cfg(feature = "engine")]
pub mod text;
pub mod words;

#[cfg(feature = "app")]
pub mod app;
