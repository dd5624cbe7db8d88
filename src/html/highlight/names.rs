//! Turns the names that people give languages into those that the grammars know.
//!
//! They are the aliases of GitHub's linguist and of highlight.js, as far as there is a grammar for them. Knows no grammar.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Name of a grammar, and what else it is called, in lower case.
#[rustfmt::skip]
pub(super) const NAMES: &[(&str, &[&str])] = &[
    ("adoc", &["asciidoctor"]),
    ("adb", &["ada95", "ada2005"]),
    ("as", &["as3", "actionscript3"]),
    ("applescript", &["osascript"]),
    ("asm", &["assembly", "assembler", "x86", "x86asm", "x86-assembly", "masm", "gas", "avrasm", "armasm", "mipsasm"]),
    ("awk", &["gawk", "mawk", "nawk"]),
    ("bash", &[
        "shell", "ksh", "mksh", "pdksh", "dash", "csh", "tcsh", "sh-script", "shell-script", "shellscript",
        "bash-script", "posix-shell", "posix-sh", "openrc", "bats",
    ]),
    ("bat", &["batch", "batchfile", "dos", "dosbatch", "winbatch", "wincmd"]),
    ("bib", &["biblatex"]),
    ("c++", &["cplusplus", "c-plus-plus", "cuda", "cu", "arduino", "ino"]),
    ("cl", &["common-lisp", "commonlisp", "emacs-lisp", "elisp", "emacs", "scheme", "guile"]),
    ("clj", &["clojurescript"]),
    ("coffee", &["coffee-script", "litcoffee", "iced"]),
    ("crontab", &["cron"]),
    ("cs", &["csharp", "c-sharp", "cake", "cakescript", "dotnet"]),
    ("csv", &["psv", "ssv"]),
    ("css", &["postcss", "pcss"]),
    ("d", &["dlang"]),
    ("diff", &["udiff", "git-diff"]),
    ("dockerfile", &["docker", "containerfile"]),
    ("dot", &["graphviz"]),
    ("ex", &["iex"]),
    ("f90", &["fortran", "fortran90", "fortran95"]),
    ("f77", &["fortran77", "fixed-format-fortran"]),
    ("fsx", &["fsharp", "f-sharp", "fs", "fsscript"]),
    ("gd", &["gdscript", "godot"]),
    ("gitconfig", &["git-config", "gitmodules"]),
    ("gitignore", &["git-ignore", "ignore", "dockerignore", "npmignore"]),
    ("glsl", &["hlsl", "shader"]),
    ("go", &["golang"]),
    ("go.mod", &["go-mod", "gowork"]),
    ("go.sum", &["go-sum"]),
    ("groff", &["roff", "nroff", "man-page", "manpage", "mdoc"]),
    ("groovy", &["nextflow"]),
    ("html", &["html5", "handlebars", "hbs", "htmlbars", "glimmer", "mustache", "angular", "ng-template", "astro"]),
    ("html.eex", &["eex", "heex", "leex", "html+eex"]),
    ("html.erb", &["html+erb", "html+ruby", "ejs"]),
    ("http", &["https"]),
    ("htaccess", &["apache", "apacheconf", "apache2", "httpd"]),
    ("htm.j2", &["html+jinja", "html+django", "htmldjango"]),
    ("ini", &["dosini", "config", "editorconfig", "systemd", "unit-file", "service", "registry", "winreg", "pylintrc"]),
    ("jinja2", &["django", "nunjucks", "njk", "liquid"]),
    ("jl", &["julia-repl", "jlcon"]),
    ("js", &["node", "nodejs", "mjs", "cjs", "es", "es6", "ecmascript", "gjs"]),
    ("json", &[
        "jsonc", "json5", "jsonl", "ndjson", "jsonlines", "jsonld", "json-ld", "geojson", "topojson", "hjson",
        "webmanifest", "har", "avsc",
    ]),
    ("lisp", &["hy", "hylang"]),
    ("lua", &["luau", "pluto"]),
    ("makefile", &["mf", "bsdmake", "gnumake", "make-file", "just", "justfile"]),
    ("matlab", &["octave"]),
    ("md", &["mdx", "gfm", "mkd", "mkdown", "rmarkdown", "rmd", "qmd", "quarto", "commonmark", "pandoc"]),
    ("mediawiki", &["wikitext"]),
    ("ml", &["reason", "reasonml"]),
    ("nginx", &["nginxconf", "nginx-conf"]),
    ("nim", &["nimrod"]),
    ("objective-c", &["objc", "obj-c", "objectivec"]),
    ("objective-c++", &["objc++", "obj-c++", "objectivec++", "objcpp", "objective-cpp"]),
    ("org", &["org-mode"]),
    ("pascal", &["delphi", "objectpascal", "object-pascal", "freepascal", "fpc", "lazarus"]),
    ("perl", &["perl5", "cperl"]),
    ("php", &["hack", "inc"]),
    ("powershell", &["pwsh", "posh", "ps1", "psm1", "psd1", "ps", "powershell-core", "windows-powershell"]),
    ("properties", &["java-properties", "java-property"]),
    ("proto", &["protobuf3", "proto2", "proto3", "protocol-buffers"]),
    ("python", &[
        "python2", "python3", "py2", "ipython", "ipython3", "jupyter", "pycon", "python-repl", "cython", "sage",
        "starlark", "skylark", "mojo", "micropython", "xonsh",
    ]),
    ("r", &["rlang", "r-lang", "rscript", "splus", "rconsole", "rout"]),
    ("re", &["regex", "regexp"]),
    ("rego", &["opa"]),
    ("requirements.txt", &["pip-requirements"]),
    ("robot", &["robotframework"]),
    ("rst", &["restructured-text"]),
    ("ruby", &["jruby", "macruby", "irb"]),
    ("rust", &["rustdoc", "ron"]),
    ("scala", &["scala3", "dotty", "ammonite"]),
    ("sml", &["standard-ml", "standardml"]),
    ("sql", &[
        "mysql", "postgresql", "postgres", "postgre", "pgsql", "psql", "plpgsql", "plsql", "pl/sql", "tsql", "t-sql",
        "transact-sql", "mssql", "sqlserver", "sql-server", "sqlite", "sqlite3", "mariadb", "oracle", "oracle-sql",
        "db2", "sqlpl", "hql", "hiveql", "hive", "sparksql", "spark-sql", "bigquery", "snowflake", "redshift",
        "duckdb", "cql", "trino", "presto", "athena", "clickhouse", "ksql", "n1ql", "sqlalchemy",
    ]),
    ("ssh_config", &["ssh-config", "sshconfig"]),
    ("terraform", &["hcl2", "opentofu", "tofu", "terragrunt", "packer"]),
    ("tex", &["katex"]),
    ("tsx", &["jsx", "javascriptreact"]),
    ("vim", &["vimscript", "vim-script", "nvim", "neovim"]),
    ("x86_64 assembly", &["x86-64", "x86_64", "amd64"]),
    ("xml", &[
        "xsl", "xhtml+xml", "wsdl", "plist", "pom", "maven", "csproj", "fsproj", "vbproj", "msbuild", "atom", "xjb",
        "docbook",
    ]),
    ("yaml", &[
        "yaml-frontmatter", "docker-compose", "compose", "cloudformation", "openapi", "helm", "kubernetes", "k8s",
        "ansible",
    ]),
];

/// What was typed into a shell, with its prompts, and what came back.
const SESSIONS: &[&str] = &[
    "console",
    "shell-session",
    "shellsession",
    "sh-session",
    "bash-session",
    "bashsession",
    "zsh-session",
    "shell-console",
    "terminal",
    "term",
];

/// The name under which a grammar knows a language, which is in lower case; `None` where there is nothing to colour.
pub(super) fn grammar(language: &str) -> Option<&str> {
    if matches!(language, "" | "text" | "txt" | "plain" | "plaintext" | "plain-text" | "none" | "output" | "raw") {
        return None;
    }
    if is_session(language) {
        return Some("bash");
    }
    Some(GRAMMARS.get(language).copied().unwrap_or(language))
}

/// The first name in the table under each of the others.
static GRAMMARS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let names = NAMES.iter().rev().flat_map(|(name, others)| others.iter().map(|other| (*other, *name)));
    names.collect()
});

/// Whether a language is a shell's session.
pub(super) fn is_session(language: &str) -> bool {
    SESSIONS.contains(&language)
}
