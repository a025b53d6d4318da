//! What can no longer be imported, and from which version on.

use std::sync::OnceLock;

use super::packed::rows_of;

/// A module, or one name of a module, that is gone.
#[derive(Debug)]
pub struct RemovedImport {
    pub module: &'static str,
    /// Absent if the whole module is gone.
    pub name: Option<&'static str>,
    /// The range of Celery's versions that lack it; absent if none of those that are known had it.
    pub gone_in: Option<&'static str>,
    /// Where the same is found today.
    pub replacement: Option<&'static str>,
}

/// Every row of the table.
pub fn removed() -> &'static [RemovedImport] {
    static ROWS: OnceLock<Vec<RemovedImport>> = OnceLock::new();
    ROWS.get_or_init(|| rows_of(include_str!("removed_imports.csv")).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<RemovedImport> {
    let mut cells = line.split(',');
    let mut cell = || cells.next();
    let module = cell()?;
    let mut filled = || cell().map(|cell| (!cell.is_empty()).then_some(cell));
    Some(RemovedImport { module, name: filled()?, gone_in: filled()?, replacement: filled()? })
}

/// The row for an import: the name alone if only that is gone, else the module or one that it stands in.
pub fn find(module: &str, name: Option<&str>) -> Option<&'static RemovedImport> {
    let whole = |row: &&RemovedImport| {
        row.name.is_none()
            && (module == row.module || module.strip_prefix(row.module).is_some_and(|rest| rest.starts_with('.')))
    };
    // The longest module that fits says most: celery.task.schedules before celery.task.
    let by_module = removed().iter().filter(whole).max_by_key(|row| row.module.len());
    by_module
        .or_else(|| removed().iter().find(|row| row.module == module && row.name.is_some() && row.name == name))
        .or_else(|| {
            // `from celery import decorators` takes a module.
            let taken = format!("{module}.{}", name?);
            removed().iter().find(|row| row.name.is_none() && row.module == taken)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::version::VersionRange;

    #[test]
    fn every_row_is_complete_and_the_nearest_is_found() {
        assert!(removed().len() > 30);
        for row in removed() {
            assert!(row.gone_in.is_none_or(|range| VersionRange::parse(range).is_some()), "{}", row.module);
        }
        let replacement = |module, name| find(module, name).and_then(|row| row.replacement);
        assert_eq!(replacement("celery.task.schedules", Some("crontab")), Some("celery.schedules"));
        assert_eq!(replacement("celery.task", Some("task")), Some("celery.shared_task"));
        assert!(find("celery", Some("decorators")).is_some() && find("celery", Some("shared_task")).is_none());
        assert!(find("celery.tasks", None).is_none() && find("celery.bin.base", Some("CeleryCommand")).is_none());
    }
}
