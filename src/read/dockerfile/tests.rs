use super::*;
use crate::text::SourceId;

fn source(text: &str) -> Text {
    Text::of_source(SourceId(0), text.into())
}

fn stretch(text: &str, part: &Text) -> String {
    let span = part.span();
    text[span.start as usize..span.end as usize].to_owned()
}

fn file(text: &str) -> Dockerfile {
    let (file, troubles) = read(&source(text));
    assert!(troubles.is_empty(), "{troubles:?}");
    file
}

fn shell(instruction: &Instruction) -> &Text {
    match instruction.command() {
        Some(Command::Shell(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn stages_and_their_instructions() {
    let text = "# syntax=docker/dockerfile:1\nARG V=3.8\nFROM --platform=$BUILDPLATFORM python:${V:-3} AS base\nRUN x\nfrom base\nUSER app:app\ncmd [\"celery\", \"-A\", \"pr\\\"oj\"]\n";
    let file = file(text);
    assert_eq!(file.directives[0].value.as_str(), "docker/dockerfile:1");
    assert_eq!(file.before_stages().len(), 1);
    assert_eq!(file.stages.len(), 2);
    let base = file.stage("BASE").unwrap();
    assert_eq!(base.image.text.as_str(), "python:${V:-3}");
    assert_eq!(base.image.references[0].name.as_str(), "V");
    assert_eq!(base.image.references[0].fallback.as_ref().map(Text::as_str), Some("3"));
    assert_eq!(file.instructions[1].flag("platform").unwrap().value.as_ref().unwrap().as_str(), "$BUILDPLATFORM");
    let last = file.of_stage(file.final_stage().unwrap());
    assert_eq!(last[1].words()[0].text.as_str(), "app:app");
    let Some(Command::Exec(words)) = last[2].command() else { panic!() };
    assert_eq!(words.iter().map(Text::as_str).collect::<Vec<_>>(), ["celery", "-A", "pr\"oj"]);
    assert_eq!(words[0].replacement("a\"b").map(|(_, new)| new).as_deref(), Some("a\\\"b"));
    assert_eq!(stretch(text, &words[2]), "pr\\\"oj");
}

#[test]
fn continuations_keep_their_places() {
    let text = "FROM x\r\nRUN pip install \\\r\n    # why\r\n\r\n    celery==5.2 \\ \r\n  && rm -rf /x\r\nCMD celery -A p \\\n worked\n";
    let file = file(text);
    let run = shell(&file.instructions[1]);
    assert_eq!(run.as_str(), "pip install     celery==5.2   && rm -rf /x");
    assert_eq!(file.comments.iter().map(|c| c.as_str().to_owned()).collect::<Vec<_>>(), ["# why"]);
    let command = shell(&file.instructions[2]);
    let at = command.as_str().find("worked").unwrap();
    let word = command.slice(at..at + 6);
    assert_eq!(stretch(text, &word), "worked");
    assert_eq!(word.replacement("worker").map(|(_, new)| new).as_deref(), Some("worker"));
    assert_eq!(stretch(text, &file.instructions[2].at), "CMD celery -A p \\\n worked");
}

#[test]
fn pairs_old_and_new() {
    let text = "FROM x\nENV A=1 B=\"two words\" C='$no' D=a\\ b E=${F:-g}$H\nENV K the  rest\nARG N\nARG M=2 O\nLABEL a.b=\"c\"\n";
    let file = file(text);
    let pairs: Vec<_> = file
        .instructions
        .iter()
        .flat_map(|i| i.pairs())
        .map(|p| (p.name.as_str().to_owned(), p.value.as_ref().map(|v| v.text.as_str().to_owned())))
        .collect();
    let pair = |n: &str, v: &str| (n.to_owned(), Some(v.to_owned()));
    assert_eq!(
        pairs,
        [
            pair("A", "1"),
            pair("B", "two words"),
            pair("C", "$no"),
            pair("D", "a b"),
            pair("E", "${F:-g}$H"),
            pair("K", "the  rest"),
            ("N".to_owned(), None),
            pair("M", "2"),
            ("O".to_owned(), None),
            pair("a.b", "c"),
        ]
    );
    let env = file.instructions[1].pairs();
    assert!(env[2].value.as_ref().unwrap().known().is_some());
    let names: Vec<_> = env[4].value.as_ref().unwrap().references.iter().map(|r| r.name.as_str().to_owned()).collect();
    assert_eq!(names, ["F", "H"]);
    assert_eq!(env[1].value.as_ref().unwrap().text.replacement("a\"b").unwrap().1, "a\\\"b");
}

#[test]
fn heredocs_go_with_their_instruction() {
    let text =
        "FROM x\nRUN <<EOF\nset -e\n# no comment\nUSR x\nEOF\nCOPY <<-\"A\" <<B /y\n\tone\n\tA\ntwo\nB\nUSER z\n";
    let file = file(text);
    assert_eq!(file.instructions.len(), 4);
    assert_eq!(file.instructions[1].heredocs[0].body.as_str(), "set -e\n# no comment\nUSR x\n");
    let copy = &file.instructions[2].heredocs;
    assert_eq!((copy[0].body.as_str(), copy[0].quoted, copy[1].body.as_str()), ("one\n", true, "two\n"));
    assert_eq!(file.instructions[3].words()[0].text.as_str(), "z");
    assert!(file.comments.is_empty());
    assert!(stretch(text, &file.instructions[1].at).ends_with("USR x\nEOF"));
    let (_, troubles) = read(&source("FROM x\nRUN <<EOF\nset -e\n"));
    assert_eq!(troubles[0].what, TroubleKind::Unbalanced);
    // A shift is no here-document.
    assert_eq!(self::file("FROM x\nRUN echo \"a <<b\" $((1<<2))\nUSER y\n").instructions.len(), 3);
}

#[test]
fn other_instructions() {
    let text = "# escape=`\nFROM x\nHEALTHCHECK --interval=5s CMD celery `\n inspect ping\nHEALTHCHECK NONE\nONBUILD USER y\nCOPY --from=0 --chown=a:b x y\nVOLUME [\"/a\"]\nCMD ['celery']\nSHELL [\"sh\", \"-c\"]\nENTRYPOINT []\nUSER\n";
    let file = file(text);
    let said = &file.instructions;
    assert_eq!(said[1].flag("interval").unwrap().value.as_ref().unwrap().as_str(), "5s");
    assert_eq!(shell(&said[1]).as_str(), "celery  inspect ping");
    assert!(matches!(said[2].arguments, Arguments::None));
    let Arguments::Onbuild(inner) = &said[3].arguments else { panic!() };
    assert_eq!(inner.words()[0].text.as_str(), "y");
    assert_eq!(said[4].words().len(), 2);
    assert_eq!(said[5].words()[0].text.as_str(), "/a");
    assert_eq!(shell(&said[6]).as_str(), "['celery']");
    assert!(matches!(said[8].command(), Some(Command::Exec(words)) if words.is_empty()));
    assert!(said[9].words().is_empty());
}

#[test]
fn unknown_instructions_are_told() {
    let (_, troubles) = read(&source("FROM x\nUSR y\n"));
    assert_eq!(troubles[0].what, TroubleKind::DockerfileUnknownInstruction { word: "USR".to_owned() });
    assert!(troubles[0].refused);
    assert_eq!(stretch("FROM x\nUSR y\n", &troubles[0].at), "USR");
    // A stretch that begins inside an instruction.
    let (file, troubles) = read(&source("    apt-get install x && \\\n    true\nUSER y\n"));
    assert!(troubles.is_empty());
    assert_eq!(file.instructions[1].words()[0].text.as_str(), "y");
    let (_, troubles) = read(&source("USER y\nRNU z\n"));
    assert!(!troubles[0].refused);
    assert!(read(&source("{%- if x %}\nFROM x\n{%- endif %}\n")).1.is_empty());
    let (_, troubles) = read(&source(&"FROM x\nBAD\nBAD\n".repeat(9)));
    assert_eq!(troubles.len(), 5);
}

#[test]
fn nothing_panics_and_time_is_linear() {
    let start = std::time::Instant::now();
    let n = 30_000;
    for text in [
        "\\\n".repeat(n),
        "RUN <<A\n".repeat(n),
        "ONBUILD ".repeat(n),
        "RUN [".repeat(n),
        format!("CMD [{}", "\"a\",".repeat(n)),
        format!("ENV {}", "A=${B:-".repeat(n)),
        format!("ENV {}", "\"".repeat(n)),
        "# escape=`\n".repeat(n),
        "[".repeat(n),
        format!("RUN {}", "<<A ".repeat(n)),
        "FROM a AS b\n".repeat(n),
        "\u{3000}x\n".repeat(n),
        "BAD\n".repeat(n),
    ] {
        let _ = read(&source(&text));
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    let text = "# escape=`\nFROM 한글 AS b\nRUN <<E `\n x\n글\nE\nENV A='글 $x' B=${C:-\"글\"}\nCMD [\"\\u00e9글\\\"\", `\n\"x\"]\n";
    for (at, _) in text.char_indices() {
        let _ = read(&source(&text[..at]));
        let _ = read(&source(&text[at..]));
    }
}
