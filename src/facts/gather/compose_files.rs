//! Which compose files are given to Compose together: `-f a -f b` in a pasted command, `COMPOSE_FILE`, `include`.

use super::file_name;
use crate::facts::Piece;
use crate::intake::Kind;
use crate::read::Document;
use crate::read::yaml::Node;
use crate::text::Text;

/// Groups of pieces that are one deployment, in the order in which they are laid over each other.
pub(super) fn groups(pieces: &[Piece]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for piece in pieces {
        match (&piece.document, piece.kind) {
            (_, Kind::Command | Kind::Shell) => {
                for line in piece.text.lines().filter(|line| line.as_str().contains("compose")) {
                    add(given(line.as_str()), pieces, &mut groups);
                }
            }
            // Compose reads the variable from the file, too.
            (Document::EnvFile(file), Kind::Env) if file_name(&piece.path) == ".env" => {
                let files = file.get("COMPOSE_FILE").and_then(|variable| variable.value.as_ref());
                add(
                    files.map(|files| files.as_str().split([':', ';']).collect()).unwrap_or_default(),
                    pieces,
                    &mut groups,
                );
            }
            _ => {}
        }
    }
    for (index, piece) in pieces.iter().enumerate() {
        if piece.kind != Kind::Compose {
            continue;
        }
        let included: Vec<usize> =
            included(piece).iter().filter_map(|path| named(path, pieces)).filter(|it| *it != index).collect();
        if included.is_empty() {
            continue;
        }
        // What is included comes first: the file itself may change nothing of it, and reads best last.
        let mine = groups.iter_mut().filter(|group| group.contains(&index));
        let mut is_in_a_group = false;
        for group in mine {
            is_in_a_group = true;
            group.splice(0..0, included.iter().copied());
        }
        if !is_in_a_group {
            groups.push(included.into_iter().chain([index]).collect());
        }
    }
    for group in &mut groups {
        let mut seen = Vec::new();
        group.retain(|index| {
            !seen.contains(index) && {
                seen.push(*index);
                true
            }
        });
    }
    groups
}

/// Whether a file of the group takes the others in by itself.
pub(super) fn is_by_include(group: &[usize], pieces: &[Piece]) -> bool {
    group.iter().any(|index| !included(&pieces[*index]).is_empty())
}

/// Whether a file only holds what the services of another extend: Compose is never given it alone.
pub(super) fn is_only_extended(index: usize, pieces: &[Piece]) -> bool {
    let name = file_name(&pieces[index].path);
    let stem = name.split('.').next().unwrap_or(name);
    if ["compose", "docker-compose", "podman-compose"].contains(&stem) || pieces[index].part.is_some() {
        return false;
    }
    let others = pieces.iter().enumerate().filter(|(other, piece)| *other != index && piece.kind == Kind::Compose);
    others.filter_map(|(_, piece)| if let Document::Yaml(yaml) = &piece.document { Some(yaml) } else { None }).any(
        |yaml| {
            let services = yaml.roots().flat_map(|root| root.get("services").unwrap_or(root).entries());
            let mut files = services.filter_map(|entry| entry.value.path(["extends", "file"])?.scalar());
            files.any(|file| file_name(file.as_str()) == name)
        },
    )
}

/// Whether a file that a command lays others over is one that Compose also takes by itself, and starts something of
/// Celery's that they replace.
pub(super) fn is_also_alone(index: usize, groups: &[Vec<usize>], pieces: &[Piece]) -> bool {
    let path = &pieces[index].path;
    let has_name =
        ["docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"].contains(&file_name(path));
    // Something beside it says which files Compose takes instead.
    let is_overridden = |other: &Piece| match &other.document {
        Document::EnvFile(file) => file.get("COMPOSE_FILE").is_some(),
        _ => other.path.contains(".override.") && other.path.replace(".override", "") == *path,
    };
    if !has_name || pieces.iter().any(is_overridden) {
        return false;
    }
    let of_group = groups.iter().filter(|group| group.first() == Some(&index) && !is_by_include(group, pieces));
    let services = |index: usize| match &pieces[index].document {
        Document::Yaml(yaml) => yaml.roots().filter_map(|root| root.get("services")).flat_map(Node::entries).collect(),
        _ => Vec::new(),
    };
    let own: Vec<&str> = services(index)
        .into_iter()
        .filter(|service| service.value.get("command").is_some_and(|it| it.at.as_str().contains("celery")))
        .filter_map(|service| service.name().map(Text::as_str))
        .collect();
    of_group.flat_map(|group| &group[1..]).flat_map(|other| services(*other)).any(|service| {
        service.value.get("command").is_some() && service.name().is_some_and(|name| own.contains(&name.as_str()))
    })
}

/// The files behind `-f` and `--file` of a line.
fn given(line: &str) -> Vec<&str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some(start) = words.iter().position(|word| {
        let name = word.rsplit('/').next().unwrap_or(word);
        matches!(name, "compose" | "docker-compose" | "podman-compose")
    }) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut words = words[start + 1..].iter();
    while let Some(word) = words.next() {
        match word.strip_prefix("--file=") {
            Some(file) => files.push(file),
            None if matches!(*word, "-f" | "--file") => files.extend(words.next()),
            // `docker compose logs -f worker`
            None if !word.starts_with('-') => break,
            None if matches!(*word, "-p" | "--project-name" | "--env-file" | "--profile" | "--project-directory") => {
                words.next();
            }
            None => {}
        }
    }
    files
}

/// Adds a group where several files are named and each of them was pasted.
fn add(files: Vec<&str>, pieces: &[Piece], groups: &mut Vec<Vec<usize>>) {
    let found: Option<Vec<usize>> = files.iter().map(|path| named(path, pieces)).collect();
    if let Some(found) = found.filter(|found| found.len() > 1)
        && !groups.contains(&found)
    {
        groups.push(found);
    }
}

/// `include: [a.yml, {path: b.yml}]`
fn included(piece: &Piece) -> Vec<String> {
    let Document::Yaml(yaml) = &piece.document else { return Vec::new() };
    let items = yaml.roots().filter_map(|root| root.get("include")).flat_map(Node::items);
    items
        .flat_map(|item| {
            let path = item.get("path");
            let many = path.map(Node::items).unwrap_or_default().iter().filter_map(|it| it.scalar());
            item.scalar().into_iter().chain(path.and_then(Node::scalar)).chain(many).collect::<Vec<_>>()
        })
        .map(|path| path.as_str().trim_matches(['"', '\'']).to_owned())
        .collect()
}

/// The one compose file of a path: the path itself, else the only one of that name.
fn named(path: &str, pieces: &[Piece]) -> Option<usize> {
    let wanted = path.trim_matches(['"', '\'']).trim_start_matches("./");
    let files = || pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Compose && piece.part.is_none());
    let whole = files().find(|(_, piece)| piece.path.trim_start_matches("./") == wanted);
    let exact = whole.or_else(|| files().find(|(_, piece)| piece.path.ends_with(&format!("/{wanted}"))));
    let mut same = files().filter(|(_, piece)| file_name(&piece.path) == file_name(wanted));
    exact.or_else(|| same.next().filter(|_| same.next().is_none())).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::given;

    #[test]
    fn files_of_a_command_are_told_from_other_options() {
        for (line, files) in [
            ("docker compose -f a.yml -f b.yml up -d", vec!["a.yml", "b.yml"]),
            ("sudo docker-compose -p shop --file=a.yml --file b.yml run -f x", vec!["a.yml", "b.yml"]),
            ("docker compose logs -f worker", vec![]),
            ("tail -f compose", vec![]),
        ] {
            assert_eq!(given(line), files, "{line}");
        }
    }
}
