//! Paths as `os.path` and `pathlib` put them together, on the systems that Celery's workers run on. What depends on
//! where a file lies is not known.

use super::evaluate::Evaluator;
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::Argument;
use crate::text::Text;

/// Linux has no longer ones.
const LONGEST: usize = 4_096;
/// A path of more parts is not followed.
const MOST_PARTS: usize = 32;

/// `os.path.join(…)`.
pub(super) fn join(evaluator: &Evaluator<'_>, arguments: &[Argument], at: &Text, depth: u32) -> Known {
    let part = |argument: &Argument| match argument.name.is_none() && !argument.unpacked {
        true => text_of(&evaluator.single(&argument.value, depth)),
        false => None,
    };
    let parts: Option<Vec<Text>> = arguments.iter().map(part).collect();
    match parts.filter(|parts| !parts.is_empty()) {
        Some(parts) => known(joined(&parts), &parts, at),
        None => Known::unknown(Why::Call("os.path.join".into()), at),
    }
}

/// `Path(…) / "name"`; `None` if it is something else.
pub(super) fn below(path: &Known, name: &Known) -> Option<Value> {
    let Value::Call { function, arguments, called } = &path.value else { return None };
    if arguments.len() > MOST_PARTS || path.size() + name.size() > 2 * MOST_PARTS {
        return None;
    }
    let arguments = arguments.iter().cloned().chain([(None, name.clone())]).collect();
    let joined = Value::Call { function: function.clone(), arguments, called: called.clone() };
    text_of(path).and(text_of(name)).map(|_| joined)
}

/// A text, or what `str()` makes of a path; `None` if not all of it is known.
pub(super) fn text_of(part: &Known) -> Option<Text> {
    let Value::Call { arguments, called, .. } = &part.value else { return part.whole_text().cloned() };
    let is_path = matches!(
        called.full_name.as_str(),
        "pathlib.Path" | "pathlib.PosixPath" | "pathlib.PurePath" | "pathlib.PurePosixPath"
    );
    if !is_path || called.unpacks || arguments.is_empty() {
        return None;
    }
    let parts: Option<Vec<Text>> =
        arguments.iter().map(|(name, part)| if name.is_none() { text_of(part) } else { None }).collect();
    let parts = parts?;
    let whole = joined(&parts);
    // POSIX leaves two slashes at the start alone.
    let root = match whole.len() - whole.trim_start_matches('/').len() {
        0 => "",
        2 => "//",
        _ => "/",
    };
    let names: Vec<&str> = whole.split('/').filter(|name| !name.is_empty() && *name != ".").collect();
    let plain = format!("{root}{}", names.join("/"));
    known(if plain.is_empty() { ".".to_owned() } else { plain }, &parts, &part.at).whole_text().cloned()
}

fn joined(parts: &[Text]) -> String {
    let mut path = String::new();
    for (number, part) in parts.iter().enumerate() {
        if part.as_str().starts_with('/') {
            path.clear();
        } else if number > 0 && !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(part.as_str());
    }
    path
}

fn known(path: String, parts: &[Text], at: &Text) -> Known {
    if path.len() > LONGEST {
        return Known::unknown(Why::TooMuch, at);
    }
    let text = match parts {
        [only] if only.as_str() == path => only.clone(),
        _ => Text::pointing_at(at, &path),
    };
    Known { value: Value::Text(Template::plain(text)), at: at.clone() }
}
