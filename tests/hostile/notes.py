"""Notes as people have them, for the runner itself: what is right has to pass, and what is wrong has to be seen."""

import outputs


def lay_plain(folder):
    (folder / "deckle.yaml").write_text("id: hostile\ndeck: D\n", "utf-8")
    (folder / "content").mkdir()
    (folder / "content/a.md").write_text("# T\n\n## Question\n\nAn answer with `code` and $x^2$.\n", "utf-8")


def check_dangers_are_seen(_deckle, _folder):
    bad = ["<script>x()</script>", "<img src=x onerror=x()>", "<a href='java&#x9;script:x()'>x</a>", "<iframe src=x></iframe>",
           "<meta http-equiv=Refresh content='0;url=x'>", "<p style='background:url(x)'>", "<a href='data:text/html,x'>x</a>"]
    for text in bad:
        assert list(outputs.dangers("x.md", text.encode())), text
    assert list(outputs.dangers("print/x.html", b"<script>other()</script>"))
    assert list(outputs.dangers("x.apkg:1.svg", b"<svg onload='x()'/>"))
    for text in ("<p>a</p>", "<img src='data:image/png;base64,AA=='>", "<a href='https://x.org'>x</a>"):
        assert not list(outputs.dangers("x.md", text.encode())), text


SCENARIOS = [
    ("plain", lay_plain, {"exit": {0}, "present": [b"An answer"]}),
    ("check", lay_plain, {"exit": {0}, "arguments": ["check"]}),
]
