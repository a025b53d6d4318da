//! Tables that the build packed as one text each (src/catalogue/build/tables.rs): a line a row, a tab between cells.

use std::sync::OnceLock;

/// Takes the cells of a row, one after the other; past the last one they are empty.
pub(super) struct Cells(std::str::Split<'static, char>);

impl Cells {
    pub(super) fn text(&mut self) -> &'static str {
        self.0.next().unwrap_or_default()
    }

    pub(super) fn flag(&mut self) -> bool {
        !self.text().is_empty()
    }
}

/// A table, taken apart when it is first asked for.
pub(super) struct Table<Row: 'static> {
    packed: &'static str,
    row: fn(&mut Cells) -> Row,
    rows: OnceLock<Vec<Row>>,
}

impl<Row> Table<Row> {
    pub(super) const fn new(packed: &'static str, row: fn(&mut Cells) -> Row) -> Table<Row> {
        Table { packed, row, rows: OnceLock::new() }
    }

    pub(super) fn rows(&self) -> &[Row] {
        self.rows.get_or_init(|| self.packed.split('\n').map(|line| (self.row)(&mut Cells(line.split('\t')))).collect())
    }
}

/// The rows of a CSV table as it stands in its file: below the remarks and the line of names.
pub(super) fn rows_of(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1)
}
