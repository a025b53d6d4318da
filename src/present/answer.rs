//! From a report to views: sentences in both languages, lines and columns, secrets masked.

use super::view::{self, Answer, Bilingual, DocLink, Place, Role, Sentence, VersionBand};
use crate::catalogue::{self, Message, Shown, Template, cards};
use crate::checkup::{CheckedFile, Input, Judged, Report, bands};
use crate::facts::{VersionReason, VersionSet};
use crate::intake::Because;
use crate::knowledge::links;
use crate::text::{Span, order};

/// The views of a report. Every string from the paste is masked here, and nowhere after.
pub fn answer(report: &Report) -> Answer {
    let words = Words { report };
    Answer {
        seq: 0,
        build: cards::BUILD.to_owned(),
        versions: vec![words.versions("celery", &report.facts.celery)],
        files: report.inputs.iter().zip(&report.files).map(|(input, file)| words.file(input, file)).collect(),
        skipped: Vec::new(),
        findings: report.findings.iter().map(|judged| words.finding(judged)).collect(),
        questions: report.questions.iter().map(|question| words.question(question)).collect(),
        suppressed: report
            .suppressed
            .iter()
            .map(|(judged, by)| view::Suppressed {
                rule: judged.card.id.to_owned(),
                place: words.place(judged.span),
                by: words.place(*by),
            })
            .collect(),
        said: words.said(),
        picture: None,
        rules: report.rules,
        applied: report.applied,
    }
}

struct Words<'a> {
    report: &'a Report,
}

impl Words<'_> {
    fn place(&self, span: Span) -> Place {
        let point = |offset| self.report.places.point(span.source.0, offset);
        Place { file: span.source.0, start: point(span.start), end: point(span.end) }
    }

    /// Our own words hold no secret; the values from the paste are masked before they are put in.
    fn sentence(&self, template: Template, message: &Message) -> Bilingual<Sentence> {
        let mask = |text: &String| self.report.secrets.masked(text);
        let values: Vec<Shown> = message
            .values
            .iter()
            .map(|value| match value {
                Shown::Code(code) => Shown::Code(mask(code)),
                Shown::Words(words) => Shown::Words(words.map(mask)),
                Shown::CodeList(items) => Shown::CodeList(items.iter().map(mask).collect()),
            })
            .collect();
        catalogue::sentence(template, &values)
    }

    fn file(&self, input: &Input, file: &CheckedFile) -> view::File {
        view::File {
            id: input.id,
            version: input.version,
            path: input.path.clone(),
            kind: file.kind.to_string(),
            because: because(&file.because),
            bytes: input.bytes,
            encoding: input.encoding.as_str().to_owned(),
            variants: self.report.facts.variants.iter().map(|variant| variant.name.clone()).collect(),
            parts: file
                .parts
                .iter()
                .map(|part| view::Part {
                    kind: part.kind.to_string(),
                    because: because(&part.because),
                    place: self.place(part.span),
                })
                .collect(),
        }
    }

    fn finding(&self, judged: &Judged) -> view::Finding {
        let (card, finding) = (judged.card, &judged.finding);
        view::Finding {
            rule: card.id.to_owned(),
            severity: judged.severity,
            category: card.category,
            title: self.sentence(judged.says.title.unwrap_or(card.title), &finding.message),
            message: self.sentence(judged.says.message, &finding.message),
            place: self.place(judged.span),
            count: finding.count,
            seen: finding.seen.as_ref().map(|(first, last)| (first.as_str().to_owned(), last.as_str().to_owned())),
            holds_for: judged.holds_for.clone(),
            certain: judged.certain,
            scopes: finding.scopes.iter().map(|scope| self.report.secrets.masked(scope)).collect(),
            related: judged
                .related
                .iter()
                .map(|(span, role)| view::Related { place: self.place(*span), role: *role, message: role_words(*role) })
                .collect(),
            fixes: judged
                .fixes
                .iter()
                .map(|fix| view::Fix {
                    title: card
                        .action
                        .map_or_else(Bilingual::default, |action| self.sentence(action, &finding.message)),
                    safe: card.safe && judged.certain,
                    edits: fix
                        .edits
                        .iter()
                        .map(|(span, text)| view::Edit { place: self.place(*span), text: text.clone() })
                        .collect(),
                })
                .collect(),
            docs: docs(card),
            bands: bands(card, &self.report.facts.celery)
                .into_iter()
                .map(|band| VersionBand { versions: band.versions, severity: band.severity, here: band.here })
                .collect(),
            fix_in: finding.fix_in.filter(|kind| card.fix_in.contains(kind)).unwrap_or_default().to_owned(),
        }
    }

    /// Every setting that was recognised, once a place, with its value where that is known.
    fn said(&self) -> Vec<view::Said> {
        let mut said: Vec<view::Said> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (_, scope) in self.report.facts.scopes() {
            for setting in &scope.settings {
                for alternative in &setting.alternatives {
                    let span = setting.written.span();
                    let known = alternative.known.whole_text().map_or("", |text| text.as_str());
                    if seen.insert((span, setting.name, known)) {
                        let about = format!("setting:{}", setting.name);
                        let value = self.report.secrets.masked(known);
                        said.push(view::Said { place: self.place(span), about, value });
                    }
                }
            }
        }
        order::sort_by_key(&mut said, |it| it.place);
        said
    }

    fn question(&self, question: &crate::finding::Question) -> view::Question {
        let card = question.message.card;
        let says = card.outcome(question.message.outcome);
        view::Question {
            rule: card.id.to_owned(),
            title: self.sentence(says.title.unwrap_or(card.title), &question.message),
            message: self.sentence(says.message, &question.message),
            needs: question.needs.iter().map(|need| (*need).to_owned()).collect(),
            place: self.place(question.at.span()),
        }
    }

    fn versions(&self, product: &str, set: &VersionSet) -> view::Versions {
        view::Versions {
            product: product.to_owned(),
            possible: set.minors(),
            known: set.is_known(),
            because: version_words(set),
            from: set.evidence.as_ref().map(|text| self.place(text.span())),
        }
    }
}

fn because(because: &Because) -> Bilingual<String> {
    let (ko, en) = because.words();
    Bilingual { ko, en }
}

fn both(ko: &str, en: &str) -> Bilingual<String> {
    Bilingual { ko: ko.to_owned(), en: en.to_owned() }
}

fn version_words(set: &VersionSet) -> Bilingual<String> {
    match set.because {
        VersionReason::NothingSaysIt => both(
            "버전을 알려 주는 것이 없어, 지금 쓰이는 버전 모두를 가정했습니다.",
            "Nothing tells the version, so every version in use today was assumed.",
        ),
        VersionReason::Chosen => both("지정한 버전입니다.", "The version you chose."),
        VersionReason::Pinned => both("요구 사항 파일에 고정된 버전입니다.", "The version that the requirements pin."),
        VersionReason::Range => both("요구 사항 파일의 범위입니다.", "The range that the requirements allow."),
        VersionReason::Log => both("로그에서 알아낸 버전입니다.", "The version that the log shows."),
    }
}

fn role_words(role: Role) -> Bilingual<String> {
    match role {
        Role::Origin => both("값이 여기에서 옵니다", "the value comes from here"),
        Role::Cause => both("여기가 원인입니다", "this is the cause"),
        Role::Conflict => both("여기와 맞지 않습니다", "this does not go together with it"),
        Role::Symptom => both("로그가 같은 문제를 말합니다", "the log tells of the same problem"),
    }
}

/// The official pages of a card; a Korean page stands behind the English one it belongs to.
fn docs(card: &catalogue::Card) -> Vec<DocLink> {
    let link = |link: &links::Link| DocLink {
        url: link.url.to_owned(),
        title: link.title.to_owned(),
        lang: link.lang.to_owned(),
    };
    card.docs
        .iter()
        .filter_map(|key| links::find(key))
        .flat_map(|found| [Some(found), links::find(found.korean)])
        .flatten()
        .map(link)
        .collect()
}
