//! Names of one file that mean tasks of another: each sending, callback and errback finds its task.

use std::collections::HashMap;

use super::{CodeFile, MadeBy, TaskRef};

/// Finds the task that each name means, in its own file or in the one that it was imported from.
pub(super) fn join(files: &mut [CodeFile]) {
    let index = Index::of(files);
    for (number, file) in files.iter_mut().enumerate() {
        let CodeFile { sendings, callbacks, errbacks, chords, called_early, .. } = file;
        let chorded = chords.iter_mut().flat_map(|chord| &mut chord.header);
        for signature in callbacks.iter_mut().chain(errbacks).chain(chorded) {
            signature.task = index.find(number, &signature.full_name);
        }
        for early in called_early {
            early.task = index.find(number, &early.full_name);
        }
        for sending in sendings {
            sending.task = index.find(number, &sending.full_name);
        }
    }
}

/// The tasks of every file by their names.
struct Index {
    /// Path, and whether it is a part of a note.
    files: Vec<(String, bool)>,
    tasks: HashMap<String, Vec<TaskRef>>,
}

impl Index {
    fn of(files: &[CodeFile]) -> Index {
        let mut tasks: HashMap<String, Vec<TaskRef>> = HashMap::new();
        for (file, code) in files.iter().enumerate() {
            for (number, task) in code.tasks.iter().enumerate() {
                if !task.is_method && task.made_by != MadeBy::Class {
                    let same = tasks.entry(task.name.as_str().to_owned()).or_default();
                    same.push(TaskRef { file, task: number });
                }
            }
        }
        Index { files: files.iter().map(|file| (file.path.clone(), file.part.is_some())).collect(), tasks }
    }

    /// The one task that a whole name means in a file.
    fn find(&self, number: usize, full_name: &str) -> Option<TaskRef> {
        let (module, name) = full_name.rsplit_once('.').unwrap_or(("", full_name));
        let is_meant = |task: &&TaskRef| match module {
            "" => task.file == number,
            // Blocks of one note are alternatives.
            _ => {
                let (path, is_part) = &self.files[task.file];
                !is_part && !self.files[number].1 && is_module(path, module)
            }
        };
        let mut found = self.tasks.get(name)?.iter().filter(is_meant);
        match (found.next(), found.next()) {
            (Some(only), None) => Some(*only),
            _ => None,
        }
    }
}

/// Whether a path may be that of a module: their last parts are the same, as far as both are shown.
pub(super) fn is_module(path: &str, module: &str) -> bool {
    let path = path.trim_end_matches(".py").trim_end_matches("/__init__");
    let of_path = path.rsplit('/').filter(|part| !part.is_empty() && *part != ".");
    let of_module = module.rsplit('.').filter(|part| !part.is_empty());
    let mut pairs = of_path.zip(of_module).peekable();
    pairs.peek().is_some() && pairs.all(|(one, other)| one == other)
}
