use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::COMPRESSION_UNKNOWN, sees: &[Kind::Python], check };

/// What people write, and what kombu/compression.py calls it. A project may register names of its own.
const MEANT: [(&str, &str); 6] =
    [("gz", "gzip"), ("gunzip", "gzip"), ("GZIP", "gzip"), ("bz2", "bzip2"), ("deflate", "zlib"), ("zst", "zstd")];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in ["task_compression", "result_compression"].into_iter().flat_map(|name| scope.said(name)) {
            let Some(found) = said.known.whole_text() else { continue };
            let listed = MEANT.iter().find(|(written, _)| *written == found.as_str()).map(|(_, meant)| *meant);
            let Some(meant) = listed.or_else(|| nearly(found.as_str())) else { continue };
            findings
                .add(cards::CompressionUnknown { found, meant })
                .at(found)
                .scope(&scope.name)
                .as_said(&said)
                .replace(found, meant);
        }
    }
}

/// One letter off a name of kombu's own, and none of them itself.
fn nearly(written: &str) -> Option<&'static str> {
    const KNOWN: [&str; 9] = ["gzip", "bzip2", "zlib", "brotli", "lzma", "zstd", "zstandard", "bzip", "xz"];
    let is_near = |name: &&&str| name.len() > 3 && strsim::osa_distance(name, written) == 1;
    KNOWN.iter().find(is_near).copied().filter(|_| !KNOWN.contains(&written))
}
