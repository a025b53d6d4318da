//! The engine as the page's worker holds it: the page's files, kept between requests.

use super::view::{Answer, Pasted, Request};
use super::{answer, picture};
use crate::catalogue::cards;
use crate::catalogue::version::Version;
use crate::checkup::{self, Input, Options};

/// Answers the page's requests. The page owns the truth: this holds only the texts that it was told last.
#[derive(Default)]
pub struct Checker {
    /// By the page's number for each file, which is also the order in which they were added.
    files: Vec<Pasted>,
    /// What the last check read.
    before: checkup::Before,
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
        self.files.retain(|file| !request.removed.contains(&file.id));
        for file in request.changed {
            match self.files.binary_search_by_key(&file.id, |known| known.id) {
                Ok(at) => self.files[at] = file,
                Err(at) => self.files.insert(at, file),
            }
        }
        let version = |text: &Option<String>| text.as_deref().and_then(Version::parse);
        let options = Options {
            celery: version(&request.options.celery),
            rabbitmq: version(&request.options.rabbitmq),
            filtered: false,
        };
        let inputs = self
            .files
            .iter()
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
        let report = checkup::check_again(inputs, &options, &mut self.before);
        Answer { seq: request.seq, picture: request.picture.then(|| picture(&report)), ..answer(&report) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn file(id: u32, name: &str, text: &str) -> Pasted {
        Pasted { id, name: name.to_owned(), text: text.to_owned(), ..Pasted::default() }
    }

    #[test]
    fn what_was_read_before_answers_as_if_it_were_read_now() {
        let note = "```sh\ncelery -A shop worked\n```\n\n```python\nCELERY_RESULT_BACKEND = 'amqp://a//'\n```\n";
        let first =
            vec![file(1, "notes.md", note), file(2, "a.py", "x = 1\n"), file(3, "b.sh", "celery -A b worked\n")];
        let steps = [
            (first, vec![]),
            (vec![file(2, "a.py", "result_backend = 'amqp://a//'\n")], vec![]),
            (vec![Pasted { kind: Some("shell".to_owned()), ..file(1, "notes.md", note) }], vec![]),
            (vec![], vec![1]),
            (vec![file(3, "b.sh", "celery -A b worker\n"), file(4, "c.sh", "celery -A c worked\n")], vec![]),
        ];
        let mut kept = Checker::new();
        let mut files = BTreeMap::new();
        for (changed, removed) in steps {
            files.retain(|id, _| !removed.contains(id));
            files.extend(changed.iter().map(|file| (file.id, file.clone())));
            let all = Request { changed: files.values().cloned().collect(), picture: true, ..Request::default() };
            let answer = kept.answer(Request { changed, removed, picture: true, ..Request::default() });
            assert_eq!(answer, Checker::new().answer(all));
        }
    }
}
