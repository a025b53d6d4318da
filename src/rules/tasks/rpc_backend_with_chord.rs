use crate::catalogue::cards;
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::RPC_BACKEND_WITH_CHORD, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("result_backend") {
            let Some(scheme) = said.text().map(url::parse).and_then(|url| url.scheme_name()) else { continue };
            if scheme.as_str() != "rpc" {
                continue;
            }
            for file in facts.python_code.iter().filter(|file| facts.is_of_one_app(file, &said.setting.written)) {
                for chord in &file.chords {
                    findings
                        .add(cards::RpcBackendWithChord { setting: &said.setting.written })
                        .at(&chord.at)
                        .related(&scheme, Role::Conflict)
                        .scope(&scope.name)
                        .as_said(&said)
                        .at_most_info_if(file.is_for_tests());
                }
            }
        }
    }
}
