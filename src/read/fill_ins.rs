//! Words of a file that is a template itself: Ansible's, Jinja's or Helm's `{{ name }}` is one word, however many
//! blanks it holds, and nobody knows yet what it will say.

use super::shell_words::Word;
use crate::text::Text;

/// The words with every `{{ … }}` and `{% … %}` put together. What stands for the folder of a program is left away.
pub(super) fn joined(words: Vec<Word>) -> Vec<Word> {
    if !words.iter().any(|word| opens(word.as_str()).is_some()) {
        return words;
    }
    let mut joined: Vec<Word> = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let Some(closing) = opens(word.as_str()) else {
            joined.push(word);
            continue;
        };
        let mut last = word.clone();
        while !last.as_str().contains(closing) {
            let Some(next) = words.next() else { break };
            last = next;
        }
        let behind = last.as_str().rfind(closing).map(|at| at + closing.len());
        // `{{ venv }}/bin/celery` is a program, whatever the folder is.
        let program = behind.filter(|at| joined.is_empty() && last.as_str()[*at..].starts_with('/'));
        joined.push(match program {
            Some(at) => Word::plain(rest(&last.text, at)),
            None => Word { expands: true, ..word },
        });
    }
    joined
}

fn rest(text: &Text, at: usize) -> Text {
    text.slice(at..text.len())
}

/// What closes the fill-in that a word opens.
fn opens(word: &str) -> Option<&'static str> {
    match word {
        _ if word.contains("{{") => Some("}}"),
        _ if word.contains("{%") => Some("%}"),
        _ => None,
    }
}
