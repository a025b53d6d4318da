//! The environment variables that a process sees, and where each was set.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::value::Template;
use crate::read::shell_words::Word;
use crate::text::Text;

/// The variables of one process, after everything that sets them was put in order.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Shared: the thousands of processes that one unit may start see the same.
    variables: Rc<BTreeMap<String, Variable>>,
    /// Whether more variables may be set than the files show.
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The name where it is set.
    pub name: Text,
    /// `None`: it is set, but to what is not shown (a Secret, a template).
    pub value: Option<Template>,
    /// Whether an env file or a Secret sets it: the usual place for what must not stand in code.
    pub in_env_file: bool,
    /// Whether it stands in a sample such as `.env.example`: the real file may say something else.
    pub in_sample: bool,
}

impl Environment {
    /// An environment of which nothing is known.
    pub fn unknown() -> Self {
        Environment { variables: Rc::default(), open: true }
    }

    pub fn set(&mut self, name: Text, value: Option<Template>) {
        Rc::make_mut(&mut self.variables)
            .insert(name.as_str().to_owned(), Variable { name, value, in_env_file: false, in_sample: false });
    }

    /// A variable has its value from an env file or a Secret.
    pub fn is_kept_apart(&mut self, name: &str) {
        if let Some(variable) = Rc::make_mut(&mut self.variables).get_mut(name) {
            variable.in_env_file = true;
        }
    }

    /// A variable has its value from a sample.
    pub fn is_of_sample(&mut self, name: &str) {
        if let Some(variable) = Rc::make_mut(&mut self.variables).get_mut(name) {
            variable.in_sample = true;
        }
    }

    /// With those of an alternative: of a name that both set to something else, nothing is known.
    #[must_use]
    pub fn beside(mut self, other: &Environment) -> Environment {
        for (name, variable) in other.iter() {
            let known = self.get(name).map(|known| known.value.as_ref().map(Template::as_str));
            let differs = known.is_some_and(|known| known != variable.value.as_ref().map(Template::as_str));
            let value = variable.value.clone().filter(|_| !differs);
            let variable = Variable { value, ..variable.clone() };
            Rc::make_mut(&mut self.variables).insert(name.to_owned(), variable);
        }
        self
    }

    /// The variables as a sample gives them: people copy its values, and may change each. What only says that
    /// something has to be filled in gives none.
    #[must_use]
    pub fn of_sample(&self) -> Environment {
        let mut sample = Environment::unknown();
        for (name, variable) in self.iter() {
            let Some(value) = variable.value.as_ref().filter(|it| !is_placeholder(it.as_str())) else { continue };
            let value = Template { text: value.text.unless_set(name, &variable.name), ..value.clone() };
            sample.set(variable.name.unless_set(name, &variable.name), Some(value));
            sample.is_of_sample(name);
        }
        sample.all_in_env_file();
        sample
    }

    /// Every variable so far stands in an env file.
    pub fn all_in_env_file(&mut self) {
        for variable in Rc::make_mut(&mut self.variables).values_mut() {
            variable.in_env_file = true;
        }
    }

    /// Everything that `later` sets wins over what was set before.
    pub fn overlaid(mut self, later: &Environment) -> Environment {
        self.open |= later.open;
        if self.is_empty() {
            self.variables = Rc::clone(&later.variables);
        } else if !later.is_empty() {
            let later = later.variables.iter().map(|(name, variable)| (name.clone(), variable.clone()));
            Rc::make_mut(&mut self.variables).extend(later);
        }
        self
    }

    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// What a variable holds, for what stands for it: whether it is set to anything, and to what if that is known.
    pub fn value(&self, name: &str) -> Option<Option<Text>> {
        let value = self.get(name)?.value.as_ref().and_then(Template::whole).cloned();
        (!value.as_ref().is_some_and(Text::is_empty)).then_some(value)
    }

    /// The variables that the texts name, as a shell finds them. They may still be overruled.
    pub fn named_in<'a>(&self, texts: impl Iterator<Item = &'a Text>) -> Vec<(Text, Word)> {
        let mut found: Vec<(Text, Word)> = Vec::new();
        let mut seen = HashSet::new();
        for text in texts {
            for name in text.as_str().split('$').skip(1) {
                let name = name.trim_start_matches('{');
                let len = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
                let Some(Variable { name, .. }) = self.get(&name[..len]) else { continue };
                if !seen.insert(name.as_str()) {
                    continue;
                }
                if let Some(Some(text)) = self.value(name.as_str()) {
                    found.push((name.clone(), Word::plain(text.unless_set(name.as_str(), name))));
                }
            }
        }
        found
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }
}

/// Whether a value of a sample asks for one: `<your password>`, `changeme`, `...`.
fn is_placeholder(value: &str) -> bool {
    const WORDS: [&str; 7] = ["your", "xxx", "change", "replace", "example", "todo", "here"];
    let lower = value.to_ascii_lowercase();
    value.is_empty()
        || ["<", "{{", "[", "..", "%("].iter().any(|sign| value.contains(sign))
        || (!value.contains("://") && WORDS.iter().any(|word| lower.contains(word)))
}
