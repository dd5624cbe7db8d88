#!/usr/bin/env bash
# One key that mdBook does not know in `[output.html]` takes all settings of the pages with it, and the build succeeds.
#
# One would guess: an unknown key is refused, as it is in `[book]` (status 101, nothing is built), or it alone is passed over.
# Seen: mdBook 0.5.4 prints an error about the key, goes on with the settings that it has by itself, says that the book was
# written, and ends with status 0. The theme and the author's styles are gone from every page, and what hosts the site takes it for good.
# Why it matters here: `deckle build -f site` makes sites with mdBook's crates from the author's `book.toml`, where
# `additional_css` for `additional-css` is an easy slip. It therefore reads `[output.html]` itself first and keeps the old site.
#
# Needs cargo and its registry. Prints what was seen; fails where mdBook does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
CARGO_TARGET_DIR="$folder/target" cargo install mdbook --quiet --locked --version 0.5.4 --no-default-features --root "$folder"
mdbook="$folder/bin/mdbook"
"$mdbook" --version

cd "$folder"
mkdir src
printf '# Summary\n\n- [Ports](ports.md)\n' >src/SUMMARY.md
printf '# Ports\n\nA port is a number.\n' >src/ports.md
printf 'p { color: teal }\n' >own.css

# The status of a build, whether the page has the author's style and theme, and whether a key was complained of.
built() {
    rm -rf book
    printf '%s\n' "$@" >book.toml
    local status=0
    "$mdbook" build >said 2>&1 || status=$?
    style=no theme=no said=no
    if [ -e book/ports.html ]; then
        grep -q 'href="own-[0-9a-f]*\.css"' book/ports.html && style=yes
        grep -q 'default_light_theme = "navy"' book/ports.html && theme=yes
    fi
    grep -q 'unknown field' said && said=yes
    echo "status $status, style $style, theme $theme, complaint $said"
}

settings=('[book]' 'title = "Ports"' '[output.html]' 'additional-css = ["own.css"]' 'default-theme = "navy"')
right="$(built "${settings[@]}")"
unknown="$(built "${settings[@]}" 'additional_js = []')"
refused="$(built "${settings[@]:0:2}" 'subtitle = "Numbers"' "${settings[@]:2}")"
echo "all keys known:               $right"
echo "one unknown in [output.html]: $unknown"
echo "one unknown in [book]:        $refused"
[ "$right" = "status 0, style yes, theme yes, complaint no" ]
[ "$unknown" = "status 0, style no, theme no, complaint yes" ]
[ "$refused" = "status 101, style no, theme no, complaint yes" ]
