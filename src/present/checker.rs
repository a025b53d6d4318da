//! The engine as the page's worker holds it: the page's files, kept between requests.

use std::collections::BTreeMap;

use super::view::{Answer, Pasted, Request};
use super::{answer, picture};
use crate::catalogue::cards;
use crate::catalogue::version::Version;
use crate::checkup::{self, Input, Options};

/// Answers the page's requests. The page owns the truth: this holds only the texts that it was told last.
#[derive(Default)]
pub struct Checker {
    /// By the page's number for each file, which is also the order in which they were added.
    files: BTreeMap<u32, Pasted>,
}

impl Checker {
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the build: text packs of another build are refused.
    pub fn build(&self) -> &'static str {
        cards::BUILD
    }

    /// Takes over what changed and checks everything together.
    pub fn answer(&mut self, request: Request) -> Answer {
        for id in &request.removed {
            self.files.remove(id);
        }
        self.files.extend(request.changed.into_iter().map(|file| (file.id, file)));
        let version = |text: &Option<String>| text.as_deref().and_then(Version::parse);
        let options = Options {
            celery: version(&request.options.celery),
            rabbitmq: version(&request.options.rabbitmq),
            filtered: false,
        };
        let inputs = self
            .files
            .values()
            .map(|file| Input {
                id: file.id,
                version: file.version,
                kind: file.kind.as_deref().and_then(|kind| kind.parse().ok()),
                part_kinds: file
                    .part_kinds
                    .iter()
                    .filter_map(|(part, kind)| Some((*part as usize, kind.parse().ok()?)))
                    .collect(),
                ..Input::new(file.name.clone(), &file.text)
            })
            .collect();
        let report = checkup::check(inputs, &options);
        Answer { seq: request.seq, picture: request.picture.then(|| picture(&report)), ..answer(&report) }
    }
}
