//! The list of findings: equal findings at several places are one row, the worst first.

use crate::present::view::{Answer, Finding, Severity};
use crate::words::plain;

/// What makes findings one row. It stays the same while the text around them moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowKey {
    pub(super) rule: String,
    severity: Severity,
    title: String,
}

impl RowKey {
    fn of(finding: &Finding) -> RowKey {
        RowKey { rule: finding.rule.clone(), severity: finding.severity, title: plain(&finding.title.en) }
    }

    /// An ASCII name for ids of elements.
    pub(super) fn id(&self, index: usize) -> String {
        format!("finding-{}-{index}", self.rule)
    }
}

/// One row: indices into [`Answer::findings`], in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) key: RowKey,
    pub(super) findings: Vec<usize>,
}

/// All rows of an answer.
pub(super) fn rows(answer: &Answer) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (index, finding) in answer.findings.iter().enumerate() {
        let key = RowKey::of(finding);
        match rows.iter_mut().find(|row| row.key == key) {
            Some(row) => row.findings.push(index),
            None => rows.push(Row { key, findings: vec![index] }),
        }
    }
    // Within a severity the answer's order holds, which is that of the text.
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .flat_map(|severity| rows.iter().filter(move |row| row.key.severity == severity).cloned())
        .collect()
}
