"""Pictures of a site for people to look at: pages in each theme, and study mode from its first card to its end.

    python gallery.py TEMPLATES SITE OUT

TEMPLATES is the folder of deckle.js' parts and deckle.css; SITE one that mdBook built of content/; OUT gets the pictures, and
index.html with all of them. Nothing is compared: this is for eyes.
"""

import sys
from pathlib import Path

import run

# Width, and height that is seen; pages are shown whole, study mode as much as there is room.
SIZES = {"desktop": (1280, 800), "phone": (360, 740)}
THEMES = ["light", "rust", "coal", "navy", "ayu"]
PAGES = {"start": "site/index.html", "chapter": "site/07-iam-roles.html", "typed": "site/06-ports.html"}
# A page's height is cut there, in pixels.
MOST_HIGH = 2400


def main(site, out):
    out.mkdir(parents=True, exist_ok=True)
    names = []

    @run.site_test
    def gallery(reader):
        for size, (width, height) in SIZES.items():
            for theme in THEMES:
                for name, path in PAGES.items():
                    page = open_page(reader, path, theme, width, height)
                    page.evaluate("[...document.querySelectorAll('main .card')].slice(0, 2).forEach((card) => (card.open = true))")
                    names.append(shoot(page, out, f"{name}-{theme}-{size}", whole=True))
                names.extend(study(reader, theme, size, out))
        for name, options in STATES.items():
            names.extend(state(reader, name, options, out))
        reader.complaints = []

    run.tests, run.site_tests = [], [gallery]
    status = run.main()
    pictures = "".join(f'<figure><figcaption>{name}</figcaption><img src="{name}.png" loading="lazy"></figure>' for name in names)
    (out / "index.html").write_text(f"<!DOCTYPE html><meta charset=utf-8><title>Study mode</title><style>{STYLE}</style>{pictures}")
    print(f"{len(names)} pictures in {out}")
    return status


STYLE = "body{display:flex;flex-wrap:wrap;gap:1em;font:1em sans-serif}figure{margin:0}img{max-width:480px;border:1px solid #999}"


def open_page(reader, path, theme, width, height, prepare="", opened=None):
    prepare = f"localStorage['mdbook-theme'] ??= '{theme}'; {prepare}"
    return (opened or reader.open)(path, prepare=prepare, viewport={"width": width, "height": height})


def shoot(page, out, name, whole=False):
    width = page.viewport_size["width"]
    high = page.evaluate("document.documentElement.scrollHeight") if whole else 0
    clip = {"x": 0, "y": 0, "width": width, "height": min(max(high, page.viewport_size["height"]), MOST_HIGH)}
    page.screenshot(path=out / f"{name}.png", clip=clip, full_page=whole)
    return name


def study(reader, theme, size, out):
    """Question and answer of some cards, options, and the end of a sitting."""
    page = open_page(reader, PAGES["start"], theme, *SIZES[size])
    page.click(".options > summary")
    page.locator(".ahead > summary").click()
    yield shoot(page, out, f"options-{theme}-{size}")
    page.fill("[name=portion]", "6")
    page.locator("[name=portion]").blur()
    run.study(page)
    for number in range(6):
        if number < 2:
            yield shoot(page, out, f"question-{number}-{theme}-{size}")
        run.press(page, "Enter")
        if number < 2:
            yield shoot(page, out, f"answer-{number}-{theme}-{size}")
        run.press(page, "1" if number in (1, 3) else "4")
    run.press(page, "Enter", "4", "Enter", "4")
    page.locator(".missed summary").first.click()
    yield shoot(page, out, f"end-{theme}-{size}")
    run.leave(page)
    yield shoot(page, out, f"done-{theme}-{size}")
    page = open_page(reader, PAGES["typed"], theme, *SIZES[size])
    run.all_at_once(page)
    run.study(page)
    for _ in range(page.locator("main .card").count() * 2):
        if page.locator(".typing input").is_visible():
            break
        run.press(page, "ArrowRight")
    yield shoot(page, out, f"typing-{theme}-{size}")
    page.keyboard.type("host prt")
    run.press(page, "Enter")
    yield shoot(page, out, f"typed-answer-{theme}-{size}")


# What a browser lacks, by the name of a picture.
FORBIDDEN = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
APPLE = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => 'Apple Computer, Inc.' })"
STATES = {
    "full": {"after": run.FILL},
    "forbidden": {"prepare": FORBIDDEN},
    "safari": {"prepare": APPLE},
    "old": {"prepare": run.OLDER, "opened": "older"},
    "no-dialog": {"prepare": "HTMLDialogElement.prototype.showModal = undefined"},
    "reset": {"press": ".reset"},
}


def state(reader, name, options, out):
    opened = (lambda path, **more: run.older(reader, path, **more)) if "opened" in options else None
    for size in SIZES:
        for theme in ["light", "navy"] if opened else ["light"]:
            page = open_page(reader, PAGES["start"], theme, *SIZES[size], prepare=options.get("prepare", ""), opened=opened)
            if "after" in options:
                page.evaluate(options["after"])
                page.reload()
            if "press" in options:
                run.study(page)
                run.press(page, "Enter", "4")
                run.leave(page)
                page.click(".options > summary")
                page.click(options["press"])
            yield shoot(page, out, f"{name}-{theme}-{size}")
            if opened:
                run.study(page)
                run.press(page, "Enter")
                yield shoot(page, out, f"{name}-answer-{theme}-{size}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    where = Path(sys.argv.pop())
    sys.exit(main(sys.argv[2], where))
