//! Holds the dependency tree to `deny.toml`: licences, sources, banned crates and duplicates.
//!
//! Reads what `cargo deny` reads, without a network: `Cargo.lock` names the crates of all platforms, `cargo metadata` says
//! more of those that are on this machine. Advisories are left to `cargo deny`, which has to fetch them.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// `deny.toml`. A setting that no test here looks at is not taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deny {
    #[serde(rename = "graph")]
    _graph: BTreeMap<String, bool>,
    #[serde(rename = "advisories")]
    _advisories: BTreeMap<String, String>,
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Licenses {
    /// How sure one must be of a text's licence; here only names of licences count.
    #[serde(rename = "confidence-threshold")]
    _confidence_threshold: f64,
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Bans {
    multiple_versions: Level,
    wildcards: Level,
    deny: Vec<Named>,
    /// Left out where versions are counted.
    skip: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    /// `name`, or `name@version`.
    #[serde(rename = "crate")]
    krate: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Sources {
    unknown_git: Level,
    unknown_registry: Level,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Level {
    Allow,
    Warn,
    Deny,
}

/// A crate of `cargo metadata`.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    rust_version: Option<String>,
    /// `None` where it lies in a folder of ours.
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `^1.0`; `*` for any version.
    req: String,
    source: Option<String>,
}

/// A crate of `Cargo.lock`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
}

/// How a lock names Cargo's own registry begins.
const OWN_REGISTRY: &str = "registry+https://github.com/rust-lang/";

#[test]
fn licences_are_allowed() {
    let allowed: BTreeSet<String> = deny().licenses.allow.into_iter().collect();
    let is_allowed = |package: &Package| package.license.as_deref().is_some_and(|license| allows(license, &allowed));
    let said = |package: &Package| {
        format!("{} {}: {}", package.name, package.version, package.license.as_deref().unwrap_or("no licence"))
    };
    let bad: Vec<String> = PACKAGES.iter().filter(|package| !is_allowed(package)).map(said).collect();
    assert!(bad.is_empty(), "licences that deny.toml does not allow:\n{}", bad.join("\n"));
}

#[test]
fn sources_are_known() {
    let Sources { unknown_git, unknown_registry } = deny().sources;
    let is_bad = |source: &str| {
        let level = if source.starts_with("git+") { &unknown_git } else { &unknown_registry };
        !source.starts_with(OWN_REGISTRY) && *level == Level::Deny
    };
    let bad: Vec<String> = locked()
        .into_iter()
        .filter_map(|Locked { name, source, .. }| Some(format!("{name}: {}", source.filter(|source| is_bad(source))?)))
        .collect();
    assert!(bad.is_empty(), "sources that deny.toml does not know:\n{}", bad.join("\n"));
}

#[test]
fn banned_crates_stay_out() {
    let banned = deny().bans.deny;
    let reason = |locked: Locked| {
        let ban = banned.iter().find(|ban| is(&ban.krate, &locked))?;
        Some(format!("{} {}: {}", locked.name, locked.version, ban.reason))
    };
    let bad: Vec<String> = locked().into_iter().filter_map(reason).collect();
    assert!(bad.is_empty(), "crates that deny.toml bans:\n{}", bad.join("\n"));
}

#[test]
fn crates_come_in_one_version() {
    let Bans { multiple_versions, skip, .. } = deny().bans;
    let locked = locked();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for krate in locked.iter().filter(|krate| !skip.iter().any(|skip| is(&skip.krate, krate))) {
        versions.entry(&krate.name).or_default().push(&krate.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    assert!(versions.is_empty() || multiple_versions != Level::Deny, "crates in several versions: {versions:?}");
    // A crate that is skipped is there twice.
    let is_idle = |skip: &&Named| !locked.iter().any(|krate| is(&skip.krate, krate));
    let idle: Vec<&str> = skip.iter().filter(is_idle).map(|skip| skip.krate.as_str()).collect();
    assert!(idle.is_empty(), "skipped, and not there: {idle:?}");
}

#[test]
fn versions_are_named() {
    assert!(deny().bans.wildcards == Level::Deny, "what is looked for here");
    let mut bad = Vec::new();
    for package in PACKAGES.iter() {
        let any = package.dependencies.iter().filter(|dependency| dependency.req == "*" && dependency.source.is_some());
        bad.extend(any.map(|dependency| format!("{} takes any {}", package.name, dependency.name)));
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// With that of the package's own code, which clippy holds, this is what `rust-version` promises.
#[test]
fn no_dependency_needs_a_newer_compiler() {
    let number = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    let own = PACKAGES.iter().find(|package| package.source.is_none()).expect("our own package");
    let promised = number(own.rust_version.as_deref().expect("a rust-version"));
    let needs = |package: &Package| package.rust_version.as_deref().map(number);
    let bad =
        PACKAGES.iter().filter(|package| needs(package).is_some_and(|needed| needed > [&promised[..], &[0]].concat()));
    let bad: Vec<&str> = bad.map(|package| package.name.as_str()).collect();
    assert!(bad.is_empty(), "crates that need more than the rust-version of Cargo.toml: {bad:?}");
}

#[test]
fn expressions_are_understood() {
    let allowed = BTreeSet::from(["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned));
    let given = |expression: &str| allows(expression, &allowed);
    assert!(given("MIT") && given("GPL-3.0 OR MIT") && given("GPL-3.0/MIT") && given("MIT AND Zlib"));
    assert!(given("(GPL-3.0 OR MIT) AND Zlib") && given("GPL-3.0 AND X OR MIT") && given("MIT OR GPL-3.0 AND X"));
    assert!(given("Apache-2.0 WITH LLVM-exception OR X") && given("Apache-2.0 WITH LLVM-exception AND MIT"));
    assert!(!given("GPL-3.0") && !given("MIT AND GPL-3.0") && !given("(MIT OR Zlib) AND GPL-3.0"));
    assert!(!given("Apache-2.0") && !given("MIT WITH LLVM-exception") && !given("") && !given("MIT Zlib"));
    assert!(!given("(MIT") && !given("MIT)") && !given("MIT OR") && !given("AND MIT"));
}

#[test]
fn settings_are_understood() {
    let text = "# a\n[one] # b\nyes = true\nlist = [\n  \"a # no comment\", # c\n  { k = \"v\", n = 0.5 },\n]\n[two]\nx = \"\"\n";
    let expected = serde_json::json!({
        "one": { "yes": true, "list": ["a # no comment", { "k": "v", "n": 0.5 }] },
        "two": { "x": "" },
    });
    assert_eq!(Toml { rest: text }.file(), expected);
}

/// Whether an SPDX expression is met by licences that are allowed. `/` is how crates wrote `OR` once.
fn allows(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let tokens = tokens(expression);
    let mut reader = Spdx { tokens: &tokens, allowed };
    reader.either() == Some(true) && reader.tokens.is_empty()
}

/// Names, with what is behind their `WITH`, operators and brackets.
fn tokens(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut tokens: Vec<String> = Vec::new();
    let mut words = spaced.split_whitespace();
    while let Some(word) = words.next() {
        match tokens.last_mut() {
            Some(license) if word == "WITH" => {
                license.push_str(" WITH ");
                license.push_str(words.next().unwrap_or_default());
            }

            Some(_) | None => tokens.push(word.to_owned()),
        }
    }
    tokens
}

/// `None` is no expression.
struct Spdx<'a> {
    tokens: &'a [String],
    allowed: &'a BTreeSet<String>,
}

impl Spdx<'_> {
    fn either(&mut self) -> Option<bool> {
        let mut is_met = self.both()?;
        while self.takes("OR") {
            is_met |= self.both()?;
        }
        Some(is_met)
    }

    fn both(&mut self) -> Option<bool> {
        let mut is_met = self.one()?;
        while self.takes("AND") {
            is_met &= self.one()?;
        }
        Some(is_met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.takes("(") {
            let is_met = self.either()?;
            return self.takes(")").then_some(is_met);
        }
        let (name, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        (!matches!(name.as_str(), ")" | "OR" | "AND")).then(|| self.allowed.contains(name))
    }

    fn takes(&mut self, token: &str) -> bool {
        let found = self.tokens.split_first().filter(|(first, _)| *first == token);
        self.tokens = found.map_or(self.tokens, |(_, rest)| rest);
        found.is_some()
    }
}

fn is(named: &str, krate: &Locked) -> bool {
    match named.split_once('@') {
        Some((name, version)) => name == krate.name && version == krate.version,
        None => named == krate.name,
    }
}

fn deny() -> Deny {
    let text = read("deny.toml");
    serde_json::from_value(Toml { rest: &text }.file()).expect("the settings of deny.toml")
}

/// `Cargo.lock`: cargo writes each key on a line of its own.
fn locked() -> Vec<Locked> {
    let text = read("Cargo.lock");
    let value = |entry: &str, key: &str| {
        let lines = entry.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'));
        lines.map(str::to_owned).next()
    };
    let entry = |entry: &str| Locked {
        name: value(entry, "name").expect("a name"),
        version: value(entry, "version").expect("a version"),
        source: value(entry, "source"),
    };
    let locked: Vec<Locked> = text.split("[[package]]\n").skip(1).map(entry).collect();
    assert!(locked.len() > 100, "the crates are found");
    locked
}

/// The crates of all platforms where they have been fetched, else those of this one.
static PACKAGES: LazyLock<Vec<Package>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let metadata = |more: &[&str]| {
        let arguments = ["metadata", "--offline", "--locked", "--all-features", "--format-version=1"];
        let mut command = Command::new(env!("CARGO"));
        let output = command.args(arguments).args(more).current_dir(root()).output().expect("cargo");
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    };
    let output = metadata(&[]).or_else(|_| metadata(&["--filter-platform", &host()]));
    let output = output.unwrap_or_else(|error| panic!("cargo metadata: {error}"));
    serde_json::from_slice::<Metadata>(&output).expect("metadata").packages
});

/// The platform that cargo runs on.
fn host() -> String {
    let output = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host").to_owned()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// As much of TOML as `deny.toml` needs: tables, and keys with strings, numbers, truths, lists and tables in a line. Panics
/// at anything else.
struct Toml<'a> {
    rest: &'a str,
}

impl Toml<'_> {
    fn file(mut self) -> Value {
        let mut tables = Map::new();
        while !self.is_at_end() {
            self.expect('[');
            let name = self.word();
            self.expect(']');
            let mut table = Map::new();
            while !self.is_at_end() && !self.rest.starts_with('[') {
                let (key, value) = self.pair();
                assert!(table.insert(key, value).is_none(), "each key once");
            }
            assert!(tables.insert(name, Value::Object(table)).is_none(), "each table once");
        }
        Value::Object(tables)
    }

    fn pair(&mut self) -> (String, Value) {
        let key = self.word();
        self.expect('=');
        (key, self.value())
    }

    fn value(&mut self) -> Value {
        if self.takes('[') {
            let mut list = Vec::new();
            while !self.takes(']') {
                list.push(self.value());
                assert!(self.takes(',') || self.rest.starts_with(']'), "a comma: {}", self.rest);
            }
            Value::Array(list)
        } else if self.takes('{') {
            let mut table = Map::new();
            while !self.takes('}') {
                let (key, value) = self.pair();
                table.insert(key, value);
                assert!(self.takes(',') || self.rest.starts_with('}'), "a comma: {}", self.rest);
            }
            Value::Object(table)
        } else if let Some(text) = self.rest.strip_prefix('"') {
            let (text, rest) = text.split_once('"').expect("a closing quote");
            assert!(!text.contains(['\\', '\n']), "a string without escapes: {text}");
            self.rest = rest;
            self.skip();
            text.into()
        } else {
            serde_json::from_str(&self.word()).unwrap_or_else(|error| panic!("a value: {error}"))
        }
    }

    fn word(&mut self) -> String {
        let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = self.rest.find(|c| !is_of_word(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        assert!(!word.is_empty(), "a word: {rest}");
        self.rest = rest;
        self.skip();
        word.to_owned()
    }

    fn expect(&mut self, character: char) {
        assert!(self.takes(character), "{character}: {}", self.rest);
    }

    fn takes(&mut self, character: char) -> bool {
        let found = self.rest.strip_prefix(character);
        self.rest = found.unwrap_or(self.rest);
        self.skip();
        found.is_some()
    }

    fn is_at_end(&mut self) -> bool {
        self.skip();
        self.rest.is_empty()
    }

    /// Passes white space and comments.
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
        while let Some(comment) = self.rest.strip_prefix('#') {
            self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
        }
    }
}
