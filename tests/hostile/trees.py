"""Trees of files that no editor makes: links, pipes and devices, odd names and depths, folders of others where outputs go, and
builds that are killed, that meet, or that run out of room."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1700000000"}
TEMPORARY = re.compile(r"\.deckle-[A-Za-z0-9]{12}\.tmp")
NOTE = "## Question?\n\nAn answer.\n"


def project(folder, note=NOTE, settings=""):
    (folder / "deckle.yaml").write_text("id: hostile\ndeck: D\n" + settings, "utf-8")
    (folder / "content").mkdir(exist_ok=True)
    (folder / "content/a.md").write_text(note, "utf-8")
    return folder / "content"


def odd_file(place, kind):
    """Puts something that is no plain file at a place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        # The address of a socket may have 107 bytes.
        here = os.getcwd()
        os.chdir(place.parent)
        try:
            socket.socket(socket.AF_UNIX).bind(place.name)
        finally:
            os.chdir(here)
    elif kind == "folder":
        (place / "full").mkdir(parents=True)
    elif kind == "loop":
        place.symlink_to(place.name)
    elif kind == "dangling":
        place.symlink_to("there-is-none")
    else:
        place.symlink_to({"device": "/dev/zero", "endless": "/dev/urandom", "process": "/proc/self/environ"}[kind])


KINDS = ("pipe", "socket", "folder", "loop", "dangling", "device", "endless", "process")
# Where it lies, and what it does to a build: 0 where it is passed over, 1 where notes are wrong, 3 where nothing can be made.
PLACES = {
    "content/b.md": {0, 1},
    "content/pic.png": {0, 1},
    "content/_deck.yaml": {0, 1, 3},
    "content/SUMMARY.md": {0, 1},
    "content/sub": {0, 1},
    "deckle.lock": {0, 1, 3},
    "dist": {0, 3},
    "dist/.deckle-files": {0, 3},
    "dist/d.apkg": {0, 3},
    "dist/book": {0, 3},
    "dist/book/a.md": {0, 3},
    "templates/anki/style.css": {0, 1, 3},
    "templates/print/cards.css": {0, 1, 3},
    ".obsidian/app.json": {0, 1},
}


def odd_scenario(place, kind):
    def lay(folder):
        project(folder, NOTE + "\n![x](pic.png)\n" if place.endswith("png") else NOTE + "\n![x](gone.png)\n" * ("app.json" in place))
        if place.startswith("templates"):
            (folder / "deckle.yaml").write_text("id: hostile\ndeck: D\ntemplates: templates\n", "utf-8")
            (folder / "templates").mkdir()
        odd_file(folder / place, kind)
    return lay


def lay_media(address, *links):
    def lay(folder):
        content = project(folder, f"## Question?\n\n![x](<{address}>)\n")
        for name, target in links:
            (content / name).symlink_to(target)
    return lay


def lay_argument(kind):
    def lay(folder):
        odd_file(folder / "x.md", kind)
        return ["build", "x.md"]
    return lay


def lay_names(folder):
    content = project(folder)
    names = [b"-f.md", b"--out.md", b" a.md", b"a .md", b"tab\t.md", b"line\nfeed.md", b"\x1b[31mred.md", b"bad-\xff.md", b"\xfe",
             "\u202egnp.md".encode(), "u\u0308.md".encode(), "\u00fc.md".encode(), b"A.md", b"CON.md", b"a:b.md", b"a'b\".md",
             b"{{x}}.md", b"$(x).md", b"..md", b"...md", b"~.md", b"x" * 200 + b".md", b"deckle.yaml.md", b"a.md.md"]
    for index, name in enumerate(names):
        path = os.path.join(os.fsencode(content), name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"## Question {index}?\n\nAn answer.\n")
    for name in (b"folder.md", b"f\xff", b"line\nfeed", b"con"):
        path = os.path.join(os.fsencode(content), name)
        os.mkdir(path)
        Path(os.fsdecode(path), "n.md").write_text(f"## Question of {len(name)}?\n\nAn answer.\n", "utf-8")


def lay_media_names(folder):
    names = ["A.png", "a.png", "u\u0308.png", "CON.png", "nul", "COM1.png", "a b.png", "a'b.png", "x.png ", "y.png.", "z" * 200 + ".png",
             "{{x}}.png", "[sound:x].png", "<img>.png", "a\u202eb.png", "-x.png", "..png", "%41.png", "a\tb.png"]
    names = [name if "." in name else name + ".png" for name in names]
    note = "".join(f"## Question {index}?\n\n![x](<{name.replace('%', '%25').replace('<', '%3C').replace('>', '%3E')}>)\n\n"
                   for index, name in enumerate(names))
    content = project(folder, note)
    for index, name in enumerate(names):
        (content / name).write_bytes(b"picture %d" % index)


def lay_many(folder):
    content = project(folder)
    for index in range(100_000):
        (content / f"{index}.txt").touch()


def lay_deck_names(folder):
    names = ["A::B", "A/B", "a-b", "A B", "a\u0308", "\u00e4", "CON", "..", "../../x", "/etc/x", "C:\\x", "x" * 90, "-", "collection"]
    for index, name in enumerate(names):
        project(folder)
        text = f"---\ndeck: {json.dumps(name)}\n---\n## Question {index}?\n\nAn answer.\n"
        (folder / f"content/{index}.md").write_text(text, "utf-8")


def lay_lock(make):
    """A lock that `make` changes; the project was built before."""
    def lay(folder):
        project(folder)
        (folder / "deckle.lock").write_bytes(make(b"deckle.lock 1\ncollection hostile\n"))
    return lay


def lay_huge_lock(folder):
    project(folder)
    with open(folder / "deckle.lock", "wb") as file:
        file.truncate(1 << 30)


def lay_list(folder):
    """A list of outputs that names what is none."""
    project(folder)
    (folder / "dist/book").mkdir(parents=True)
    (folder / "dist/book/link").symlink_to("../../content")
    (folder / "dist/book/theirs.md").mkdir()
    lines = ["../content/a.md", "../../secret.png", "/etc/hostname", "book/link/a.md", "book/../../content/a.md", "book/theirs.md",
             "book", "", "print/\0", "x" * 5000, "content/a.md", "../deckle.yaml"]
    (folder / "dist/.deckle-files").write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")


def lay_output(out, make=lambda folder: None):
    def lay(folder):
        project(folder)
        make(folder)
        return ["build", "-o", out]
    return lay


def lay_in_content(folder):
    """Outputs of an earlier build among the notes, as another output folder than that of now."""
    content = project(folder)
    (content / "old/book").mkdir(parents=True)
    (content / "old/.deckle-files").write_text("book/old.md\n", "utf-8")
    (content / "old/book/old.md").write_text("## An old output?\n\nIt is no note.\n", "utf-8")


def lay_link(name, target):
    def lay(folder):
        project(folder)
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (folder / "theirs").mkdir()
        (folder / "theirs/file").write_text("theirs", "utf-8")
        place.symlink_to(folder / target)
    return lay


def lay_locked(name):
    def lay(folder):
        project(folder)
        (folder / "content/sub").mkdir()
        (folder / "content/sub/b.md").write_text(NOTE.replace("?", " 2?"), "utf-8")
        (folder / "content/pic.png").write_bytes(b"x")
        (folder / "content/a.md").write_text(NOTE + "\n![x](pic.png)\n", "utf-8")
        (folder / "dist").mkdir()
        (folder / name).chmod(0)
    return lay


SCENARIOS = [(f"{kind} as {place}", odd_scenario(place, kind), {"exit": exits}) for place, exits in PLACES.items() for kind in KINDS]
SCENARIOS += [(f"{kind} as argument", lay_argument(kind), {"exit": {0, 1, 2, 3}}) for kind in KINDS]
SCENARIOS += [
    ("media upwards", lay_media("../../secret.png"), {"exit": {0, 1}, "stderr": ["outside-media"]}),
    ("media coded", lay_media("%2e%2e/..%2fsecret.png"), {"exit": {0, 1}, "stderr": ["outside-media"]}),
    ("media absolute", lay_media("/etc/hostname.png"), {"exit": {0, 1}, "stderr": ["missing-media"]}),
    ("media file:", lay_media("file:///etc/hostname"), {"exit": {0, 1}, "stderr": ["outside-media"]}),
    ("media drive", lay_media("C:\\\\x\\\\secret.png"), {"exit": {0, 1}, "stderr": ["missing-media"]}),
    ("media share", lay_media("\\\\\\\\host\\\\x\\\\secret.png"), {"exit": {0, 1}, "stderr": ["missing-media"]}),
    ("media by a link", lay_media("x.png", ("x.png", "../../secret.png")), {"exit": {0, 1}, "stderr": ["outside-media"]}),
    ("media by a folder", lay_media("up/secret.png", ("up", "../..")), {"exit": {0, 1}, "stderr": ["outside-media"]}),
    ("media in circles", lay_media("x.png", ("x.png", "y.png"), ("y.png", "x.png")), {"exit": {0, 1}, "stderr": ["missing-media"]}),
    ("names of notes", lay_names, {"exit": {0}, "stderr": ["is not UTF-8"]}),
    ("names of media", lay_media_names, {"exit": {0, 1}}),
    ("names of decks", lay_deck_names, {"exit": {0, 1}}),
    ("100,000 files", lay_many, {"exit": {0}}),
    ("lock cut", lay_lock(lambda lock: lock[:20]), {"exit": {1}, "stderr": ["bad-lock"]}),
    ("lock of zeros", lay_lock(lambda lock: bytes(100_000)), {"exit": {1}, "stderr": ["bad-lock"]}),
    ("lock of empty lines", lay_lock(lambda lock: lock + b"\n" * 3_000_000), {"exit": {1}, "stderr": ["bad-lock"]}),
    ("lock of one line", lay_lock(lambda lock: lock + b"x" * 3_000_000), {"exit": {1}, "stderr": ["bad-lock"]}),
    ("lock in conflict", lay_lock(lambda lock: lock + b"<<<<<<< a\n=======\n>>>>>>> b\n"), {"exit": {1}, "stderr": ["git left"]}),
    ("lock in CRLF", lay_lock(lambda lock: lock.replace(b"\n", b"\r\n")), {"exit": {0}}),
    ("lock of a later version", lay_lock(lambda lock: lock.replace(b"1", b"99", 1)), {"exit": {1}, "stderr": ["update deckle"]}),
    ("lock of huge numbers", lay_lock(lambda lock: lock + b"type basic 99999999999999999999 -1 a b\n"), {"exit": {1}}),
    ("huge lock", lay_huge_lock, {"exit": {3}, "stderr": ["larger than"]}),
    ("evil list", lay_list, {"exit": {0}}),
    ("output is content", lay_output("content"), {"exit": {2}, "stderr": ["among the outputs"]}),
    ("output in content", lay_in_content, {"exit": {0}, "absent": [b"It is no note"]}),
    ("output is a file", lay_output("deckle.yaml"), {"exit": {3}}),
    ("output is a pipe", lay_output("pipe", lambda folder: os.mkfifo(folder / "pipe")), {"exit": {3}}),
    ("output is a device", lay_output("/dev/null"), {"exit": {3}}),
]
SCENARIOS += [(f"{name} leads out", lay_link(name, target), {"exit": {3}, "stderr": ["cannot"]}) for name, target in [
    ("dist/d.apkg", "theirs/file"), ("dist/print", "theirs"), ("dist/book", "theirs"), ("dist/book/SUMMARY.md", "theirs/file"),
    ("dist/.deckle-files", "theirs/file"), ("dist/deckle.json", "theirs/file")]]
if os.geteuid():
    SCENARIOS += [(f"{name} is locked", lay_locked(name), {"exit": {0, 1, 3}, "stderr": ["enied"]}) for name in
                  ("content/a.md", "content/sub", "content", "content/pic.png", "deckle.yaml", "dist")]


def build(deckle, folder, *arguments, **options):
    return subprocess.run([deckle, "build", *arguments], cwd=folder, env={**os.environ, **ENVIRONMENT}, capture_output=True, **options)


def start(deckle, folder, *arguments):
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([deckle, "build", *arguments], cwd=folder, env={**os.environ, **ENVIRONMENT}, **pipes)


def files(folder):
    """Every file of a project with its bytes, but for notes and for what a build keeps for the next one; and what was left over."""
    made, left = {}, []
    for path in sorted(folder.rglob("*")):
        if TEMPORARY.fullmatch(path.name):
            left.append(path)
        elif path.is_file() and path.name != ".deckle-cache" and folder / "content" not in path.parents:
            made[str(path.relative_to(folder))] = path.read_bytes()
    return made, left


def notes(folder, count, version):
    content = project(folder)
    (content / "a.md").unlink()
    for index in range(0, count, 50):
        text = "".join(f"## Question {number}?\n\nAnswer {version} of {number}.\n\n" for number in range(index, index + 50))
        place = content / f"{index // 50 % 9}/{index}.md"
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, "utf-8")


def check_kill(deckle, folder):
    """kill -9 at 50 moments of a build of 5,000 notes: each file is old or new, and the next build is as if it never was."""
    old_tree, tree = folder / "old", folder / "tree"
    old_tree.mkdir()
    notes(old_tree, 5000, 0)
    assert build(deckle, old_tree).returncode == 0
    old, _ = files(old_tree)
    shutil.copytree(old_tree, tree)
    notes(tree, 5000, 1)
    begun = time.monotonic()
    assert build(deckle, tree).returncode == 0
    length = time.monotonic() - begun
    new, _ = files(tree)
    assert old != new and old.keys() == new.keys()
    chance, killed, between, left_over = random.Random(1), 0, 0, 0
    for _ in range(50):
        shutil.rmtree(tree / "dist")
        shutil.copytree(old_tree / "dist", tree / "dist")
        shutil.copy(old_tree / "deckle.lock", tree / "deckle.lock")
        running = start(deckle, tree)
        # The last part of a build is where it writes.
        time.sleep(length * (1 - chance.random() ** 2) * 1.05)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        killed += running.returncode == -signal.SIGKILL
        now, left = files(tree)
        left_over += bool(left)
        for name, data in now.items():
            assert data in (old.get(name), new.get(name)) or name.endswith(".deckle-files"), f"{name} is neither old nor new"
        assert now.keys() == old.keys(), f"{now.keys() ^ old.keys()} came or went"
        if now["deckle.lock"] == new["deckle.lock"]:
            assert all(now[name] == new[name] for name in now if name.endswith(".apkg")), "the lock is newer than a package"
        between += now not in (old, new)
        assert build(deckle, tree).returncode == 0
        assert files(tree) == (new, []), "the next build does not heal it"
    assert killed >= 20, f"{killed} of 50 were killed at work"
    print(f"  killed at work {killed}, between old and new {between}, with temporary files {left_over}", flush=True)


def check_two_at_once(deckle, folder):
    notes(folder, 2000, 0)
    assert build(deckle, folder).returncode == 0
    waited = 0
    for round_ in range(1, 21):
        notes(folder, 2000, round_)
        running = [start(deckle, folder) for _ in range(2)]
        told = [one.communicate()[1].decode() for one in running]
        assert [one.returncode for one in running] == [0, 0], told
        waited += any("waiting for another deckle" in text for text in told)
        made = files(folder)
        assert not made[1], "temporary files are left"
        assert build(deckle, folder, "--frozen").returncode == 0
        assert files(folder) == made, "what two builds left is not what one leaves"
    print(f"  {waited} of 20 waited", flush=True)


def check_one_dies_while_another_waits(deckle, folder):
    notes(folder, 5000, 0)
    first = start(deckle, folder)
    time.sleep(0.05)
    second = start(deckle, folder)
    time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    told = second.communicate(timeout=20)[1].decode()
    assert second.returncode == 0, told
    assert not files(folder)[1]


def check_deep_folders(deckle, folder):
    """Folders in each other until the path is longer than the system takes at once."""
    project(folder)
    here = os.getcwd()
    os.chdir(folder / "content")
    try:
        for _ in range(1500):
            os.mkdir("deep")
            os.chdir("deep")
            Path("n.md").write_text(NOTE, "utf-8")
    finally:
        os.chdir(here)
    try:
        ended = build(deckle, folder, timeout=10)
        assert ended.returncode == 0 and b"too many folders" in ended.stderr, f"{ended.returncode} {ended.stderr[-600:]}"
    finally:
        # Python takes such folders away no better than it walks them.
        subprocess.run(["rm", "-rf", folder / "content"], check=True)


def check_full_disk(deckle, folder):
    """A limit of file sizes, and where one may mount it a small disk that is full at another place each time."""
    notes(folder, 1000, 0)
    assert build(deckle, folder).returncode == 0
    old, _ = files(folder)
    notes(folder, 1000, 1)
    for blocks in (0, 1, 8, 64, 200):
        command = f"ulimit -f {blocks}; exec '{deckle}' build"
        ended = subprocess.run(["bash", "-c", command], cwd=folder, env={**os.environ, **ENVIRONMENT}, capture_output=True)
        assert ended.returncode != 0 and b"panicked" not in ended.stderr, f"{blocks}: {ended.stderr}"
        now, _ = files(folder)
        now.pop("dist/.deckle-files")
        assert all(old[name] == data for name, data in now.items()), f"{blocks}: something has changed"
    assert build(deckle, folder).returncode == 0 and not files(folder)[1]
    disk = folder / "disk"
    disk.mkdir()
    for size in (8, 64, 256, 400):
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", disk], capture_output=True).returncode:
            print("  no disk may be mounted here", flush=True)
            return
        try:
            ended = build(deckle, folder, "-o", "disk/dist")
            assert ended.returncode == 3 and b"free some of the disk" in ended.stderr, f"{size}: {ended.stderr}"
            assert not files(disk)[1] and not list(disk.rglob("*.apkg")), f"{size}: something is left"
        finally:
            subprocess.run(["umount", disk], check=True)


def check_closed_streams(deckle, folder):
    project(folder, NOTE + "\n## Other?\n\n<script>x</script> Text.\n")
    for redirection, statuses in [
        (">&-", {0}), ("2>&-", {0}), (">&- 2>&- <&-", {0}), ("| head -0", {0}), ("2>&1 | head -0", {0}), (">/dev/full", {3}),
        ("2>/dev/full", {0}), (">/dev/full 2>/dev/full", {3}), ("--message-format json >/dev/full", {3}),
        ("--message-format json | head -0", {0}),
    ]:
        for command in ("build", "check", "--help", "explain bad-yaml", "man", "completions bash", "build --help"):
            if command != "build" and "json" in redirection:
                continue
            script = f"set -o pipefail; '{deckle}' {command} {redirection}"
            ended = subprocess.run(["bash", "-c", script], cwd=folder, env={**os.environ, **ENVIRONMENT}, capture_output=True, timeout=20)
            assert ended.returncode in {0, *statuses}, f"{command} {redirection}: {ended.returncode} {ended.stderr}"
            assert b"panicked" not in ended.stderr, f"{command} {redirection}: {ended.stderr}"


def check_read_only(deckle, folder):
    """A folder in which nothing may be written still builds where nothing is to be written, and is named where it is."""
    project(folder)
    assert build(deckle, folder).returncode == 0
    if not os.geteuid():
        return
    for path in (folder / "dist", folder):
        path.chmod(0o500)
    assert build(deckle, folder).returncode == 0
    (folder / "content/a.md").write_text(NOTE.replace("An", "Another"), "utf-8")
    ended = build(deckle, folder)
    assert ended.returncode == 3 and b"dist" in ended.stderr, ended.stderr
    for path in (folder, folder / "dist"):
        path.chmod(0o700)


def check_changing_files(deckle, folder):
    """Notes, media and settings that change and vanish while they are read."""
    notes(folder, 2000, 0)
    for index in range(50):
        (folder / f"content/{index}.png").write_bytes(b"x" * 100_000)
    (folder / "content/pics.md").write_text("".join(f"## Pic {n}?\n\n![x]({n}.png)\n\n" for n in range(50)), "utf-8")
    chance = random.Random(2)
    for _ in range(20):
        running = start(deckle, folder)
        while running.poll() is None:
            index = chance.randrange(50)
            path = folder / f"content/{index}.png"
            other = folder / f"content/{index % 9}/{index // 2 * 50}.md"
            if chance.random() < 0.3:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(b"y" * chance.randrange(200_000))
            if chance.random() < 0.3 and other.exists():
                other.rename(other.with_suffix(".txt"))
        told = running.communicate()[1].decode()
        assert running.returncode in (0, 1, 3) and "panicked" not in told, told
        assert not files(folder)[1]
        notes(folder, 2000, 0)
        for index in range(50):
            (folder / f"content/{index}.png").write_bytes(b"x" * 100_000)


def check_preprocessor_input(deckle, folder):
    project(folder)
    book = [{"root": str(folder), "config": {"book": {"src": "content"}}, "renderer": "html", "mdbook_version": "0.5.0"}]
    paths = ["../../etc/passwd", "/etc/passwd", "a.md", "a.md", "\0", "x" * 5000, "a/../../../x.md", "C:\\x.md", ""]
    chapters = [{"Chapter": {"name": "x", "content": NOTE, "source_path": path, "path": path, "sub_items": []}} for path in paths]
    whole = json.dumps([*book, {"items": chapters}])
    nested = {"Chapter": {"name": "x", "content": NOTE, "source_path": "a.md", "sub_items": []}}
    for _ in range(40):
        nested = {"Chapter": {"name": "x", "content": NOTE, "source_path": "a.md", "sub_items": [nested]}}
    texts = [b"", b"\0" * 100_000_000, b"[" * 1_000_000, b"{}", b"[]", b"null", b"\xff" * 1000, whole.encode(),
             whole[:-20].encode(), json.dumps([*book, {"items": [nested]}]).encode(), whole.encode() + b" x",
             json.dumps([{**book[0], "root": "/proc/self"}, {"items": chapters}]).encode(),
             json.dumps([{**book[0], "config": {"book": {"src": "../../.."}}}, {"items": chapters}]).encode()]
    for text in texts:
        ended = subprocess.run([deckle, "mdbook"], input=text, cwd=folder, capture_output=True, timeout=20)
        assert ended.returncode in (0, 1, 2, 3) and b"panicked" not in ended.stderr, f"{text[:80]}: {ended.stderr[-400:]}"
        assert b"root:" not in ended.stdout
