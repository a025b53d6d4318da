use crate::catalogue::{Message, cards};
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::DATABASE_URL_MALFORMED, sees: SETTINGS_KINDS, check };

/// Drivers of asyncio, which a plain engine cannot use: sqlalchemy raises `MissingGreenlet`, or wants greenlet installed.
const DRIVERS: [&str; 5] = ["asyncpg", "aiomysql", "asyncmy", "aiosqlite", "psycopg_async"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("result_backend") {
            let Some(address) = said.text().map(url::parse) else { continue };
            let scheme = &address.scheme.text;
            let setting = &said.setting.written;
            // sqlalchemy/dialects/sqlite: "Invalid SQLite URL"; the file stands behind a third slash.
            let is_sqlite = scheme.as_str() == "db+sqlite" && address.known_host().is_some_and(|host| !host.is_empty());
            let message: Message = if is_sqlite {
                cards::DatabaseUrlMalformed::Sqlite { setting }.into()
            } else if scheme.as_str() == "db+postgres" || scheme.as_str().starts_with("db+postgres+") {
                cards::DatabaseUrlMalformed::Postgres { setting }.into()
            } else if DRIVERS
                .iter()
                .any(|driver| scheme.as_str().strip_suffix(driver).is_some_and(|it| it.ends_with('+')))
                && scheme.as_str().starts_with("db+")
            {
                cards::DatabaseUrlMalformed::Asynchronous { setting }.into()
            } else {
                continue;
            };
            findings.add(message).at(scheme).scope(&scope.name).as_said(&said);
        }
    }
}
