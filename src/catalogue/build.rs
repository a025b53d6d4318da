//! The build script: reads cards, links and interface words, checks them, and writes Rust for them.
//!
//! A missing language, a hole that is spelt differently in one language, an unknown link or a broken
//! version range stops the build with the card's name.

#![allow(unreachable_pub)]

#[path = "build/backends.rs"]
mod backends;
#[path = "build/card.rs"]
mod card;
#[path = "build/check.rs"]
mod check;
#[path = "build/generate.rs"]
mod generate;
#[path = "build/pack.rs"]
mod pack;
#[path = "build/reference.rs"]
mod reference;
#[path = "build/sentence.rs"]
mod sentence;
#[path = "build/tables.rs"]
mod tables;
#[expect(dead_code, reason = "the catalogue asks it more than the build script does")]
#[path = "version.rs"]
mod version;
#[path = "build/words.rs"]
mod words;

use std::path::PathBuf;

fn main() {
    let manifest_dir = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let out_dir = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo:rerun-if-changed=src/catalogue");

    if std::env::var_os("CARGO_FEATURE_APP").is_some() {
        println!("cargo:rerun-if-changed=src/app/words.yaml");
        words::generate(&manifest_dir, &out_dir);
    }
    if std::env::var_os("CARGO_FEATURE_ENGINE").is_some() {
        println!("cargo:rerun-if-changed=src/rules");
        println!("cargo:rerun-if-changed=src/knowledge");
        let links: Vec<card::Link> = tables::rows(&manifest_dir.join("src/knowledge/links.csv"));
        let cards = card::read_all(&manifest_dir.join("src/rules"));
        let problems: Vec<String> = cards.iter().flat_map(|card| check::problems(card, &cards, &links)).collect();
        if !problems.is_empty() {
            for problem in &problems {
                println!("cargo:warning={problem}");
            }
            eprintln!("{}", problems.join("\n"));
            std::process::exit(1);
        }
        let build_id = pack::build_id(&cards);
        generate::cards(&cards, &build_id, &out_dir.join("cards.rs"));
        generate::long_texts(&cards, &out_dir.join("long_texts.rs"));
        generate::links(&links, &out_dir.join("links.rs"));
        tables::generate(&manifest_dir.join("src/knowledge"), &out_dir.join("tables.rs"));
        if std::env::var_os("CARGO_FEATURE_CLI").is_some() {
            reference::generate(&manifest_dir.join("src/knowledge"), &out_dir.join("reference.rs"));
        }
        backends::generate(&manifest_dir.join("src/knowledge"), &out_dir.join("backends.rs"));
        backends::generate_packages(&manifest_dir.join("src/knowledge"), &out_dir.join("packages.rs"));
        pack::write(&cards, &build_id, &out_dir);
    }
}
