#!/usr/bin/env bash
# Chromium ends with status 0 where it could not load the page that it was to print, and where it could not write the PDF.
#
# One would guess: `chromium --headless --print-to-pdf=FILE PAGE` either makes FILE and ends with 0, or says what is wrong and ends
# with another status.
# Seen: without PAGE, and where the folder of FILE is missing, it writes a line to stderr, makes no file and ends with 0. A script that
# goes by the status takes the PDF of last week for that of today.
# Why it matters here: deckle looks at the file alone, at its first bytes and at `%%EOF`, and shows the line where it is not whole.
#
# Needs Chromium and timeout. Prints what was seen; fails where Chromium does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
browser="${CHROMIUM:-chromium}"
"$browser" --version 2>/dev/null
echo '<p>page' >"$folder/page.html"

# print FILE PAGE: the status, and whether there is a file.
print() {
    local status=0
    local root=()
    [ "$(id -u)" -ne 0 ] || root=(--no-sandbox)
    timeout --signal=KILL 60 "$browser" --headless=new "${root[@]}" --disable-gpu --user-data-dir="$folder/profile" \
        --print-to-pdf="$folder/$1" "file://$folder/$2" >/dev/null 2>"$folder/said" || status=$?
    echo "status $status, $([ -e "$folder/$1" ] && echo 'a file' || echo 'no file')"
}

{
    echo "a page: $(print there.pdf page.html)"
    echo "no page: $(print none.pdf none.html)"
    echo "no folder: $(print none/none.pdf page.html)"
} | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN' || { echo "Chromium does otherwise now: the finding is out of date" >&2; exit 1; }
a page: status 0, a file
no page: status 0, no file
no folder: status 0, no file
SEEN
echo "as found"
