//! The report as JSON: a contract with other programs. See `tests/report.schema.json`.

use serde::Serialize;

use super::view::{self, Answer, Bilingual, Category, DocLink, Point, Role, Sentence, Severity, plain};

/// The version of the contract: a removed or changed field is the next one.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    versions: Vec<Versions<'a>>,
    files: Vec<File<'a>>,
    skipped: Vec<Skipped<'a>>,
    walked: u32,
    findings: Vec<Finding<'a>>,
    said: Vec<Said<'a>>,
    questions: Vec<Question<'a>>,
    suppressed: Vec<Suppressed<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Versions<'a> {
    product: &'a str,
    possible: &'a [String],
    known: bool,
    because: &'a Bilingual<String>,
    from: Option<Place<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    kind: &'a str,
    because: &'a Bilingual<String>,
    bytes: u64,
    encoding: &'a str,
    variants: &'a [String],
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    kind: &'a str,
    because: &'a Bilingual<String>,
    start: Where,
    end: Where,
}

#[derive(Serialize)]
struct Skipped<'a> {
    path: &'a str,
    because: &'a Bilingual<String>,
}

/// A point as the contract counts it: no UTF-16 there.
#[derive(Serialize)]
struct Where {
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    start: Where,
    end: Where,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: Severity,
    category: Category,
    title: Bilingual<String>,
    message: Bilingual<String>,
    file: &'a str,
    start: Where,
    end: Where,
    count: u32,
    first_seen: Option<&'a str>,
    last_seen: Option<&'a str>,
    holds_for: Option<&'a str>,
    certain: bool,
    scopes: &'a [String],
    related: Vec<Related<'a>>,
    fixes: Vec<Fix<'a>>,
    docs: &'a [DocLink],
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    role: Role,
    message: &'a Bilingual<String>,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: Bilingual<String>,
    safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Said<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    about: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Question<'a> {
    rule: &'a str,
    title: Bilingual<String>,
    message: Bilingual<String>,
    needs: &'a [String],
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    rule: &'a str,
    file: &'a str,
    start: Where,
    by: Place<'a>,
}

/// The report, indented, with a line end. `walked` counts files in walked folders that were of no known kind.
pub fn report(answer: &Answer, walked: u32) -> String {
    let place = |place: &view::Place| located(answer, place);
    let report = Report {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        versions: answer
            .versions
            .iter()
            .map(|it| Versions {
                product: &it.product,
                possible: &it.possible,
                known: it.known,
                because: &it.because,
                from: it.from.as_ref().map(place),
            })
            .collect(),
        files: answer
            .files
            .iter()
            .map(|file| File {
                path: &file.path,
                kind: &file.kind,
                because: &file.because,
                bytes: file.bytes,
                encoding: &file.encoding,
                variants: &file.variants,
                parts: file
                    .parts
                    .iter()
                    .map(|part| Part {
                        kind: &part.kind,
                        because: &part.because,
                        start: point(part.place.start),
                        end: point(part.place.end),
                    })
                    .collect(),
            })
            .collect(),
        skipped: answer.skipped.iter().map(|it| Skipped { path: &it.path, because: &it.because }).collect(),
        walked,
        findings: answer.findings.iter().map(|it| finding(answer, it)).collect(),
        said: answer
            .said
            .iter()
            .map(|it| Said { place: place(&it.place), about: &it.about, value: &it.value })
            .collect(),
        questions: answer
            .questions
            .iter()
            .map(|it| Question {
                rule: &it.rule,
                title: flat(&it.title),
                message: flat(&it.message),
                needs: &it.needs,
                place: place(&it.place),
            })
            .collect(),
        suppressed: answer
            .suppressed
            .iter()
            .map(|it| Suppressed {
                rule: &it.rule,
                file: path(answer, it.place.file),
                start: point(it.place.start),
                by: place(&it.by),
            })
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn finding<'a>(answer: &'a Answer, it: &'a view::Finding) -> Finding<'a> {
    Finding {
        rule: &it.rule,
        severity: it.severity,
        category: it.category,
        title: flat(&it.title),
        message: flat(&it.message),
        file: path(answer, it.place.file),
        start: point(it.place.start),
        end: point(it.place.end),
        count: it.count,
        first_seen: it.seen.as_ref().map(|(first, _)| first.as_str()),
        last_seen: it.seen.as_ref().map(|(_, last)| last.as_str()),
        holds_for: it.holds_for.as_deref(),
        certain: it.certain,
        scopes: &it.scopes,
        related: it
            .related
            .iter()
            .map(|it| Related { place: located(answer, &it.place), role: it.role, message: &it.message })
            .collect(),
        fixes: it
            .fixes
            .iter()
            .map(|fix| Fix {
                title: flat(&fix.title),
                safe: fix.safe,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit { place: located(answer, &edit.place), text: &edit.text })
                    .collect(),
            })
            .collect(),
        docs: &it.docs,
    }
}

fn path(answer: &Answer, file: u32) -> &str {
    answer.files.get(file as usize).map_or("", |file| file.path.as_str())
}

fn located<'a>(answer: &'a Answer, place: &view::Place) -> Place<'a> {
    Place { file: path(answer, place.file), start: point(place.start), end: point(place.end) }
}

fn point(point: Point) -> Where {
    Where { line: point.line, column: point.column, offset: point.offset }
}

fn flat(sentence: &Bilingual<Sentence>) -> Bilingual<String> {
    sentence.map(|segments| plain(segments))
}
