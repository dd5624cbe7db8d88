//! Packages of collections that were built by hand: what is in the zip and in its database.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it does not expect")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::LazyLock;

use deckle::api::Artifact;
use deckle::api::anki::{note_type, package};
use deckle::api::apkg::Packing;
use deckle::api::config::BookOptions;
use deckle::api::config::print::{PrintLayer, PrintOptions};
use deckle::api::identity;
use deckle::api::ir::{
    Block, BlockKind, Chapter, ChapterPart, Cloze, Collection, Deck, DeckName, Embed, Footnote, Guid, Hidden, Inline,
    InlineKind, LeftOut, Media, MediaRef, Note, NoteBody, NoteKind, NoteTypeKey, RawHtml, Run, Size, SourceFile, Tag,
    VERSION,
};
use deckle::api::pipeline::{Format, Options, emit};
use deckle::api::print::{self, Printing};
use deckle::api::source::{Blob, BlobFile, SourceId, Span};
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use zip::ZipArchive;

const NOW: i64 = 1_790_000_000;

fn span() -> Span {
    Span::new(SourceId(0), 0..1)
}

fn text(text: &str) -> Inline {
    Inline { span: span(), kind: InlineKind::Text { text: text.to_owned() } }
}

fn paragraph(content: Vec<Inline>) -> Vec<Block> {
    vec![Block { span: span(), kind: BlockKind::Paragraph { content } }]
}

fn image(path: &str) -> Inline {
    let media = MediaRef::Local { path: path.to_owned() };
    let embed = Embed { media, alt: String::new(), title: None, size: Size::default() };
    Inline { span: span(), kind: InlineKind::Media(embed.into()) }
}

fn note(deck: &str, body: NoteBody) -> Note {
    Note {
        guid: Guid::default(),
        modified: 0,
        due: 0,
        kind: NoteKind::Basic,
        id: None,
        id_place: None,
        deck: DeckName::new(deck).unwrap(),
        tags: Vec::new().into(),
        body,
        hint: Vec::new(),
        extra: Vec::new(),
        footnotes: Vec::new(),
        context: vec!["A & B".to_owned(), "C".to_owned()].into(),
        span: span(),
        line: 7,
        trusts_html: false,
    }
}

fn basic(deck: &str, front: &str, back: &str) -> Note {
    let (front, back) = (paragraph(vec![text(front)]), paragraph(vec![text(back)]));
    note(deck, NoteBody::Basic { front, back, reversed: false, typed: None })
}

fn cloze(numbers: &[u16], content: Vec<Inline>) -> Inline {
    let cloze = Cloze { span: span(), numbers: numbers.to_vec(), hint: None, assigned: false };
    Inline { span: span(), kind: InlineKind::Cloze(Hidden { cloze, content }.into()) }
}

fn collection(notes: Vec<Note>) -> Collection {
    collection_of("aws", notes)
}

fn collection_of(id: &str, notes: Vec<Note>) -> Collection {
    let parts = (0..notes.len()).map(|note| ChapterPart::Note { note }).collect();
    let mut collection = Collection {
        version: VERSION,
        id: id.to_owned(),
        name: "AWS".to_owned(),
        site_url: None,
        place_link: None,
        outline: Vec::new(),
        sources: vec![SourceFile { path: "content/ecs/a b.md".to_owned() }],
        decks: Vec::new(),
        note_types: identity::note_types(id, "AWS", &BTreeMap::new()),
        notes,
        media: Vec::new(),
        chapters: vec![Chapter {
            path: "ecs/a b.md".to_owned(),
            title: "A".to_owned(),
            parts,
            trusts_html: false,
            footnotes: Vec::new(),
        }],
    };
    identity::assign(
        &mut collection,
        &mut LeftOut::default(),
        None,
        identity::Clock { now: NOW, source_date_epoch: false },
    );
    collection
}

/// How formats are made unless a project says otherwise.
fn usual<'a>() -> Options<'a> {
    static USUAL: LazyLock<(Packing, Printing, BookOptions)> = LazyLock::new(Default::default);
    let (packing, printing, book) = &*USUAL;
    Options { packing, printing, book }
}

fn packages(collection: &Collection) -> Vec<Artifact> {
    emit(Format::Apkg, collection, usual(), &[], None).unwrap().artifacts
}

/// The members of a package by name, in the order of the zip.
fn bytes_of(artifact: &Artifact) -> Vec<u8> {
    deckle::api::files::bytes_of(&artifact.recipe).unwrap()
}

fn members(artifact: &Artifact) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes_of(artifact))).unwrap();
    let count = archive.len();
    let read = |index| {
        let mut member = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        (member.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

fn database(artifact: &Artifact) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    let (_, bytes) = members(artifact).into_iter().find(|(name, _)| name == "collection.anki2").unwrap();
    connection.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), false).unwrap();
    connection
}

/// The rows of a query, columns joined by `|`.
fn rows(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let cell = |column| match row.get_ref(column).unwrap() {
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
            other @ (ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_)) => panic!("{other:?}"),
        };
        Ok((0..columns).map(cell).collect::<Vec<String>>().join("|"))
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// Source order, in a query of notes.
const POSITION: &str = "(select min(due) from cards where nid = notes.id)";

/// One note of each kind, in three decks under two top-level ones.
fn sample() -> Collection {
    let mut reversed = basic("AWS::ECS", "ECS cluster", "a <grouping>");
    if let NoteBody::Basic { reversed, typed, .. } = &mut reversed.body {
        *reversed = true;
        *typed = Some("a <grouping>".to_owned());
    }
    reversed.tags = vec![Tag::new("aws").unwrap(), Tag::new("ecs::core").unwrap()].into();
    reversed.hint = paragraph(vec![text("think")]);
    reversed.footnotes =
        (1..=2).map(|number| Footnote { number, blocks: paragraph(vec![text(&format!("page {number}"))]) }).collect();
    let nested = vec![text("a "), cloze(&[1], vec![text("b "), cloze(&[2], vec![text("c")])]), text(" d")];
    let run = Run::Cloze {
        cloze: Cloze { span: span(), numbers: vec![3], hint: None, assigned: false }.into(),
        content: vec![Run::Text { text: "Vec::new()".to_owned() }],
    };
    let code = Inline { span: span(), kind: InlineKind::Code { content: vec![run] } };
    let cloze_body = NoteBody::Cloze {
        heading: paragraph(vec![text("Letters")]),
        text: paragraph(nested.into_iter().chain([code]).collect()),
    };
    let mut cloze_note = note("AWS::ECS", cloze_body);
    cloze_note.context = [&*cloze_note.context, &["{{c7::no card}}".to_owned()]].concat().into();
    cloze_note.extra = paragraph(vec![text("{{c8::no card either}}")]);
    let mut picture = basic("AWS::EKS", "picture", "b");
    picture.body = NoteBody::Basic {
        front: paragraph(vec![image("img/a.png")]),
        back: paragraph(vec![text("b"), image("img/b.svg")]),
        reversed: false,
        typed: None,
    };
    let notes = vec![reversed, cloze_note, basic("Go", "go?", "go!"), picture];
    let mut collection = collection(notes);
    collection.decks = ["AWS", "AWS::ECS", "AWS::EKS", "Go"]
        .map(|name| Deck { name: DeckName::new(name).unwrap(), description: Some(format!("*About* {name}")) })
        .into();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>".to_vec();
    let png = b"\x89PNG\r\n\x1a\n".to_vec();
    collection.media = [("img/a.png", png.clone()), ("img/b.svg", svg), ("img/unused.png", png)]
        .into_iter()
        .map(|(path, bytes)| Media {
            file: None,
            path: path.to_owned(),
            name: path.replace("img/", "").replace('.', "-12345678."),
            sha256: String::new(),
            size: None,
            blob: bytes.into(),
        })
        .collect();
    collection
}

#[test]
fn a_top_level_deck_is_a_package() {
    let packages = packages(&sample());
    let names: Vec<&str> = packages.iter().map(|package| package.path.to_str().unwrap()).collect();
    assert_eq!(names, ["aws.apkg", "go.apkg"]);
    for package in &packages {
        // Real Anki looks at them as well: tests/anki/conformance.py takes these paths.
        std::fs::write(format!("{}/{}", env!("CARGO_TARGET_TMPDIR"), package.path.display()), bytes_of(package))
            .unwrap();
    }
}

#[test]
fn members_are_the_database_the_map_and_the_media_that_are_used() {
    let packages = packages(&sample());
    let names: Vec<String> = members(&packages[0]).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["collection.anki2", "media", "0", "1"]);
    assert_eq!(members(&packages[0])[1].1, br#"{"0":"a-12345678.png","1":"b-12345678.svg"}"#);
    assert_eq!(members(&packages[1])[1].1, b"{}");
}

#[test]
fn rows_hold_notes_and_cards() {
    let packages = packages(&sample());
    let aws = database(&packages[0]);
    assert_eq!(
        rows(&aws, &format!("select mod, tags, sfld from notes order by {POSITION}")),
        [
            format!("{NOW}| aws ecs::core |ECS cluster"),
            format!("{NOW}||Lettersa {{{{c1::b {{{{c2::c}}}}}}}} d{{{{c3::Vec::new()}}}}"),
            format!("{NOW}|| a-12345678.png "),
        ]
    );
    assert_eq!(
        rows(&aws, "select ord, due, type, queue from cards order by due, ord"),
        ["0|250000|0|0", "1|250000|0|0", "0|251000|0|0", "1|251000|0|0", "2|251000|0|0", "0|252000|0|0"]
    );
    assert_eq!(rows(&database(&packages[1]), "select ord, due from cards"), ["0|250000"]);
}

#[test]
fn sqlite_finds_nothing_wrong() {
    let mut notes = many(0..3_000);
    let numbers = ["1789", "-0", " 7 ", "1.50", "6e3", "9223372036854775808", "1e999", "1 000", "inf", "0x1f"];
    notes.extend(numbers.map(|front| basic("One", front, &"long ".repeat(3_000))));
    for package in &packages(&collection(notes)) {
        let connection = database(package);
        assert_eq!(rows(&connection, "pragma integrity_check"), ["ok"]);
        assert_eq!(rows(&connection, "pragma quick_check"), ["ok"]);
        assert_eq!(rows(&connection, "pragma freelist_count"), ["0"]);
        if package.path.ends_with("one.apkg") {
            // A sort field is of a type of its own where it is a number, and Anki sorts it as such.
            let query = format!("select typeof(sfld) from notes where length(flds) > 9000 order by {POSITION}");
            let types = ["integer", "integer", "integer", "real", "integer", "real", "real", "text", "text", "text"];
            assert_eq!(rows(&connection, &query), types);
        }
    }
}

/// Ids of notes, by GUID, and of cards, by GUID and ordinal, of all packages.
fn ids(packages: &[Artifact]) -> BTreeMap<String, i64> {
    let query = "select guid, id from notes union all \
                 select guid || ' ' || ord, cards.id from cards join notes on notes.id = nid";
    let mut ids = BTreeMap::new();
    for row in packages.iter().flat_map(|package| rows(&database(package), query)) {
        let (name, id) = row.split_once('|').unwrap();
        assert_eq!(ids.insert(name.to_owned(), id.parse().unwrap()), None, "{name} is there twice");
    }
    ids
}

/// The ids in `ids` of notes, and those of cards.
fn kinds(ids: &BTreeMap<String, i64>) -> [Vec<i64>; 2] {
    let of = |cards: bool| ids.iter().filter(|(name, _)| name.contains(' ') == cards).map(|(_, id)| *id).collect();
    [of(false), of(true)]
}

/// Asserts that `some` are in `all`.
#[track_caller]
fn assert_kept(some: &BTreeMap<String, i64>, all: &BTreeMap<String, i64>) {
    assert!(!some.is_empty());
    for (name, id) in some {
        assert_eq!(all.get(name), Some(id), "{name}");
    }
}

fn many(range: std::ops::Range<u32>) -> Vec<Note> {
    range.map(|number| basic(if number % 2 == 0 { "One" } else { "Two" }, &format!("front {number}"), "back")).collect()
}

#[test]
fn ids_lie_in_the_past_and_no_two_packages_share_one() {
    let packages = packages(&collection(many(0..5_000)));
    assert_eq!(packages.len(), 2);
    for mut ids in kinds(&ids(&packages)) {
        assert_eq!(ids.len(), 5_000);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5_000);
        // 2001 to 2019. They are spread over all of it, so that those of other projects are rarely among them.
        assert!(ids[0] >= 978_307_200_000 && ids[4_999] < 1_577_836_800_000);
        assert!(ids[2_500] - ids[0] > 200_000_000_000 && ids[4_999] - ids[2_500] > 200_000_000_000);
    }
}

#[test]
fn ids_are_those_of_the_guid_whatever_stands_around() {
    let all = ids(&packages(&collection(many(0..2_000))));
    let mut some = many(500..1_500);
    some.reverse();
    some.retain(|note| note.deck.as_str() == "One");
    for note in &mut some {
        note.deck = DeckName::new("Elsewhere::Below").unwrap();
    }
    let some = collection(some);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let some = ids(&pool.install(|| packages(&some)));
        assert_eq!(some.len(), 1_000);
        assert_kept(&some, &all);
    }
}

#[test]
fn other_collections_have_other_ids() {
    let of = |id| kinds(&ids(&packages(&collection_of(id, many(0..2_000)))));
    for (ours, theirs) in of("aws").into_iter().zip(of("gcp")) {
        assert_eq!(ours.iter().filter(|id| theirs.contains(id)).count(), 0);
    }
}

#[test]
fn a_card_more_leaves_the_others_ids() {
    let with = |reverse: bool, numbers: &[u16]| {
        let mut basic = basic("A", "front", "back");
        if let NoteBody::Basic { reversed, .. } = &mut basic.body {
            *reversed = reverse;
        }
        let content = numbers.iter().map(|&number| cloze(&[number], vec![text(&format!("part {number} "))]));
        let body = NoteBody::Cloze { heading: paragraph(vec![text("Parts")]), text: paragraph(content.collect()) };
        let mut collection = collection(vec![basic, note("A", body)]);
        // The text of the cloze note differs, so its GUID would.
        collection.notes[1].guid = Guid("cbifpuppm5ip3".to_owned());
        ids(&packages(&collection))
    };
    let (few, more) = (with(false, &[1, 4]), with(true, &[1, 2, 4, 5]));
    assert_eq!((few.len(), more.len()), (5, 8));
    assert_kept(&few, &more);
}

/// The two GUIDs were found by search.
#[test]
fn of_two_that_clash_the_lower_guid_has_the_number() {
    let number = 1_566_329_292_105;
    let (lower, higher) = ("aaaaaaaaaevd4", "aaaaaaaaaussx");
    let of = |guids: &[(&str, &str)]| {
        let notes = guids.iter().map(|(guid, deck)| basic(deck, guid, "back")).collect();
        let mut collection = collection(notes);
        for (note, (guid, _)) in collection.notes.iter_mut().zip(guids) {
            note.guid = Guid((*guid).to_owned());
        }
        ids(&packages(&collection))
    };
    for guid in [lower, higher] {
        assert_eq!(kinds(&of(&[(guid, "A")])), [[number], [number]]);
    }
    for decks in [["A", "A"], ["A", "B"], ["B", "A"]] {
        let both = of(&[(higher, decks[0]), (lower, decks[1])]);
        assert_eq!(both, of(&[(lower, decks[1]), (higher, decks[0])]));
        assert_eq!((both[lower], both[&format!("{lower} 0")]), (number, number));
        assert_eq!((both[higher], both[&format!("{higher} 0")]), (number + 1, number + 1));
    }
}

#[test]
fn fields_hold_the_note() {
    let packages = packages(&sample());
    let query = format!("select replace(flds, char(31), '¦') from notes order by {POSITION}");
    let fields = rows(&database(&packages[0]), &query);
    assert_eq!(
        fields[0],
        "ECS cluster¦a &lt;grouping&gt;¦think¦¦<ol><li value=\"1\">page 1</li><li value=\"2\">page 2</li></ol>¦\
         A &amp; B › C¦content/ecs/a b.md › C¦1¦a &lt;grouping&gt;"
    );
    let counts: Vec<usize> = fields.iter().map(|field| field.split('¦').count()).collect();
    assert_eq!(counts, [9, 7, 9]);
    assert!(fields[1].starts_with("<div class=\"heading\">Letters</div>a {{c1::b {{c2::c}}}} d"), "{}", fields[1]);
}

/// Anki separates the fields of a row by U+001F. The text has none in it, nor has what it asks by.
#[test]
fn a_separator_in_a_text_makes_no_field() {
    let mut separated = basic("A", "a\u{1f}b", "\u{1f}");
    separated.context = vec!["\u{1f}".to_owned()].into();
    let package = packages(&collection(vec![separated])).remove(0);
    let query = "select replace(flds, char(31), '¦'), sfld, csum from notes";
    let plain = packages(&collection(vec![basic("A", "a b", "c")])).remove(0);
    let checksum = rows(&database(&plain), "select csum from notes").remove(0);
    assert_eq!(rows(&database(&package), query), [format!("a b¦ ¦¦¦¦ ¦content/ecs/a b.md ›  ¦¦|a b|{checksum}")]);
}

/// Anki makes a card of every number that it finds in any field of a cloze note.
#[test]
fn only_the_text_of_a_cloze_note_makes_cards() {
    let packages = packages(&sample());
    let fields = rows(&database(&packages[0]), "select flds from notes order by id").remove(1);
    assert!(fields.contains("c7::no card}}") && fields.contains("c8::no card either}}"), "{fields}");
    assert_eq!(numbers(&fields), [1, 2, 3]);
}

/// The numbers of the deletions that Anki finds in a text, each once.
fn numbers(text: &str) -> Vec<u16> {
    let openers = text.split("{{c").skip(1).filter_map(|behind| behind.split_once("::"));
    let mut numbers: Vec<u16> =
        openers.flat_map(|(digits, _)| digits.split(',')).filter_map(|n| n.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What means something to a row, to Anki, or to HTML.
const ODD: &[&str] =
    &["", " ", "a", "\u{1f}", "\0", "\n", "{{", "c9", "::", "}}", "<b>", "</div>", "<!--", "&", "\"", "漢", "\u{301}"];

/// Texts that field separators, deletions and tags may be made of.
fn odd_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(ODD).prop_map(str::to_owned);
    let piece = prop_oneof![4 => odd, 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Raw HTML as the reader gives it: whole tags and comments.
const RAW: &[&str] =
    &["<b>", "</div>", "<br>", "<!-- {{c9::\u{1f}x}} -->", "<i title=\"{{\u{1f}c9::x}}\">", "<p\u{1f}>"];

/// A line of text, code, math, raw HTML and pictures, with deletions where they may stand.
fn odd_line(deletes: bool) -> impl Strategy<Value = Vec<Inline>> {
    let kind = (odd_text(), prop::sample::select(RAW), 0..if deletes { 7 } else { 5 }, 1..500_u16).prop_map(
        |(words, raw, kind, number)| {
            let run = |text| vec![Run::Text { text }];
            let number = Cloze { span: span(), numbers: vec![number], hint: Some(words.clone()), assigned: false };
            let kind = match kind {
                0 => InlineKind::Code { content: run(words) },
                1 => InlineKind::Math { display: false, content: run(words) },
                2 => InlineKind::Html {
                    html: RawHtml { text: raw.to_owned(), media: Vec::new(), links: Vec::new() }.into(),
                },
                3 => image(&words).kind,
                4 => InlineKind::Text { text: words },
                5 => InlineKind::Cloze(Hidden { cloze: number, content: vec![text(&words)] }.into()),
                _ => InlineKind::Code { content: vec![Run::Cloze { cloze: number.into(), content: run(words) }] },
            };
            Inline { span: span(), kind }
        },
    );
    prop::collection::vec(kind, 0..4)
}

fn odd_blocks(deletes: bool) -> impl Strategy<Value = Vec<Block>> {
    let blocks = (odd_line(deletes), any::<bool>());
    blocks.prop_map(|(line, is_empty)| if is_empty { Vec::new() } else { paragraph(line) })
}

prop_compose! {
    fn odd_note()(
        sides in (odd_blocks(false), odd_blocks(false)),
        text in (odd_blocks(true), odd_blocks(true)),
        others in (odd_blocks(false), odd_blocks(false), prop::collection::vec(odd_blocks(false), 0..3)),
        context in prop::collection::vec(odd_text(), 0..3).prop_map_into(),
        typed in prop::option::of(odd_text()),
        [is_cloze, reversed, trusts_html] in any::<[bool; 3]>(),
    ) -> Note {
        let ((front, back), (heading, text), (hint, extra, sources)) = (sides, text, others);
        let body = if is_cloze { NoteBody::Cloze { heading, text } } else { NoteBody::Basic { front, back, reversed, typed } };
        let footnotes = (1..).zip(sources).map(|(number, blocks)| Footnote { number, blocks }).collect();
        Note { hint, extra, footnotes, context, trusts_html, ..note("Odd", body) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// A field more or less, and Anki shifts all of them or refuses the package.
    #[test]
    fn every_note_has_the_fields_of_its_note_type(notes in prop::collection::vec(odd_note(), 1..12)) {
        let mut collection = collection(notes);
        collection.sources[0].path = "\u{1f}{{c9::a.md".to_owned();
        let packed = package::read(Path::new("odd.apkg"), Cursor::new(bytes_of(&packages(&collection)[0]))).unwrap();
        prop_assert_eq!(packed.notes.len(), collection.notes.len());
        for note in &collection.notes {
            let packed_note = packed.notes.iter().find(|packed_note| packed_note.guid == note.guid.0).unwrap();
            let packed_type = packed.note_types.iter().find(|packed_type| packed_type.id == packed_note.note_type).unwrap();
            prop_assert!(note_type::field_names(note.note_type()).eq(packed_type.fields.iter().map(|field| field.name.as_str())));
            prop_assert_eq!(packed_note.fields.len(), packed_type.fields.len());
            if note.note_type() == NoteTypeKey::Cloze {
                let cards: Vec<u16> = note.cards().iter().map(|card| card.ordinal + 1).collect();
                prop_assert_eq!(numbers(&packed_note.fields.concat()), cards, "{:?}", packed_note.fields);
            }
        }
    }
}

#[test]
fn the_link_leads_to_the_site_where_there_is_one() {
    let mut collection = sample();
    collection.site_url = Some("https://example.org/notes".to_owned());
    let guid = collection.notes[2].guid.0.clone();
    let fields = rows(&database(&packages(&collection)[1]), "select replace(flds, char(31), '¦') from notes");
    let link = format!("<a href=\"https://example.org/notes/ecs/a-b.html#c-{guid}\">content/ecs/a b.md › C</a>");
    assert_eq!(fields[0].split('¦').nth(6), Some(link.as_str()));
}

#[test]
fn the_collection_row_names_what_is_used() {
    let packages = packages(&sample());
    let names = "select j.value ->> 'name' from col, json_each(col.models) as j order by 1";
    assert_eq!(rows(&database(&packages[0]), names), ["Basic (AWS)", "Cloze (AWS)"]);
    assert_eq!(rows(&database(&packages[1]), names), ["Basic (AWS)"]);
    let decks = "select j.value ->> 'name', j.value ->> 'desc' from col, json_each(col.decks) as j order by 1";
    assert_eq!(
        rows(&database(&packages[0]), decks),
        ["AWS|*About* AWS", "AWS::ECS|*About* AWS::ECS", "AWS::EKS|*About* AWS::EKS", "Default|"]
    );
    let unknown = "select count(*) from notes, col where json_extract(col.models, '$.' || mid) is null";
    assert_eq!(rows(&database(&packages[0]), unknown), ["0"]);
}

#[test]
fn decks_are_those_that_anki_tells_apart() {
    let notes = ["AWS::ecs", "AWS::ECS", "Default"].map(|deck| basic(deck, deck, "back")).to_vec();
    let packages = packages(&collection(notes));
    let decks = "select j.value ->> 'name' from col, json_each(col.decks) as j order by 1";
    assert_eq!(rows(&database(&packages[0]), decks), ["AWS", "AWS::ecs", "Default"]);
    assert_eq!(rows(&database(&packages[0]), "select count(distinct did) from cards"), ["1"]);
    assert_eq!(rows(&database(&packages[1]), decks), ["Default"]);
    assert_eq!(rows(&database(&packages[1]), "select did from cards"), ["1"]);
}

#[test]
fn equal_input_gives_equal_bytes_on_any_number_of_threads() {
    let notes = (0..9_000).map(|number| basic("Many", &format!("front {number}"), "back")).collect();
    let collection = collection(notes);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        bytes_of(&pool.install(|| packages(&collection)).remove(0))
    };
    assert!(on(1) == on(4));
}

#[test]
fn positions_stay_where_check_database_leaves_them() {
    let notes = (0..100_001).map(|number| basic("Many", &number.to_string(), "back")).collect();
    let connection = database(&packages(&collection(notes))[0]);
    assert_eq!(
        rows(&connection, "select min(due), max(due), count(distinct due) from cards"),
        ["125000|875000|100001"]
    );
}

#[test]
fn notes_that_ask_the_same_are_told_apart_by_their_order() {
    let mut notes = vec![basic("A", "same", "1"), basic("A", "same", "2"), basic("B", "  same\n", "3")];
    let born = collection(notes.clone()).notes;
    let mut guids: Vec<&str> = born.iter().map(|note| note.guid.0.as_str()).collect();
    guids.sort_unstable();
    guids.dedup();
    assert_eq!(guids.len(), 3);

    // Stamped into the text, the first keeps its GUID, and the others theirs.
    notes[0].id = Some(format!("dk-{}", born[0].guid));
    let stamped = collection(notes.clone()).notes;
    assert_eq!(
        stamped.iter().map(|note| &note.guid).collect::<Vec<_>>(),
        born.iter().map(|note| &note.guid).collect::<Vec<_>>()
    );

    // Another deck or place is the same note.
    notes[1].deck = DeckName::new("Elsewhere").unwrap();
    notes[1].line = 99;
    assert_eq!(collection(notes.clone()).notes[1].guid, born[1].guid);

    // An explicit id shared by mistake still makes two notes.
    notes[1].id = Some("x".to_owned());
    notes[2].id = Some("x".to_owned());
    let shared = collection(notes).notes;
    assert_ne!(shared[1].guid, shared[2].guid);
}

#[test]
fn deletions_are_unwrapped_for_the_guid() {
    let whole =
        NoteBody::Cloze { heading: Vec::new(), text: paragraph(vec![text("a "), cloze(&[1], vec![text("b")])]) };
    let other =
        NoteBody::Cloze { heading: Vec::new(), text: paragraph(vec![cloze(&[1], vec![text("a")]), text(" b")]) };
    let first = collection(vec![note("A", whole)]);
    let second = collection(vec![note("A", other)]);
    assert_eq!(first.notes[0].guid, second.notes[0].guid);
    assert_ne!(collection(vec![basic("A", "a b", "c")]).notes[0].guid, first.notes[0].guid);
}

#[test]
fn json_and_its_schema_are_stable() {
    let sample = sample();
    let made = |format| emit(format, &sample, usual(), &[], None).unwrap().artifacts.remove(0);
    let json = made(Format::Json);
    assert_eq!(json.path.to_str(), Some("deckle.json"));
    let json = bytes_of(&json);
    let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(value["notes"][0]["guid"], sample.notes[0].guid.0.as_str());
    assert_eq!(value["version"], VERSION);
    let lines = String::from_utf8(json.clone()).unwrap();
    let notes = lines.lines().filter(|line| line.starts_with("{\"guid\":")).count();
    assert_eq!(notes, sample.notes.len());
    assert!(json == bytes_of(&made(Format::Json)));

    let value: serde_json::Value = serde_json::from_slice(&bytes_of(&made(Format::JsonSchema))).unwrap();
    assert_eq!(value["title"], "Collection");
    assert!(value["properties"]["notes"].is_object());
}

/// No byte of them is needed to make the pages.
#[test]
fn large_images_lie_beside_the_printed_pages_unless_an_option_says_where() {
    let mut collection = sample();
    let image = |path: &str, length| Media {
        file: None,
        path: path.to_owned(),
        name: path.replace("img/", ""),
        sha256: String::new(),
        size: None,
        blob: Blob::File(BlobFile { path: path.into(), length, crc32: 0 }.into()),
    };
    let pages = |collection: &Collection, layer: &PrintLayer| {
        let options = PrintOptions::default().with(layer);
        let printing = Printing { options, ..Printing::default() };
        let made =
            emit(Format::Print, collection, Options { printing: &printing, ..usual() }, &[], None).unwrap().artifacts;
        let beside = made.iter().filter(|made| made.path.starts_with("print/media")).count();
        (beside, print::images_beside(collection, &printing), made[0].recipe.length())
    };
    let [mut inline, mut files] = [PrintLayer::default(); 2];
    inline.set("images", "inline").unwrap();
    files.set("images", "files").unwrap();
    collection.media = vec![image("img/a.png", 20_000_000), image("img/b.png", 10_000_000)];
    let (beside, bytes, length) = pages(&collection, &PrintLayer::default());
    assert_eq!((beside, bytes), (0, None));
    assert!(length > Some(26_000_000), "the page has the image in it: {length:?}");
    assert_eq!(pages(&collection, &files).0, 2);
    // A page holds an image as often as notes show it.
    let shows = |note: &Note| {
        let mut shows = false;
        note.for_each_media(&mut |path| shows |= path == "img/a.png");
        shows
    };
    let again = collection.notes.iter().find(|note| shows(note)).unwrap().clone();
    let mut often = collection.clone();
    often.notes.push(again);
    assert_eq!(pages(&often, &PrintLayer::default()).1, Some(30_000_000));
    // A sound is no image, and equal files of two folders are one.
    collection.media.extend([image("img/c.mp3", 9_000_000), image("img/img/b.png", 10_000_000)]);
    assert_eq!(pages(&collection, &PrintLayer::default()).1, None);
    collection.media.push(image("img/d.png", 1));
    let (beside, bytes, length) = pages(&collection, &PrintLayer::default());
    assert_eq!((beside, bytes, length), (3, Some(30_000_001), Some(20_000_000)));
    let (beside, bytes, length) = pages(&collection, &inline);
    assert_eq!((beside, bytes), (0, None));
    assert!(length > Some(26_000_000), "{length:?}");
}
