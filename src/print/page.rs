//! Turns what cards and sheets share into what their pages need: the deck, its images, the head of the HTML.
//!
//! Knows neither cards nor sheets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, Hash, RandomState};
use std::path::PathBuf;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::FOLDER;
use super::fit::ImageSizes;
use super::language;
use super::template::Templates;
use crate::artifact::{Artifact, Ingredients, KeptPage, Key, Made};
use crate::config::print::{Images, PrintOptions, Sheets};
use crate::ir::{Collection, Media, Note};
use crate::print::Printing;
use crate::source::{Piece, Recipe};
use crate::text::data;
use crate::text::extension::{MediaKind, media_type};
use crate::text::file_slug::file_slugs;

/// What all pages share.
pub(super) struct PageSetup<'a> {
    /// The whole collection, for its chapters and sources.
    pub(super) collection: &'a Collection,
    /// Where images are found from a page.
    pub(super) images: &'a ImageSources<'a>,
    /// Their addresses.
    pub(super) addresses: Addresses<'a>,
    /// Their widths and heights.
    pub(super) sizes: ImageSizes<'a>,
    /// The templates in effect.
    pub(super) templates: Templates<'a>,
    /// The pages of an earlier time, where any are kept.
    pub(super) kept: Option<KeptPages<'a>>,
}

impl PageSetup<'_> {
    /// The page of what `made_of` takes down.
    pub(super) fn kept(&self, made_of: impl FnOnce(&mut Ingredients)) -> Kept {
        let Some(KeptPages { pages, common }) = &self.kept else { return Kept::default() };
        let mut ingredients = Ingredients::default();
        common.hash(&mut ingredients);
        made_of(&mut ingredients);
        let key = ingredients.key();
        let page = pages.take(key);
        let recipe = page.as_ref().map(|page| page.recipe.clone());
        pages.put(page.map(|page| (key, page)));
        Kept { key: Some(key), page: recipe }
    }

    /// Keeps a page for the next time.
    pub(super) fn keep(&self, kept: &Kept, recipe: &Recipe) {
        if let (Some(pages), Some(key)) = (&self.kept, kept.key) {
            let page = KeptPage { recipe: recipe.clone(), has_math: false, links: Vec::new() };
            pages.pages.put([(key, page)]);
        }
    }
}

/// What is known of a page from an earlier time.
#[derive(Default)]
pub(super) struct Kept {
    /// What it is made of; `None` where no pages are kept.
    key: Option<Key>,
    /// The page, where there was one.
    pub(super) page: Option<Recipe>,
}

/// Pages of an earlier time.
pub(super) struct KeptPages<'a> {
    pages: &'a Made<KeptPage>,
    /// All that every page is made of.
    common: Key,
}

impl<'a> KeptPages<'a> {
    pub(super) fn new(pages: &'a Made<KeptPage>, collection: &Collection, printing: &Printing) -> Self {
        let mut made_of = Ingredients::default();
        for (name, own) in &printing.templates {
            (name, &own.text).hash(&mut made_of);
        }
        for media in &collection.media {
            (&media.path, &media.name, &media.sha256, media.size.map(|size| size.map(f32::to_bits))).hash(&mut made_of);
        }
        Self { pages, common: made_of.key() }
    }
}

/// A note with its index in [`Collection::notes`].
type NumberedNote<'a> = (usize, &'a Note);

/// A top-level deck with notes in it.
pub(super) struct PrintedDeck<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its part of file names.
    pub(super) slug: String,
    /// Its notes and those of its sub-decks, in source order, with their indices in [`Collection::notes`].
    pub(super) notes: Vec<NumberedNote<'a>>,
    /// How it is printed.
    pub(super) options: PrintOptions,
    /// Where its images are.
    pub(super) images: Images,
    /// The language that its notes seem to be in.
    pub(super) lang: &'static str,
}

impl PrintedDeck<'_> {
    /// The page of a `kind` that is the deck's, or the `index`-th after the first one where it goes on in more of them.
    pub(super) fn page(&self, kind: &str, index: usize, recipe: Recipe) -> Artifact {
        let number = if index == 0 { String::new() } else { format!("-{}", index + 1) };
        let path = PathBuf::from(format!("{FOLDER}/{}-{kind}{number}.html", self.slug));
        Artifact { path, recipe, pdf: self.options.pdf }
    }

    /// Takes down what pages of every kind are made of.
    pub(super) fn hash_into(&self, made_of: &mut Ingredients) {
        let trusts_html = self.notes.iter().any(|(_, note)| note.trusts_html);
        (self.name, self.lang, format!("{:?} {:?}", self.options, self.images), trusts_html).hash(made_of);
    }
}

/// What a page lets run, as a source of its Content-Security-Policy: the script that it has itself, known by its hash, and
/// nothing else. An author who is trusted with HTML may run all.
pub(super) fn script_source(deck: &PrintedDeck<'_>, script: Option<&str>) -> String {
    if deck.notes.iter().any(|(_, note)| note.trusts_html) {
        return "'unsafe-inline'".to_owned();
    }
    // As it stands in the template, and as a browser reads the ends of lines.
    let Some(script) = script else { return "'none'".to_owned() };
    let script = format!("\n{script}\n").replace("\r\n", "\n").replace('\r', "\n");
    let mut hash = Vec::new();
    data::encode(&Sha256::digest(script), &mut hash);
    format!("'sha256-{}'", String::from_utf8(hash).unwrap_or_default())
}

/// The top-level decks that have notes, sorted by name.
pub(super) fn decks<'a>(collection: &'a Collection, printing: &Printing) -> Vec<PrintedDeck<'a>> {
    let mut notes: BTreeMap<&str, Vec<NumberedNote<'_>>> = BTreeMap::new();
    for (index, note) in collection.notes.iter().enumerate() {
        notes.entry(note.deck.top()).or_default().push((index, note));
    }
    let names: Vec<&str> = notes.keys().copied().collect();
    let options = |name: &str| *printing.options_of(name);
    let slugs = file_slugs(&names);
    let usual = if is_too_much(collection) { Images::Files } else { Images::Inline };
    let deck = |((name, notes), slug): ((_, Vec<NumberedNote<'a>>), _)| {
        let options = options(name);
        let lang = language::of_notes(notes.iter().map(|&(_, note)| note));
        PrintedDeck { name, slug, notes, options, images: options.images.unwrap_or(usual), lang }
    };
    notes.into_iter().zip(slugs).map(deck).collect()
}

/// What stands for the decks whose sheets are one, where any are: it has the collection's name, their notes, and the options
/// of the project. Of the slugs of other decks with sheets it has none.
pub(super) fn together<'a>(
    collection: &'a Collection,
    printing: &Printing,
    decks: &[PrintedDeck<'a>],
) -> Option<PrintedDeck<'a>> {
    let (one, each): (Vec<_>, Vec<_>) = decks.iter().partition(|deck| deck.options.sheet == Sheets::One);
    let first = one.first()?;
    let name = collection.name.as_str();
    let slug = slug_of_all(name, &each.iter().map(|deck| deck.slug.as_str()).collect::<Vec<_>>());
    let mut notes: Vec<NumberedNote<'a>> = one.iter().flat_map(|deck| &deck.notes).copied().collect();
    notes.sort_unstable_by_key(|(index, _)| *index);
    let lang = language::of_notes(notes.iter().map(|&(_, note)| note));
    Some(PrintedDeck { name, slug, notes, options: printing.options, images: first.images, lang })
}

/// The slug of decks whose sheets are one, which is none of those of the others.
fn slug_of_all(name: &str, others: &[&str]) -> String {
    let mut slug = file_slugs(&[name]).concat();
    while others.contains(&slug.as_str()) {
        slug.push_str("-all");
    }
    slug
}

/// The first page of cards and of the sheet of each top-level deck, by its path below the output folder: what it is called,
/// and whether it is a sheet. Makes none of them.
pub(super) fn first_pages(collection: &Collection, printing: &Printing) -> Vec<(String, String, bool)> {
    let names: BTreeSet<&str> = collection.notes.iter().map(|note| note.deck.top()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let slugs = file_slugs(&names);
    let page = |name: &str, slug: &str, is_sheet| {
        let kind = if is_sheet { "sheet" } else { "cards" };
        (format!("{FOLDER}/{slug}-{kind}.html"), name.to_owned(), is_sheet)
    };
    let is_shared = |name: &str| printing.options_of(name).sheet == Sheets::One;
    let mut pages = Vec::new();
    for (name, slug) in names.iter().zip(&slugs) {
        pages.push(page(name, slug, false));
        if !is_shared(name) {
            pages.push(page(name, slug, true));
        }
    }
    if names.iter().any(|name| is_shared(name)) {
        let others = names
            .iter()
            .zip(&slugs)
            .filter(|(name, _)| !is_shared(name))
            .map(|(_, slug)| slug.as_str())
            .collect::<Vec<_>>();
        pages.push(page(&collection.name, &slug_of_all(&collection.name, &others), true));
    }
    pages
}

/// So many bytes of images stand in the pages unless an option says otherwise. Each page has its own copy, a third longer,
/// and what is much larger takes browsers long to open.
const MOST_INLINE: u64 = 30_000_000;

/// How many bytes of images lie beside the pages of decks for which no option says where they are; `None` where they are
/// in the pages.
pub(super) fn images_beside(collection: &Collection, printing: &Printing) -> Option<u64> {
    let options = collection.notes.iter().map(|note| printing.options_of(note.deck.top()));
    let is_open = options.into_iter().any(|options| options.images.is_none());
    (is_open && is_too_much(collection)).then(|| image_bytes(collection))
}

/// Whether the images of all decks are more than [`MOST_INLINE`]. In a page an image stands as often as notes show it.
fn is_too_much(collection: &Collection) -> bool {
    let sizes: HashMap<&str, u64> =
        images(collection).map(|media| (media.path.as_str(), media.blob.length())).collect();
    let mut shown = 0_u64;
    if !sizes.is_empty() {
        for note in &collection.notes {
            note.for_each_media(&mut |path| shown = shown.saturating_add(sizes.get(path).copied().unwrap_or_default()));
        }
    }
    shown.max(image_bytes(collection)) > MOST_INLINE
}

/// The size of all images, each counted once.
fn image_bytes(collection: &Collection) -> u64 {
    let images: BTreeMap<&str, u64> =
        images(collection).map(|media| (media.name.as_str(), media.blob.length())).collect();
    images.values().sum()
}

fn images(collection: &Collection) -> impl Iterator<Item = &Media> {
    collection.media.iter().filter(|media| MediaKind::of(&media.path) == Some(MediaKind::Image))
}

/// The addresses of images. Paper plays nothing, so sounds and videos have none.
pub(super) struct ImageSources<'a> {
    media: Vec<&'a Media>,
    /// `data:` addresses, in the order of `media`; a [place](Self::put_into) stands for the bytes in them.
    inline: Vec<String>,
    /// Addresses relative to a page.
    files: Vec<String>,
}

impl<'a> ImageSources<'a> {
    /// Finds the addresses that some deck wants.
    pub(super) fn new(collection: &'a Collection, decks: &[PrintedDeck<'_>]) -> Self {
        let media: Vec<&Media> = images(collection).collect();
        let wants = |images| decks.iter().any(|deck| deck.images == images);
        let inline =
            |(index, media): (usize, &&Media)| format!("{}{}", data::start(media_type(&media.path)), place(index));
        let inline = if wants(Images::Inline) { media.iter().enumerate().map(inline).collect() } else { Vec::new() };
        let files = if wants(Images::Files) {
            media.iter().map(|media| format!("{IMAGES}/{}", media.name)).collect()
        } else {
            Vec::new()
        };
        Self { media, inline, files }
    }

    /// The addresses by path.
    pub(super) fn addresses(&self) -> Addresses<'_> {
        Addresses { inline: self.by_path(&self.inline), files: self.by_path(&self.files) }
    }

    fn by_path<'s>(&'s self, addresses: &'s [String]) -> BTreeMap<&'s str, &'s str> {
        self.media.iter().zip(addresses).map(|(media, address)| (media.path.as_str(), address.as_str())).collect()
    }

    /// The files beside the pages, where a deck wants them; each once.
    pub(super) fn artifacts(&self) -> Vec<Artifact> {
        let mut seen = BTreeSet::new();
        let files = self.media.iter().zip(&self.files).filter(|(_, address)| seen.insert(address.as_str()));
        files
            .map(|(media, address)| Artifact {
                path: PathBuf::from(FOLDER).join(address),
                recipe: media.blob.clone().into(),
                pdf: false,
            })
            .collect()
    }

    /// A page with the bytes of images in their places.
    pub(super) fn put_into(&self, html: String) -> Recipe {
        if self.inline.is_empty() {
            return html.into();
        }
        let mut pieces = Vec::new();
        let mut rest = html.as_str();
        while let Some((before, behind)) = rest.split_once(PLACE.as_str()) {
            let (index, behind) = behind.split_at_checked(INDEX).unwrap_or((behind, ""));
            let media = usize::from_str_radix(index, 16).ok().and_then(|index| self.media.get(index));
            pieces.push(Piece::Plain(before.to_owned().into()));
            pieces.extend(media.map(|media| Piece::Base64(media.blob.clone())));
            rest = behind;
        }
        if pieces.is_empty() {
            return html.into();
        }
        pieces.push(Piece::Plain(rest.to_owned().into()));
        Recipe::Pieces(pieces.into())
    }
}

/// Path of a medium → its address, for [`crate::html::Style::media`].
pub(super) struct Addresses<'a> {
    inline: BTreeMap<&'a str, &'a str>,
    files: BTreeMap<&'a str, &'a str>,
}

impl Addresses<'_> {
    /// Those on the pages of a deck.
    pub(super) fn of(&self, deck: &PrintedDeck<'_>) -> &BTreeMap<&str, &str> {
        match deck.images {
            Images::Inline => &self.inline,
            Images::Files => &self.files,
        }
    }
}

/// The folder of images in that of the pages.
pub const IMAGES: &str = "media";

/// Stands in a page for the bytes of an image until it is written: templates take no time over them then, and no memory.
fn place(index: usize) -> String {
    format!("{}{index:0INDEX$x}", *PLACE)
}

/// Digits of an index.
const INDEX: usize = 8;

/// What no text holds that was written before the program was started. It is in no output, as the order of a `HashMap` is
/// in none, which is seeded by the same.
static PLACE: LazyLock<String> = LazyLock::new(|| format!("deckle{:016x}at", RandomState::new().hash_one(())));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn images_stand_where_their_places_were() {
        let media = |path: &str, bytes: &[u8]| Media {
            file: None,
            path: path.to_owned(),
            name: path.to_owned(),
            sha256: String::new(),
            size: None,
            blob: bytes.to_vec().into(),
        };
        let media = [media("a.png", b"foobar"), media("b.svg", b"fooba")];
        let inline = [0, 1].map(place).into();
        let sources = ImageSources { media: media.iter().collect(), inline, files: Vec::new() };
        let put = |html: String| String::from_utf8(files::bytes_of(&sources.put_into(html)).unwrap()).unwrap();
        let [a, b] = [place(0), place(1)];
        assert_eq!(put(format!("<{b}|{a}{a}>")), "<Zm9vYmE=|Zm9vYmFyZm9vYmFy>");
        // As in a text that knows how places look, but not what this run calls them.
        let forged = place(0).replacen(a.get(6..22).unwrap(), "0123456789abcdef", 1);
        assert_eq!(put(format!("{forged} {a}")), format!("{forged} Zm9vYmFy"));
        assert_eq!(put(String::from("<p>")), "<p>");
    }
}
