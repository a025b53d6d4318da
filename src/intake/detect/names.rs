//! What a file's name says of its kind.

use super::super::kind::Kind;

/// What the name alone, or the name and a glance at the text, decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByName {
    Is(Kind),
    /// Some YAML: the content says which.
    Yaml {
        likely: Option<Kind>,
    },
    /// The content decides, but if it says nothing it is this.
    Perhaps(Kind),
    /// A known name of something that we do not read.
    Foreign,
    Nothing,
}

/// Endings that say "an example of" or "a template of" the name before them.
const WRAPPERS: [&str; 13] = [
    ".example",
    ".sample",
    ".template",
    ".tmpl",
    ".tpl",
    ".dist",
    ".j2",
    ".jinja",
    ".jinja2",
    ".bak",
    ".orig",
    ".default",
    ".txt",
];

pub(super) fn by_name(path: &str) -> ByName {
    let path = path.replace('\\', "/").to_ascii_lowercase();
    let (folder, mut name) = path.rsplit_once('/').unwrap_or(("", &path));
    let said = of_name(folder, name);
    if said != ByName::Nothing {
        return said;
    }
    // `docker-compose.yml.j2`, `settings.py.example`: look under the wrapping.
    while let Some(inner) = WRAPPERS.iter().find_map(|wrapper| name.strip_suffix(wrapper)) {
        let said = of_name(folder, inner);
        if inner.is_empty() || said != ByName::Nothing {
            return said;
        }
        name = inner;
    }
    if path.ends_with(".tpl") { ByName::Perhaps(Kind::HelmTemplate) } else { ByName::Nothing }
}

fn of_name(folder: &str, name: &str) -> ByName {
    use ByName::{Foreign, Is, Nothing, Perhaps};
    let stem = name.split('.').next().unwrap_or(name);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match name {
        "flowerconfig.py" | "flower_config.py" => return Is(Kind::FlowerConfig),
        "pyproject.toml" | "pipfile" => return Is(Kind::Pyproject),
        "poetry.lock" | "uv.lock" | "pdm.lock" | "pipfile.lock" | "conda-lock.yml" => {
            return Is(Kind::Lock);
        }
        "advanced.config" | "rabbitmq.config" => return Is(Kind::RabbitmqAdvanced),
        "rabbitmq.conf" => return Is(Kind::RabbitmqConf),
        "readme" | "changelog" | "notes" => return Is(Kind::Markdown),
        ".envrc" | ".bashrc" | ".profile" | ".zshrc" => return Is(Kind::Shell),
        "supervisord.conf" | "supervisor.conf" => return Is(Kind::Supervisord),
        "chart.yaml" | "chart.yml" | "chart.lock" => return Foreign,
        "nohup.out" => return Is(Kind::Log),
        "celeryd" | "celerybeat" | "celery.conf" | "celeryd.conf" => return Perhaps(Kind::Celeryd),
        _ => {}
    }
    let of_tools = [".editorconfig", ".coveragerc", ".pylintrc", "snakefile", "jenkinsfile", "tox.ini", "pytest.ini"];
    if of_tools.contains(&name) || matches!(ending, "proto" | "mako" | "less" | "scss" | "po" | "xml" | "h" | "jsonnet")
    {
        return Foreign;
    }
    if name.ends_with("dockerignore") || name.ends_with("gitignore") || name == ".gitattributes" {
        return Foreign;
    }
    if matches!(stem, "dockerfile" | "containerfile") || matches!(ending, "dockerfile" | "containerfile") {
        return Is(Kind::Dockerfile);
    }
    if stem.starts_with("dockerfile-") || stem.starts_with("dockerfile_") {
        return Is(Kind::Dockerfile);
    }
    if matches!(name, "procfile") || name.starts_with("procfile.") {
        return Is(Kind::Procfile);
    }
    // The steps of GitHub's actions are lines for a shell.
    if is_launcher(name) || (folder.contains(".github") && matches!(ending, "yml" | "yaml")) {
        return Is(Kind::Launcher);
    }
    // The lines of its recipes are a shell's, one by one.
    if matches!(name, "makefile" | "gnumakefile") || ending == "mk" || is_crontab(folder, stem, ending) {
        return Is(Kind::Command);
    }
    if stem == "kustomization" {
        return Is(Kind::Kubernetes);
    }
    match ending {
        "py" | "pyi" | "pyw" => return Is(Kind::Python),
        "yml" | "yaml" => return of_yaml(name, stem),
        "md" | "markdown" | "mdx" => return Is(Kind::Markdown),
        "sh" | "bash" | "zsh" | "ksh" | "bat" | "cmd" | "ps1" => return Is(Kind::Shell),
        "log" => return Is(Kind::Log),
        "service" => return Is(Kind::Systemd),
        "env" => return Is(Kind::Env),
        "rst" | "html" | "htm" | "css" | "js" | "cjs" | "mjs" | "jsx" | "ts" | "tsx" | "vue" | "coffee" | "go"
        | "java" | "rb" | "rs" | "sql" | "csv" | "svg" | "patch" | "diff" | "tf" | "hcl" | "nix" => return Foreign,
        _ => {}
    }
    // `worker.log.1`, `celery.log-20240101`.
    if name.contains(".log.") || name.contains(".log-") {
        return Is(Kind::Log);
    }
    if name == ".env" || name.starts_with(".env.") || name.starts_with(".env-") || name.starts_with(".env_") {
        return Is(Kind::Env);
    }
    if matches!(ending, "txt" | "in" | "pip") {
        let folder = folder.rsplit('/').next().unwrap_or("");
        let says_so = |word: &str| name.contains(word);
        if says_so("requirements") || says_so("constraints") || matches!(folder, "requirements" | "reqs") {
            return Is(Kind::Requirements);
        }
    }
    if name.contains("definitions") && ending == "json" {
        return Perhaps(Kind::RabbitmqDefinitions);
    }
    Nothing
}

/// What stands before the commands of a crontab, no shell would run either.
fn is_crontab(folder: &str, stem: &str, ending: &str) -> bool {
    stem == "crontab" || matches!(ending, "cron" | "crontab") || folder.ends_with("cron.d")
}

/// Files of programs that start others.
fn is_launcher(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "package.json",
        "app.json",
        "launch.json",
        "tasks.json",
        "devcontainer.json",
        ".devcontainer.json",
        "dockerrun.aws.json",
        "railway.json",
        "railway.toml",
        "fly.toml",
        "ecosystem.json",
        "ecosystem.config.json",
    ];
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    let of_yaml = ["render", "taskfile", "process-compose", "mprocs", ".platform.app", "heroku", ".gitlab-ci"];
    let of_ecs = ["task-def", "task_def", "taskdef"].iter().any(|word| name.contains(word));
    NAMES.contains(&name) || stem.is_some_and(|stem| of_yaml.contains(&stem)) || (of_ecs && name.ends_with(".json"))
}

fn of_yaml(name: &str, stem: &str) -> ByName {
    let compose = stem.starts_with("docker-compose")
        || stem.starts_with("docker_compose")
        || stem.starts_with("compose")
        || name.contains("docker-compose");
    let likely = if compose {
        Some(Kind::Compose)
    } else if stem.starts_with("values") || stem.ends_with("-values") || stem.ends_with("_values") {
        Some(Kind::HelmValues)
    } else if matches!(stem, "mkdocs" | "codecov" | "prometheus")
        || name.starts_with(".pre-commit-config.")
        || name.starts_with(".readthedocs.")
    {
        return ByName::Foreign;
    } else {
        None
    };
    ByName::Yaml { likely }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_everybody_knows() {
        for (name, kind) in [
            ("app/settings.py", Kind::Python),
            ("Dockerfile", Kind::Dockerfile),
            ("docker/Dockerfile.prod", Kind::Dockerfile),
            ("worker.Dockerfile", Kind::Dockerfile),
            (".env", Kind::Env),
            (".env.production.template", Kind::Env),
            ("settings/settings-template.env", Kind::Env),
            ("requirements/base.txt", Kind::Requirements),
            ("dev-requirements.in", Kind::Requirements),
            ("celery.service", Kind::Systemd),
            ("Procfile.dev", Kind::Procfile),
            ("Makefile", Kind::Command),
            ("ecs/task-definition-prod.json", Kind::Launcher),
            ("Taskfile.yml", Kind::Launcher),
            ("fly.toml", Kind::Launcher),
            ("entrypoint.sh", Kind::Shell),
            ("start.bat", Kind::Shell),
            ("docs/Makefile", Kind::Command),
            ("deploy/crontab", Kind::Command),
            ("etc/cron.d/shop", Kind::Command),
            ("overlays/prod/kustomization.yaml", Kind::Kubernetes),
            ("C:\\logs\\worker.log.1", Kind::Log),
            ("settings.py.j2", Kind::Python),
            ("NOTES.md", Kind::Markdown),
            ("poetry.lock", Kind::Lock),
        ] {
            assert_eq!(by_name(name), ByName::Is(kind), "{name}");
        }
        assert_eq!(by_name("docker-compose.prod.yml"), ByName::Yaml { likely: Some(Kind::Compose) });
        assert_eq!(by_name("compose.yaml.j2"), ByName::Yaml { likely: Some(Kind::Compose) });
        assert_eq!(by_name("helm/values-prod.yaml"), ByName::Yaml { likely: Some(Kind::HelmValues) });
        assert_eq!(by_name("k8s/worker.yaml"), ByName::Yaml { likely: None });
        assert_eq!(by_name("templates/_helpers.tpl"), ByName::Perhaps(Kind::HelmTemplate));
        assert_eq!(by_name("etc/default/celeryd"), ByName::Perhaps(Kind::Celeryd));
        for name in
            ["Dockerfile.dockerignore", ".pre-commit-config.yaml", ".readthedocs.yml", "a/prometheus.yml", "b.scss"]
        {
            assert_eq!(by_name(name), ByName::Foreign, "{name}");
        }
        assert_eq!(by_name("pasted text"), ByName::Nothing);
        assert_eq!(by_name(".example"), ByName::Nothing);
    }
}
