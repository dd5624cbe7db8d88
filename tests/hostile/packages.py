"""Packages of others, given to `deckle ids recover`: zips that are not what they say, and databases that are not Anki's.

Each is to be refused in words that name the file, or read; a whole package that was made worse is beside them, so that a
reader that refuses everything fails as well.
"""

import io
import json
import os
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path

import run

REFUSED = {"exit": {3}, "stderr": ["cannot read x.apkg: "]}
NOTE = "# Sea\n\n## What is salty?\n\nThe sea.\n"
MODELS = json.dumps({"7": {"name": "Basic", "mod": 5, "css": "", "flds": [{"name": "Front"}],
                           "tmpls": [{"name": "Card 1", "qfmt": "q", "afmt": "a"}]}})
DECKS = json.dumps({"1": {"name": "Default"}})
COLUMNS = "id integer primary key, guid text, mid integer, mod integer, tags text, flds text"
SCHEMA = f"""
    create table col (models text, decks text);
    create table notes ({COLUMNS});
    create table cards (nid integer, ord integer, type integer, due integer, did integer);
"""
ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n)"


def project(folder):
    """A project of one note, and what recovers its lock from a package."""
    (folder / "deckle.yaml").write_text("id: sea\nname: Sea\ndeck: Sea\n")
    (folder / "content").mkdir()
    (folder / "content/sea.md").write_text(NOTE)
    return ["ids", "recover", "x.apkg"]


def database(statements="", page_size=4096):
    """The bytes of a database of Anki's tables after these statements."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(f"pragma page_size = {page_size}")
        connection.executescript("pragma journal_mode = off; pragma synchronous = off;" + SCHEMA)
        connection.execute("insert into col values (?, ?)", (MODELS, DECKS))
        connection.executescript(f"begin; {statements}; commit;")
        connection.close()
        return path.read_bytes()


def packed(*members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def of_bytes(make):
    """Lays the bytes down that `make` gives."""
    def lay(folder):
        arguments = project(folder)
        (folder / "x.apkg").write_bytes(make())
        return arguments
    return lay


def of_statements(statements, **options):
    return of_bytes(lambda: packed(("collection.anki2", database(statements, **options))))


def of_path(make):
    """Has `make` put something that is no file where the package is looked for."""
    def lay(folder):
        arguments = project(folder)
        make(folder / "x.apkg")
        return arguments
    return lay


def zip_of(name, data, size, packed_size=None, method=8, flags=0, offset=0, extra=b"", count=1, repeat=1, place=None):
    """A zip written by hand, whose numbers need not be right."""
    packed_size = len(data) if packed_size is None else packed_size
    fields = (20, flags, method, 0, 0, zlib.crc32(b""), packed_size, size, len(name), len(extra))
    local = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields) + name + extra
    central = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, *fields, 0, 0, 0, 0, offset) + name + extra
    central *= repeat
    at = len(local) + len(data) if place is None else place
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count & 0xffff, count & 0xffff, len(central), at, 0)
    return local + data + central + end


def bomb(gigabytes):
    """So many GiB of zeros, deflated: what one MiB becomes, again and again."""
    once = zlib.compressobj(9, zlib.DEFLATED, -15)
    mebibyte = once.compress(bytes(1 << 20)) + once.flush(zlib.Z_FULL_FLUSH)
    return mebibyte * (gigabytes << 10) + b"\x03\x00"


def zip64(count, size, at):
    """A zip whose table of contents is said to have so many entries and bytes."""
    body = zip_of(b"collection.anki2", b"", 0)
    end = body.rindex(b"PK\x05\x06")
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, at)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    return body[:end] + record + locator + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 0xffffffff, 0xffffffff, 0)


def many_members(count):
    """A zip of so many empty members of different names."""
    names = [b"%x" % number for number in range(count)]
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in names)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(central), 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(central), 1)
    return central + record + locator + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 0xffffffff, 0xffffffff, 0)


def sparse(path):
    """A file of a TiB with nothing in it, but the end of a zip."""
    with open(path, "wb") as file:
        file.truncate(1 << 40)
        file.seek(0, os.SEEK_END)
        file.write(packed(("media", b"{}"))[-22:])


def pages_without_end():
    """A table whose pages are each the next one's parent many times over."""
    size, cells, levels = 512, 60, 12
    data = bytearray(database(f"insert into cards values (1, 0, 0, 0, 1); create table room (x); "
                              f"insert into room values (zeroblob({size * levels}))", page_size=size))
    with sqlite3.connect(":memory:") as connection:
        connection.deserialize(bytes(data))
        root, = connection.execute("select rootpage from sqlite_master where name = 'cards'").fetchone()
    leaf = bytes(data[(root - 1) * size:root * size])
    last = len(data) // size
    chain = [root, *range(last - levels + 1, last + 1)]
    for page, child in zip(chain, chain[1:]):
        starts = [size - 5 * (cell + 1) for cell in range(cells)]
        header = struct.pack(">BHHHBI", 5, 0, cells, starts[-1], 0, child) + b"".join(struct.pack(">H", at) for at in starts)
        body = b"".join(struct.pack(">IB", child, cell) for cell in reversed(range(cells)))
        data[(page - 1) * size:page * size] = header.ljust(starts[-1], b"\0") + body
    data[(last - 1) * size:] = leaf
    return packed(("collection.anki2", bytes(data)))


def chain_of_overflow():
    """A field whose pages lead back to the first of them, said to be a gigabyte long."""
    data = bytearray(database("insert into notes values (1, 'g', 7, 1, '', printf('%.*c', 100000, 'x'))"))
    for page in range(3, len(data) // 4096):
        if data[page * 4096 + 4:page * 4096 + 4096] == b"x" * 4092:
            data[page * 4096:page * 4096 + 4] = struct.pack(">I", page + 1)
    return packed(("collection.anki2", bytes(data)))


def damaged(change):
    return of_bytes(lambda: packed(("collection.anki2", change(database("insert into notes values (1, 'g', 7, 1, '', 'x')")))))


def refused(*words, **right):
    return {**REFUSED, "stderr": ["cannot read x.apkg: ", *words], **right}


FOREIGN = {"exit": {2}, "stderr": ["no note in it belongs to the collection `sea`"]}
REPEAT = "with recursive n(x) as (select 1 union all select x + 1 from n where x < {}) "

SCENARIOS = [
    ("a plain package of others", of_statements("insert into notes values (1, 'g', 7, 1, '', 'x')"), FOREIGN),
    # Paths.
    ("no file", of_path(lambda path: None), {"exit": {2, 3}, "stderr": ["x.apkg"]}),
    ("a folder", of_path(os.mkdir), refused()),
    ("a pipe", of_path(os.mkfifo), refused("a pipe, a device or a socket")),
    ("a device", of_path(lambda path: os.symlink("/dev/zero", path)), refused("a pipe, a device or a socket")),
    ("a link to itself", of_path(lambda path: os.symlink("x.apkg", path)), {"exit": {2, 3}, "stderr": ["x.apkg"]}),
    ("a TiB of nothing", of_path(sparse), refused()),
    ("an empty file", of_bytes(lambda: b""), refused("not a zip")),
    ("no zip", of_bytes(lambda: b"PK\x03\x04" + b"x" * 100_000), refused("not a zip")),
    ("ends of zips without end", of_bytes(lambda: b"PK\x05\x06" * 10_000_000), refused()),
    # Zips.
    ("a bomb that says what it is", of_bytes(lambda: zip_of(b"collection.anki2", bomb(3), 3 << 30)), refused("3221225472 bytes long")),
    ("a bomb that says it is small", of_bytes(lambda: zip_of(b"collection.anki2", bomb(16), 100)), refused()),
    ("a bomb as large as may be", of_bytes(lambda: zip_of(b"collection.anki2", bomb(1), 192 << 20)), refused("")),
    ("a bomb as a version", of_bytes(lambda: zip_of(b"meta", bomb(4), 2)), refused("damaged")),
    ("a bomb as media", of_bytes(lambda: zip_of(b"media", bomb(4), 0xffffffff)), refused("no collection.anki2")),
    ("a bomb in a bomb", of_bytes(lambda: packed(("collection.anki2", packed(("x", bytes(64 << 20)))))), refused("not a database")),
    ("a stored member longer than the file", of_bytes(lambda: zip_of(b"collection.anki2", b"x", 100 << 20, 100 << 20, method=0)), refused("damaged")),
    ("an encrypted member", of_bytes(lambda: zip_of(b"collection.anki2", b"x", 1, flags=1)), refused("is encrypted")),
    ("LZMA", of_bytes(lambda: packed(("collection.anki2", database()), method=zipfile.ZIP_LZMA)), refused("(method 14)")),
    ("an unknown method", of_bytes(lambda: zip_of(b"collection.anki2", b"x", 1, method=99)), refused("(method 99)")),
    ("a member that is nowhere", of_bytes(lambda: zip_of(b"collection.anki2", b"x", 1, offset=0xfffffff0)), refused("damaged")),
    ("a member within another", of_bytes(lambda: zip_of(b"collection.anki2", b"x" * 100, 1, offset=40)), refused("not where the zip says")),
    ("a name longer than the file", of_bytes(lambda: zip_of(b"collection.anki2", b"", 0)[:-22 - 18] + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 50, 46, 0)), refused("damaged")),
    ("one name twice", of_bytes(lambda: zip_of(b"collection.anki2", b"x", 1, repeat=2, count=2)), refused("two collection.anki2")),
    ("paths as names", of_bytes(lambda: packed(("../../x", b"x"), ("/etc/x", b"x"), ("C:\\x", b"x"), ("collection.anki2", database()))), FOREIGN),
    ("zip64 with numbers without end", of_bytes(lambda: zip64(2**64 - 1, 2**64 - 1, 2**64 - 1)), refused("table of contents takes more than 16 MiB")),
    ("zip64 with many entries", of_bytes(lambda: zip64(40, 2**64 - 1, 0)), refused("table of contents takes more than 16 MiB")),
    ("zip64 that begins nowhere", of_bytes(lambda: zip64(1, 64, 2**63)), refused("damaged")),
    ("a quarter of a million members", of_bytes(lambda: many_members(250_000)), refused("no collection.anki2")),
    ("three million members", of_bytes(lambda: many_members(3_000_000)), refused("table of contents takes more than 16 MiB")),
    ("the newest form", of_bytes(lambda: packed(("meta", b"\x08\x03"), ("collection.anki21b", b"\x28\xb5\x2f\xfd" + b"\xff" * 99))), refused("Support older Anki versions")),
    ("a later form", of_bytes(lambda: packed(("meta", b"\x08\x7f"))), refused("version 127")),
    # Databases.
    ("no database", of_bytes(lambda: packed(("collection.anki2", b"SQLite format 3\0" + b"x" * 5000))), refused()),
    ("an empty database", of_bytes(lambda: packed(("collection.anki2", b""))), refused("empty")),
    ("a database of zeros", of_bytes(lambda: packed(("collection.anki2", bytes(100 << 20)))), refused()),
    ("a cut database", damaged(lambda data: data[:5000]), refused()),
    ("pages of one byte", damaged(lambda data: data[:16] + b"\0\0" + data[18:]), refused()),
    ("pages of another size", damaged(lambda data: data[:16] + b"\x02\0" + data[18:]), refused()),
    ("a damaged page", damaged(lambda data: data[:4096] + b"\xff" * 4096 + data[8192:]), refused()),
    ("a journal that is not there", damaged(lambda data: data[:18] + b"\2\2" + data[20:]), {"exit": {2, 3}}),
    ("pages without end", of_bytes(pages_without_end), refused("too long")),
    ("a field without end", of_bytes(chain_of_overflow), {"exit": {2, 3}}),
    ("another schema", of_bytes(lambda: packed(("collection.anki2", database("drop table notes; create table note (x)")))), refused("no table notes")),
    ("a view of notes without end", of_statements(f"drop table notes; create view notes as {ENDLESS} select x id, x guid, 7 mid, 1 mod, '' tags, '' flds from n"), refused("notes in its database is no plain table")),
    ("a view of cards without end", of_statements(f"drop table cards; create view cards as {ENDLESS} select x nid, 0 ord, 0 type, 1 due, 1 did from n"), refused("no plain table")),
    ("a view of the collection", of_statements("alter table col rename to c; create view col as select models, load_extension('/tmp/x') decks from c"), refused("no plain table")),
    ("a virtual table", of_statements("drop table notes; create virtual table notes using fts4(id, guid, mid, mod, tags, flds)"), refused("no plain table")),
    ("columns that compute", of_statements("drop table notes; create table notes (id, guid, mid, mod, tags, x, flds as (replace(zeroblob(100000000), x'00', zeroblob(1000))))"), refused("computes its columns")),
    ("triggers", of_statements("create trigger t after insert on notes begin select load_extension('x'); end"), FOREIGN),
    ("a name that forges a line", of_statements('pragma writable_schema = on; insert into sqlite_master values (\'table\', \'x\nerror: all is well\x1b[31m\', \'x\', 2, \'create tabel\')'), refused("malformed")),
    ("ten thousand tables", of_statements(";".join(f"create table t{number} (x)" for number in range(10_000))), refused("too many schema objects")),
    ("a definition without end", of_statements(f"create table t (x check (x in ({'1,' * 400_000}1)))"), refused("too big")),
    ("two million notes", of_statements(f"insert into notes {REPEAT.format(2_000_000)} select x, '', 7, 1, '', '' from n"), refused("its notes take more than 160 MiB")),
    ("three million cards", of_statements(f"insert into cards {REPEAT.format(3_000_000)} select x, 0, 0, 0, 1 from n"), FOREIGN),
    ("fields without end", of_statements(f"insert into notes {REPEAT.format(5)} select x, 'g', 7, 1, '', replace(printf('%.*c', 20000000, 'x'), 'x', char(31)) from n"), refused("its notes take more than 160 MiB")),
    ("tags without end", of_statements(f"insert into notes {REPEAT.format(5)} select x, 'g', 7, 1, replace(printf('%.*c', 20000000, 'x'), 'x', 'a '), '' from n"), refused()),
    ("a huge field", of_statements("insert into notes values (1, 'g', 7, 1, '', zeroblob(150000000))"), refused("too big")),
    ("huge fields", of_statements(f"insert into notes {REPEAT.format(6)} select x, 'g', 7, 1, '', printf('%.*c', 30000000, 'x') from n"), refused("its notes take more than 160 MiB")),
    ("a deck's name for every note", of_statements(f"insert into notes {REPEAT.format(1000)} select x, 'g', 7, 1, '', '' from n; insert into cards select id, 0, 0, 0, 1 from notes; update col set decks = json_object('1', json_object('name', printf('%.*c', 20000000, 'x')))"), refused("its notes take more than 160 MiB")),
    ("JSON without end", of_statements("update col set models = printf('%.*c', 30000000, '[')"), refused("its models cannot be read")),
    ("a million note types", of_statements(f"update col set models = (select '{{' || group_concat('\"' || x || '\":{{\"name\":\"\",\"mod\":1,\"flds\":[],\"tmpls\":[],\"css\":\"\"}}') || '}}' from ({REPEAT.format(500_000)} select x from n))"), FOREIGN | {"exit": {2, 3}, "stderr": []}),
    ("bytes that are no text", of_statements("insert into notes values (1, x'ff', 7, 1, '', cast(x'80ff' as text))"), refused("its note 1 cannot be read")),
    ("NUL and lines in text", of_statements("insert into notes values (1, 'a' || char(0, 10, 27), 7, 1, char(0), char(0, 10, 27))"), FOREIGN),
    ("types that are not Anki's", of_statements("drop table notes; create table notes (id, guid, mid, mod, tags, flds); insert into notes values ('x', 1, 2.5, null, x'00', 1)"), refused("id")),
]


def check_whole_packages_are_read(deckle, folder):
    """A package of deckle's own recovers the lock in bounds, whatever stands in the fields of more notes in it."""
    home = folder / "home"
    home.mkdir()
    for name, piece in [
        ("open tags", "<"), ("tags", "<b>"), ("attributes", "<p title=\""), ("attribute", "<p a "), ("comments", "<!--"),
        ("deletions", "{{c1::"), ("hints", "{{c1::a::"), ("ends", "}}"), ("entities", "&#x"), ("formulas", "\\("),
        ("words", "a "), ("accents", "\u0301"), ("scripts", "<script>"), ("headings", "<div class=\"heading\">"),
    ]:
        recover_hostile(deckle, folder / name, home, piece * (2000 // len(piece)), 10_000)
        recover_hostile(deckle, folder / f"long {name}", home, piece * (12_000_000 // len(piece.encode())), 1)


def recover_hostile(deckle, place, home, fields, count):
    """Has the lock of a project recovered from its package with so many more notes in it."""
    place.mkdir()
    project(place)
    assert run.call(deckle, ["build", "-f", "apkg"], place, home).status == 0
    built, = (place / "dist").glob("*.apkg")
    run.apart(with_rows, built, place / "x.apkg", fields, count)
    (place / "deckle.lock").unlink()
    ended = run.call(deckle, ["ids", "recover", "x.apkg"], place, home)
    assert ended.status == 0 and f"Recovered {count + 1} notes, 1 of them" in ended.stdout, run.tail(ended.stderr + ended.stdout)
    run.assert_clean(ended.stderr + ended.stdout)
    assert run.call(deckle, ["build", "-f", "apkg", "--accept-loss"], place, home).status in (0, 1)


# A GUID is 13 letters.
LETTERS = str.maketrans("0123456789", "abcdefghij")


def with_rows(built, target, fields, count):
    """Adds notes of the first one's type whose first two fields are these."""
    with zipfile.ZipFile(built) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "collection.anki2":
                connection = sqlite3.connect(":memory:", isolation_level=None)
                connection.deserialize(data)
                kind, = connection.execute("select mid from notes").fetchone()
                rows = ((number + 10, f"{number:013}".translate(LETTERS), kind, fields + "\x1f" + fields) for number in range(count))
                connection.execute("begin")
                connection.executemany("insert into notes values (?, ?, ?, 1, -1, '', ?, '', 0, 0, '')", rows)
                connection.execute("commit")
                data = connection.serialize()
            other.writestr(name, data)
