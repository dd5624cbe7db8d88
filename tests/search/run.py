"""Asks a site's search, in Chromium and without a server, for words of many scripts, and measures it.

    python run.py MDBOOK DECKLE

Prints 'N passed, N failed'.
"""

import gzip
import random
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from playwright.sync_api import sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
# Bytes with `gzip -9`, and milliseconds.
MOST_OF_SCRIPT, MOST_OF_INDEX, MOST_OF_QUERY = 1_024, 300_000, 50

# What is asked → what the card asks that is found first.
ASKED = {
    "naïve": "Straße, Übermut und naïve Façade",
    "NAIVE": "Straße, Übermut und naïve Façade",
    "ubermut": "Straße, Übermut und naïve Façade",
    "strasse": "Straße, Übermut und naïve Façade",
    "facade": "Straße, Übermut und naïve Façade",
    "cafe\u0301": "le café",
    "smorrebrod": "Smørrebrød?",
    "smørrebrød": "Smørrebrød?",
    "istanbul": "İstanbul nerede?",
    "zażółć": "Zażółć gęślą jaźń?",
    "кошка": "Что такое кошка?",
    "КОШ": "Что такое кошка?",
    "елка": "Где стоит ёлка?",
    "йод": "Где стоит ёлка?",
    "Οδύσσεια": "Ποιος έγραψε την Οδύσσεια;",
    "ΟΜΗΡΟΣ": "Ποιος έγραψε την Οδύσσεια;",
    "北京": "北京大学在哪里？",
    "大学": "北京大学在哪里？",
    "海淀区": "北京大学在哪里？",
    "京": "北京大学在哪里？",
    "首都": "東京はどこの首都ですか？",
    "ニホン": "東京はどこの首都ですか？",
    "에서": None,
    "서울": "한국의 수도는 어디입니까?",
    "القاهرة": "ما هي عاصمة مصر؟",
    "عاصمة مصر": "ما هي عاصمة مصر؟",
    "كتاب": "ما هو الكتاب؟",
    "ירושלים": "מהי בירת ישראל?",
    "ภาษา": "ภาษาไทยคืออะไร",
    "taskRoleArn": "Which role?",
    "roleArn": "Which role?",
    "host_port": "Which role?",
    "C++": "Which language?",
    "mc²": "What is energy?",
    "mc^2": "What is energy?",
    "alpha": "What is energy?",
    "α": "What is energy?",
    "sqrt": "What is energy?",
    "rouge": "Colours · rouge",
    "hidden": "Gaps",
    "tagged": "le café",
    "prose of its own": "A section",
    "nothing-there": None,
}

NOTES = """\
# Words

Some first words.

## A section {.prose}

Text that is prose of its own, below a heading.

## Straße, Übermut und naïve Façade {#own}

Wörter.

## le café {.reversed tags=tagged}

coffee

## Smørrebrød?

Bread.

## İstanbul nerede?

Orada.

## Zażółć gęślą jaźń?

Tak.

## Что такое кошка?

Домашнее животное.

## Где стоит ёлка?

Там, где йод.

## Ποιος έγραψε την Οδύσσεια;

Ο Όμηρος.

## 北京大学在哪里？

在中国北京市海淀区。

## 東京はどこの首都ですか？

日本、ニホンの首都です。

## 한국의 수도는 어디입니까?

서울입니다.

## ما هي عاصمة مصر؟

القاهرة هي عاصمة مصر.

## ما هو الكتاب؟

كِتَابٌ مفيد.

## מהי בירת ישראל?

יְרוּשָׁלַיִם

## ภาษาไทยคืออะไร

ภาษาของไทย

## Which role?

`taskRoleArn` with `host_port`.

## Which language?

C++ and C.

## What is energy?

$E = mc^2$ and $\\alpha + \\sqrt{x}$

## Colours {.rows}

| French | English |
|---|---|
| rouge | red |

## Gaps {.cloze}

Something {{c1::hidden}} & <escaped>.
"""


def main(mdbook, deckle):
    mdbook, deckle = Path(mdbook).resolve(), Path(deckle).resolve()
    failures = 0
    tests = [words_are_found, keys_lead_through_what_is_found, a_hit_opens_its_card, mdbooks_search_gives_way,
             many_cards_are_searched_at_once, the_script_is_small, answers_are_not_given_away]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        make(Path(folder), mdbook, deckle)
        for test in tests:
            context = browser.new_context()
            page = context.new_page()
            complaints = []
            page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            try:
                test(page, Path(folder))
                assert not complaints, f"the console says {complaints}"
            except Exception:  # noqa: BLE001: a test that breaks is a test that fails
                print(f"{test.__name__}: {traceback.format_exc(limit=-2)}", file=sys.stderr)
                failures += 1
            context.close()
        browser.close()
    print(f"{len(tests) - failures} passed, {failures} failed")
    return 1 if failures else 0


def make(folder, mdbook, deckle):
    settings = (REPOSITORY / "book.toml").read_text()
    assert "enable = false" in settings and "search.js" in settings
    both = settings.replace("enable = false", "enable = true")
    for name, text, toml in [("words", NOTES, settings), ("both", NOTES, both), ("many", many(), settings)]:
        root = folder / name
        (root / "content/deep").mkdir(parents=True)
        (root / "content/deep/words.md").write_text(text, "utf-8")
        (root / "deckle.yaml").write_text("id: search\nname: Search\ndeck: Search\n", "utf-8")
        (root / "book.toml").write_text(toml, "utf-8")
        subprocess.run([deckle, "build", "--quiet", "-f", "book"], cwd=root, check=True)
        subprocess.run([mdbook, "build"], cwd=root, check=True, capture_output=True)


def many():
    """5,000 cards with 27 words each, as in content/, and as often as words are in a language (Zipf)."""
    chance = random.Random(7)
    letters, vowels = "bcdfghklmnprstvw", "aeiou"
    syllable = lambda: chance.choice(letters) + chance.choice(vowels)
    vocabulary = ["".join(syllable() for _ in range(chance.randint(1, 4))) for _ in range(12_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    words = lambda count: " ".join(chance.choices(vocabulary, weights, k=count))
    return "# Many\n\n" + "".join(f"## {words(7)} {at}?\n\n{words(20)}.\n\n" for at in range(5_000))


def open_search(page, site, path="deep/words.html", key="s"):
    page.goto((site / "dist/site" / path).as_uri())
    page.keyboard.press(key)
    page.wait_for_selector(".deckle-search[open]")
    page.wait_for_function("globalThis.deckleWords")


def ask(page, text):
    page.fill(".deckle-search input", text)
    titles = "(links) => links.map((link) => link.firstChild.data)"
    return page.locator(".deckle-search a").evaluate_all(titles)


def words_are_found(page, folder):
    open_search(page, folder / "words")
    assert len(ASKED) >= 30
    for text, title in ASKED.items():
        found = ask(page, text)
        assert (found[:1] or [None]) == [title], f"{text}: {found} is not {title}"
        assert page.locator(".deckle-search [role=status]").inner_text().startswith(str(len(found)))
        if title and title != "A section":
            page.locator(".deckle-search a").first.click()
            shown = page.locator("details.card[open] > summary").all_inner_texts()
            assert len(shown) == 1 and title.split(" · ")[-1] in shown[0], f"{text}: {shown}"
            page.evaluate("document.querySelector('details.card[open]').open = false")
            page.keyboard.press("/")


def keys_lead_through_what_is_found(page, folder):
    open_search(page, folder / "words", "index.html", "/")
    assert ask(page, "w")[1:], "too few"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement === document.querySelectorAll('.deckle-search a')[1]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert second and page.evaluate("document.activeElement.localName") == "input"
    # To mdBook they turn pages.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.url.endswith("index.html"), page.url
    page.keyboard.press("Escape")
    assert not page.locator(".deckle-search[open]").count()
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true }))")
    assert not page.locator(".deckle-search[open]").count()
    page.get_by_role("button", name="Search (s)").click()
    ask(page, "nothing-there")
    page.keyboard.press("Enter")
    ask(page, "istanbul")
    page.keyboard.press("Enter")
    page.wait_for_url("**/deep/words.html#a-*")
    # In a field a letter is a letter.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input id=own>')")
    page.focus("#own")
    page.keyboard.press("s")
    assert not page.locator(".deckle-search[open]").count()


def a_hit_opens_its_card(page, folder):
    open_search(page, folder / "words", "index.html")
    ask(page, "Одис")
    ask(page, "Οδυσσ")
    page.locator(".deckle-search a").click()
    page.wait_for_selector("details.card[open]")
    assert "Όμηρος" in page.locator("details.card[open]").inner_text()


def answers_are_not_given_away(page, folder):
    open_search(page, folder / "words")
    ask(page, "something")
    text = page.locator(".deckle-search li").inner_text()
    assert "Gaps" in text and "hidden" not in text, text


def mdbooks_search_gives_way(page, folder):
    open_search(page, folder / "both")
    assert not page.locator("#mdbook-search-toggle").is_visible()
    assert not page.locator("#mdbook-search-wrapper").is_visible()
    assert ask(page, "кошка")


def many_cards_are_searched_at_once(page, folder):
    index = (folder / "many/dist/book/search-index.js").read_bytes()
    size = len(gzip.compress(index, 9))
    assert size <= MOST_OF_INDEX, f"the index has {size} bytes"
    first = sorted((folder / "many/dist/site/deep").rglob("*.html"))[0]
    open_search(page, folder / "many", str(first.relative_to(folder / "many/dist/site")))
    slowest = page.evaluate("""() => {
        const field = document.querySelector(".deckle-search input");
        const time = (text) => {
            field.value = text;
            const begun = performance.now();
            field.oninput();
            return performance.now() - begun;
        };
        const texts = ["b", "a", "ba", "ba ke", "b k l m", "4999", "kaba", "zzz"];
        // The best of three: others use this machine too.
        return Math.max(...texts.map((text) => Math.min(time(text), time(text), time(text))));
    }""")
    print(f"5,000 cards: an index of {size:,} bytes, {slowest:.1f} ms for the slowest of eight questions")
    assert slowest <= MOST_OF_QUERY, f"{slowest} ms"
    assert any("4999?" in title for title in ask(page, "4999"))


def the_script_is_small(page, folder):
    size = len(gzip.compress((folder / "words/dist/book/search.js").read_bytes(), 9))
    print(f"the script has {size:,} bytes")
    assert size <= MOST_OF_SCRIPT, f"{size} bytes"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
