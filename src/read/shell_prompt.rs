//! What a line copied from a terminal begins with: `$ `, `user@host:~$ `, `(venv) PS C:\\shop> `.

/// The prompt of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Its bytes, with the blanks around it.
    pub(super) len: usize,
    /// Whether the line is one of Windows, by its prompt or by the path of its program.
    pub(super) windows: bool,
}

/// Longer heads are text, not prompts.
const LONGEST: usize = 120;

/// The prompt that a line begins with; of no length if it has none.
pub(super) fn of(line: &str) -> Prompt {
    let indent = line.len() - line.trim_start().len();
    let rest = &line[indent..];
    if let Some(len) = windows(rest) {
        return Prompt { len: indent + len, windows: true };
    }
    let len = posix(rest).map_or(0, |len| indent + len);
    Prompt { len, windows: is_windows_path(&line[len..]) }
}

/// `$ `, `(venv) $ `, `user@host:~/app$ `, `[user@host app]$ `, `bash-5.1# `, `➜  app git:(main) ✗ `.
fn posix(rest: &str) -> Option<usize> {
    for prompt in ["$ ", "# ", "% ", "> ", "❯ ", "➜ ", "λ "] {
        if let Some(after) = rest.strip_prefix(prompt) {
            // `# ` begins a comment far more often than a root prompt: only before the program that we know.
            let is_prompt = prompt != "# " || after.starts_with("celery ");
            // `➜  app git:(main) ✗ celery …`
            let branch = if prompt == "➜ " { after.find("✗ ").map(|at| at + "✗ ".len()) } else { None };
            return is_prompt.then(|| prompt.len() + branch.unwrap_or(0));
        }
    }
    let end = rest.find("$ ").or_else(|| rest.find("# "))?;
    let head = &rest[..end];
    let is_plain = head.len() < LONGEST && !head.contains(['\'', '"', '=', '`', ';', '|']);
    let is_host = head.contains('@') && (head.contains(':') || (head.starts_with('[') && head.ends_with(']')));
    let is_venv = head.starts_with('(') && head.trim_end().ends_with(')') && !head.contains("$(");
    let is_shell = ["bash-", "sh-"].iter().any(|shell| head.starts_with(shell)) && !head.contains(' ');
    (is_plain && (is_host || is_venv || is_shell)).then_some(end + 2)
}

/// `C:\shop>`, `PS C:\shop> `, `(venv) PS C:\shop> `, `PS> `.
fn windows(rest: &str) -> Option<usize> {
    let end = rest.find('>')?;
    let head = &rest[..end];
    let head = match head.strip_prefix('(').and_then(|inside| inside.split_once(") ")) {
        Some((_, after)) => after,
        None => head,
    };
    let place = head.strip_prefix("PS").map_or(head, str::trim_start);
    let is_prompt = (place.is_empty() && head == "PS") || (is_drive(place) && !place.ends_with(' '));
    let is_plain = head.len() < LONGEST && !head.contains(['"', '\'']) && !head.contains(".exe");
    if !is_prompt || !is_plain {
        return None;
    }
    let after = &rest[end + 1..];
    Some(end + 1 + (after.len() - after.trim_start_matches(' ').len()))
}

/// `C:\`, `d:\`.
fn is_drive(path: &str) -> bool {
    let mut characters = path.chars();
    characters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && characters.next() == Some('\\')
}

/// Whether a line starts a program by a path of Windows: `C:\venv\Scripts\celery.exe`, `.\venv\Scripts\celery`.
fn is_windows_path(line: &str) -> bool {
    let first = line.trim_start().trim_start_matches(['&', ' ', '"']);
    let program = first.split([' ', '"']).next().unwrap_or_default();
    is_drive(program) || program.starts_with(".\\") || program.to_ascii_lowercase().contains("\\scripts\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_from_commands() {
        for (line, command) in [
            ("$ celery beat", "celery beat"),
            ("  (venv) me@host:~/x$ celery beat", "celery beat"),
            ("(venv) $ celery beat", "celery beat"),
            ("[celery@web01 shop]$ celery beat", "celery beat"),
            ("bash-5.1# celery beat", "celery beat"),
            ("# celery beat", "celery beat"),
            ("# then celery starts", "# then celery starts"),
            ("➜  shop git:(main) ✗ celery beat", "celery beat"),
            ("C:\\shop>celery beat", "celery beat"),
            ("(venv) PS C:\\My Shop> celery beat", "celery beat"),
            ("PS> celery beat", "celery beat"),
            ("celery beat > C:\\log.txt", "celery beat > C:\\log.txt"),
            ("echo '$ celery beat'", "echo '$ celery beat'"),
            ("N=$(nproc) # celery beat", "N=$(nproc) # celery beat"),
        ] {
            assert_eq!(&line[of(line).len..], command, "{line}");
        }
        assert!(of("C:\\venv\\Scripts\\celery.exe -A shop worker").windows);
        assert!(of("PS C:\\shop> celery -A shop worker").windows);
        assert!(!of("celery -A shop worker --pidfile=C:\\x").windows);
    }
}
