//! Tells which reader a language's name means.
//!
//! The names are those of GitHub's linguist and of highlight.js, and the endings of files. Knows no language.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::language::Language;
use super::lines::{DIFF, PATTERNS, Prefixes};
use super::markup::Markup;
use super::prose::{ASCIIDOC, MARKDOWN, ORG, Prose, RST, WIKI};
use super::settings::{COLUMNS, ENV, INI, PROPERTIES, SSH, Settings};
use super::tables;

/// What reads a language.
pub(super) enum Reader {
    Scanner(&'static Language),
    Markup(&'static Markup),
    /// PHP, which stands in a page where it is opened there, and else by itself.
    Php,
    Prose(&'static Prose),
    Settings(&'static Settings),
    Lines(Prefixes),
    Css,
    Dockerfile,
    Http,
    Makefile,
    PowerShell,
    Regex,
    /// What was typed into a shell, with its prompts, and what came back.
    Session,
    Shell,
    Yaml,
}

/// The reader for a language, whose name is in lower case; `None` where there is nothing to colour.
pub(super) fn reader(language: &str) -> Option<&'static Reader> {
    static READERS: LazyLock<HashMap<&str, &Reader>> = LazyLock::new(|| {
        NAMES.iter().flat_map(|(reader, names)| names.iter().map(move |name| (*name, reader))).collect()
    });
    READERS.get(language).copied()
}

use Reader::{Lines, Markup as Marked, Prose as Written, Scanner, Settings as Set};

/// Reader → the names of what it reads, in lower case.
#[rustfmt::skip]
pub(super) static NAMES: &[(Reader, &[&str])] = &[
    (Scanner(&tables::ACTIONSCRIPT), &["actionscript", "as", "as3", "actionscript3"]),
    (Scanner(&tables::ADA), &["ada", "adb", "ads", "ada95", "ada2005", "gpr"]),
    (Scanner(&tables::APACHE), &["apache", "apacheconf", "apache2", "htaccess", "httpd"]),
    (Scanner(&tables::APPLESCRIPT), &["applescript", "osascript"]),
    (Scanner(&tables::ASSEMBLY), &[
        "asm", "assembly", "assembler", "s", "x86", "x86asm", "x86-assembly", "x86-64", "x86_64", "amd64", "nasm", "yasm",
        "masm", "gas", "avrasm", "armasm", "mipsasm",
    ]),
    (Scanner(&tables::AWK), &["awk", "gawk", "mawk", "nawk"]),
    (Scanner(&tables::BATCH), &["bat", "batch", "batchfile", "cmd", "dos", "dosbatch", "winbatch", "wincmd"]),
    (Scanner(&tables::BIBTEX), &["bib", "bibtex", "biblatex"]),
    (Scanner(&tables::C), &["c", "h"]),
    (Scanner(&tables::CLOJURE), &["clojure", "clj", "cljc", "cljs", "clojurescript", "edn"]),
    (Scanner(&tables::CMAKE), &["cmake", "cmakelists.txt", "cmakecache.txt"]),
    (Scanner(&tables::COFFEESCRIPT), &["coffeescript", "coffee", "coffee-script", "cson", "litcoffee", "iced"]),
    (Scanner(&tables::COLDFUSION), &["cfscript", "cfc"]),
    (Scanner(&tables::CPP), &[
        "c++", "cpp", "cc", "cp", "cxx", "hh", "hpp", "hxx", "h++", "inl", "ipp", "cplusplus", "c-plus-plus", "cuda", "cu",
        "arduino", "ino",
    ]),
    (Scanner(&tables::CRONTAB), &["crontab", "cron", "cron.d"]),
    (Scanner(&tables::CRYSTAL), &["crystal", "cr"]),
    (Scanner(&tables::CSHARP), &["c#", "cs", "csx", "csharp", "c-sharp", "cake", "cakescript", "dotnet"]),
    (Scanner(&tables::CSV), &["csv", "tsv", "psv", "ssv"]),
    (Scanner(&tables::D), &["d", "di", "dlang"]),
    (Scanner(&tables::DART), &["dart"]),
    (Scanner(&tables::DOT), &["dot", "gv", "graphviz"]),
    (Scanner(&tables::ELIXIR), &["elixir", "ex", "exs", "iex"]),
    (Scanner(&tables::ELM), &["elm"]),
    (Scanner(&tables::ERLANG), &["erlang", "erl", "hrl", "escript"]),
    (Scanner(&tables::FIELDS), &["cabal", "eml", "email"]),
    (Scanner(&tables::FIXED_FORTRAN), &["f77", "f", "for", "fortran77", "fixed-format-fortran"]),
    (Scanner(&tables::FORTRAN), &["fortran", "f90", "f95", "f03", "f08", "fortran90", "fortran95", "namelist"]),
    (Scanner(&tables::FSHARP), &["f#", "fsharp", "f-sharp", "fs", "fsi", "fsx", "fsscript"]),
    (Scanner(&tables::GDSCRIPT), &["gdscript", "gd", "godot"]),
    (Scanner(&tables::GNUPLOT), &["gnuplot", "gp", "gpl", "plot", "plt"]),
    (Scanner(&tables::GO), &["go", "golang"]),
    (Scanner(&tables::GO_MOD), &["go.mod", "gomod", "go-mod", "go.work", "gowork"]),
    (Scanner(&tables::GRAPHQL), &["graphql", "graphqls", "gql"]),
    (Scanner(&tables::GROOVY), &["groovy", "gvy", "gradle", "jenkinsfile", "nextflow"]),
    (Scanner(&tables::HASKELL), &["haskell", "hs", "lhs"]),
    (Scanner(&tables::HCL), &[
        "hcl", "hcl2", "terraform", "tf", "tfvars", "opentofu", "tofu", "terragrunt", "packer",
    ]),
    (Scanner(&tables::INDENTED_TAGS), &["haml", "slim", "skim", "pug", "jade"]),
    (Scanner(&tables::JAVA), &["java", "bsh"]),
    (Scanner(&tables::JAVASCRIPT), &[
        "javascript", "js", "jsx", "mjs", "cjs", "es", "es6", "ecmascript", "babel", "gjs", "htc", "javascriptreact", "node",
        "nodejs",
    ]),
    (Scanner(&tables::JQ), &["jq"]),
    (Scanner(&tables::JSON), &[
        "json", "jsonc", "json5", "jsonl", "ndjson", "jsonlines", "jsonld", "json-ld", "geojson", "topojson", "hjson", "ipynb",
        "tfstate", "webmanifest", "har", "avsc",
    ]),
    (Scanner(&tables::JSONNET), &["jsonnet", "libsonnet", "libjsonnet"]),
    (Scanner(&tables::JULIA), &["julia", "jl", "julia-repl", "jlcon"]),
    (Scanner(&tables::KOTLIN), &["kotlin", "kt", "kts"]),
    (Scanner(&tables::LISP), &[
        "lisp", "cl", "clisp", "common-lisp", "commonlisp", "el", "elisp", "emacs", "emacs-lisp", "fasl", "guile", "hy",
        "hylang", "lsp", "racket", "rkt", "scheme", "scm", "ss",
    ]),
    (Scanner(&tables::LIVESCRIPT), &["livescript", "ls"]),
    (Scanner(&tables::LLVM), &["llvm", "ll"]),
    (Scanner(&tables::LOG), &["log", "syslog", "strace", "gitlog"]),
    (Scanner(&tables::LUA), &["lua", "luau", "pluto"]),
    (Scanner(&tables::MATLAB), &["matlab", "octave"]),
    (Scanner(&tables::NGINX), &["nginx", "nginx.conf", "nginxconf", "nginx-conf", "conf"]),
    (Scanner(&tables::NIM), &["nim", "nims", "nimble", "nimrod"]),
    (Scanner(&tables::NINJA), &["ninja"]),
    (Scanner(&tables::NIX), &["nix"]),
    (Scanner(&tables::NSIS), &["nsis", "nsi", "nsh"]),
    (Scanner(&tables::OBJECTIVE_C), &[
        "objective-c", "objc", "obj-c", "objectivec", "m", "mm", "objective-c++", "objc++", "obj-c++", "objectivec++", "objcpp",
        "objective-cpp",
    ]),
    (Scanner(&tables::OCAML), &["ocaml", "ml", "mli", "mll", "mly", "reason", "reasonml"]),
    (Scanner(&tables::ODIN), &["odin"]),
    (Scanner(&tables::PASCAL), &[
        "pascal", "pas", "p", "dpr", "delphi", "objectpascal", "object-pascal", "freepascal", "fpc", "lazarus",
    ]),
    (Scanner(&tables::PERL), &["perl", "pl", "pm", "pod", "t", "perl5", "cperl"]),
    (Scanner(&tables::PROTO), &[
        "proto", "protobuf", "proto2", "proto3", "protobuf3", "protocol-buffers", "pbtxt", "prototxt", "textproto", "textpb",
    ]),
    (Scanner(&tables::PROVER), &["idris", "idr", "lean"]),
    (Scanner(&tables::PUPPET), &["puppet", "pp", "epp"]),
    (Scanner(&tables::PURESCRIPT), &["purescript", "purs"]),
    (Scanner(&tables::PYTHON), &[
        "python", "py", "py2", "py3", "pyi", "pyw", "pyx", "pxd", "pxi", "bazel", "bzl", "cython", "gyp", "ipython", "ipython3",
        "jupyter", "micropython", "mojo", "pycon", "python-repl", "python2", "python3", "sage", "sconstruct", "snakefile",
        "skylark", "starlark", "xonsh",
    ]),
    (Scanner(&tables::QML), &["qml", "qmlproject"]),
    (Scanner(&tables::R), &["r", "rd", "rlang", "r-lang", "rscript", "splus", "rconsole", "rout"]),
    (Scanner(&tables::REGO), &["rego", "opa"]),
    (Scanner(&tables::ROBOT), &["robot", "robotframework", "resource"]),
    (Scanner(&tables::ROFF), &["groff", "roff", "troff", "nroff", "man", "manpage", "man-page", "mdoc"]),
    (Scanner(&tables::RUBY), &[
        "ruby", "rb", "brewfile", "fastfile", "gemfile", "gemspec", "guardfile", "irb", "irbrc", "jbuilder", "jruby",
        "macruby", "podfile", "podspec", "rake", "rakefile", "rbx", "vagrantfile",
    ]),
    (Scanner(&tables::RUST), &["rust", "rs", "rustdoc", "ron"]),
    (Scanner(&tables::SASSY), &["sass", "stylus", "styl"]),
    (Scanner(&tables::SCALA), &["scala", "sbt", "sc", "scala3", "dotty", "ammonite"]),
    (Scanner(&tables::SHADER), &[
        "glsl", "wgsl", "hlsl", "shader", "vs", "gs", "vsh", "fsh", "vert", "frag", "geom", "tesc", "tese", "comp", "mesh", "rgen",
    ]),
    (Scanner(&tables::SML), &["sml", "standard-ml", "standardml", "sig", "cm"]),
    (Scanner(&tables::SOLIDITY), &["solidity", "sol"]),
    (Scanner(&tables::SQL), &[
        "sql", "ddl", "dml", "mysql", "postgresql", "postgres", "postgre", "pgsql", "psql", "plpgsql", "plsql", "pl/sql", "tsql",
        "t-sql", "transact-sql", "mssql", "sqlserver", "sql-server", "sqlite", "sqlite3", "mariadb", "oracle", "oracle-sql",
        "db2", "sqlpl", "hql", "hiveql", "hive", "sparksql", "spark-sql", "bigquery", "snowflake", "redshift", "duckdb", "cql",
        "trino", "presto", "athena", "clickhouse", "ksql", "n1ql", "sqlalchemy",
    ]),
    (Scanner(&tables::SWIFT), &["swift"]),
    (Scanner(&tables::TCL), &["tcl"]),
    (Scanner(&tables::TEX), &["tex", "latex", "ltx", "sty", "cls", "katex"]),
    (Scanner(&tables::TOML), &["toml", "tml", "cargo.lock", "poetry.lock", "uv.lock", "pdm.lock", "pipfile"]),
    (Scanner(&tables::TSX), &["tsx", "typescriptreact"]),
    (Scanner(&tables::TYPESCRIPT), &["typescript", "ts", "mts", "cts"]),
    (Scanner(&tables::TYPST), &["typst", "typ"]),
    (Scanner(&tables::VERILOG), &["verilog", "v", "systemverilog", "sv", "svh", "vh"]),
    (Scanner(&tables::VHDL), &["vhdl", "vhd", "vho", "vht"]),
    (Scanner(&tables::VIM), &["vim", "viml", "vimrc", "vimscript", "vim-script", "nvim", "neovim"]),
    (Scanner(&tables::VISUAL_BASIC), &["vb", "vbnet", "vb.net", "visual-basic", "vba", "vbs", "vbscript", "asa"]),
    (Scanner(&tables::VYPER), &["vyper", "vy"]),
    (Scanner(&tables::ZIG), &["zig", "zon"]),
    (Marked(&tables::BASIC_PAGE), &["asp", "classic-asp"]),
    (Marked(&tables::COMPONENT), &["vue", "svelte", "svlt", "astro"]),
    (Marked(&tables::ELIXIR_PAGE), &["html.eex", "html.leex", "eex", "heex", "leex", "html+eex"]),
    (Marked(&tables::HTML), &[
        "html", "htm", "html5", "xhtml", "shtml", "handlebars", "hbs", "htmlbars", "glimmer", "mustache", "angular", "ng-template",
        "cfm", "cfml", "jinja", "jinja2", "j2", "django", "nunjucks", "njk", "liquid", "twig", "html.twig", "htm.j2", "html.j2",
        "html+jinja", "html+django", "htmldjango", "xhtml.j2", "xml.j2",
    ]),
    (Marked(&tables::JAVA_PAGE), &["jsp"]),
    (Marked(&tables::RUBY_PAGE), &["erb", "rhtml", "html.erb", "html+erb", "html+ruby", "ejs", "js.erb"]),
    (Marked(&tables::XML), &[
        "xml", "xsd", "xsl", "xslt", "svg", "xaml", "opml", "rss", "rng", "dtml", "xhtml+xml", "wsdl", "plist", "pom", "maven",
        "csproj", "fsproj", "vbproj", "msbuild", "atom", "xjb", "docbook",
    ]),
    (Reader::Php, &["php", "php3", "php4", "php5", "php7", "php8", "phps", "phpt", "phtml", "hack", "inc"]),
    (Written(&ASCIIDOC), &["asciidoc", "adoc", "ad", "asciidoctor"]),
    (Written(&MARKDOWN), &[
        "markdown", "md", "mdown", "mdx", "gfm", "markdn", "mkd", "mkdown", "rmarkdown", "rmd", "qmd", "quarto", "commonmark",
        "multimarkdown", "pandoc",
    ]),
    (Written(&ORG), &["org", "orgmode", "org-mode"]),
    (Written(&RST), &["rst", "rest", "restructuredtext", "restructured-text"]),
    (Written(&WIKI), &["mediawiki", "wiki", "wikipedia", "wikitext", "textile"]),
    (Set(&COLUMNS), &["fstab", "crypttab", "mtab", "hosts", "go.sum", "gosum", "go-sum", "known_hosts", "authorized_keys", "sources.list"]),
    (Set(&ENV), &[".env", "env", "dotenv", ".envrc"]),
    (Set(&INI), &[
        "ini", "cfg", "config", "desktop", "dosini", "editorconfig", ".editorconfig", "gitconfig", "git-config", ".gitconfig",
        "gitmodules", ".gitmodules", "inf", "lng", "pylintrc", "reg", "registry", "service", "systemd", "unit-file", "winreg",
    ]),
    (Set(&PROPERTIES), &["properties", "java-properties", "java-property", "requirements.txt", "pip", "pip-requirements"]),
    (Set(&SSH), &["ssh_config", "ssh-config", "sshconfig", "sshd_config", "resolv.conf"]),
    (Lines(DIFF), &["diff", "patch", "udiff", "git-diff"]),
    (Lines(PATTERNS), &[
        "gitignore", "git-ignore", ".gitignore", "gitattributes", ".gitattributes", "attributes", "exclude", "ignore",
        "dockerignore", "npmignore",
    ]),
    (Reader::Css, &["css", "scss", "less", "postcss", "pcss", "css.less"]),
    (Reader::Dockerfile, &["dockerfile", "docker", "containerfile"]),
    (Reader::Http, &["http", "https"]),
    (Reader::Makefile, &[
        "makefile", "make", "mak", "mk", "mf", "bsdmake", "gnumake", "gnumakefile", "make-file", "makefile.am", "makefile.in",
        "just", "justfile",
    ]),
    (Reader::PowerShell, &[
        "powershell", "pwsh", "posh", "ps1", "psm1", "psd1", "ps", "powershell-core", "windows-powershell",
    ]),
    (Reader::Regex, &["re", "regex", "regexp"]),
    (Reader::Session, &[
        "console", "shell-session", "shellsession", "sh-session", "bash-session", "bashsession", "zsh-session",
        "shell-console", "terminal", "term",
    ]),
    (Reader::Shell, &[
        "bash", "sh", "shell", "zsh", "ash", "ksh", "mksh", "pdksh", "dash", "csh", "tcsh", "fish", "sh-script", "shell-script",
        "shellscript", "bash-script", "posix-shell", "posix-sh", "openrc", "bats", "ebuild", "eclass", "pkgbuild", ".bashrc",
        ".profile", ".zshrc", ".bash_profile",
    ]),
    (Reader::Yaml, &[
        "yaml", "yml", "sls", "yaml-frontmatter", "docker-compose", "compose", "cloudformation", "openapi", "helm", "kubernetes",
        "k8s", "ansible", "sublime-syntax",
    ]),
];
