//! Brings in files: paths as given, folders walked as git sees them, standard input.

use std::fs;
use std::io::Read;
use std::path::Path;

use celery_checkup::checkup::Input;
use celery_checkup::intake::{self, Kind};
use celery_checkup::present::view::{Bilingual, Skipped};
use ignore::WalkBuilder;

/// Files in walked folders beyond this are left out and said to be, unless they are logs.
const LARGEST: u64 = 2 * 1024 * 1024;

/// What was brought in.
#[derive(Default)]
pub(crate) struct Brought {
    pub(crate) inputs: Vec<Input>,
    pub(crate) skipped: Vec<Skipped>,
    /// Files in walked folders that are of no known kind.
    pub(crate) walked: u32,
    /// Paths that could not be read: the call was wrong.
    pub(crate) unreadable: bool,
}

/// Brings in every path, in order; inside a folder by path.
pub(crate) fn bring(paths: &[String], stdin_name: Option<&str>) -> Brought {
    let mut brought = Brought::default();
    for path in paths {
        if path == "-" {
            let mut bytes = Vec::new();
            match std::io::stdin().lock().read_to_end(&mut bytes) {
                Ok(_) => brought.add(stdin_name.unwrap_or("<stdin>").to_owned(), &bytes),
                Err(error) => brought.cannot_read("<stdin>", &error),
            }
            continue;
        }
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => brought.walk(Path::new(path)),
            Ok(_) => match fs::read(path) {
                Ok(bytes) => brought.add(with_slashes(Path::new(path)), &bytes),
                Err(error) => brought.cannot_read(path, &error),
            },
            Err(error) => brought.cannot_read(path, &error),
        }
    }
    brought
}

fn with_slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

impl Brought {
    fn add(&mut self, path: String, bytes: &[u8]) {
        match intake::decode(bytes) {
            Ok((text, encoding)) => {
                let mut input = Input::new(path, &text);
                input.encoding = encoding;
                input.bytes = bytes.len() as u64;
                self.inputs.push(input);
            }
            Err(_) => self.skipped.push(Skipped {
                path,
                because: Bilingual {
                    ko: "글로 읽을 수 없는 파일입니다.".to_owned(),
                    en: "This file is not text.".to_owned(),
                },
            }),
        }
    }

    fn cannot_read(&mut self, path: &str, error: &std::io::Error) {
        self.unreadable = true;
        self.skipped.push(Skipped {
            path: path.to_owned(),
            because: Bilingual {
                ko: format!("열 수 없습니다. {error}"), en: format!("It cannot be opened: {error}")
            },
        });
    }

    fn walk(&mut self, folder: &Path) {
        let walk = WalkBuilder::new(folder)
            .hidden(false)
            .follow_links(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .sort_by_file_path(std::cmp::Ord::cmp)
            .build();
        let mut data: Vec<(String, Vec<u8>)> = Vec::new();
        for entry in walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file())) {
            let path = with_slashes(entry.path());
            let Ok(bytes) = fs::read(entry.path()) else { continue };
            let head = intake::decode(&bytes[..bytes.len().min(4096)]).map(|(text, _)| text).unwrap_or_default();
            let kind = intake::detect(Some(&path), &head).kind;
            // What dynaconf reads has no kind of its own.
            let is_data = path.ends_with("settings.toml") || path.ends_with(".secrets.toml");
            if kind == Kind::Unknown && is_data && bytes.len() as u64 <= LARGEST {
                data.push((path, bytes));
            } else if kind == Kind::Unknown {
                self.walked += 1;
            } else if bytes.len() as u64 > LARGEST && kind != Kind::Log {
                let because = Bilingual {
                    ko: "폴더 안의 파일은 2 MiB까지 읽습니다. 파일을 직접 지정하면 앞부분을 읽습니다.".to_owned(),
                    en: "In a folder, files are read up to 2 MiB. Name the file itself to have its beginning read."
                        .to_owned(),
                };
                self.skipped.push(Skipped { path, because });
            } else {
                self.add(path, &bytes);
            }
        }
        match self.inputs.iter().any(|input| input.text.contains("dynaconf")) {
            true => data.into_iter().for_each(|(path, bytes)| self.add(path, &bytes)),
            false => self.walked += u32::try_from(data.len()).unwrap_or(u32::MAX),
        }
    }
}
