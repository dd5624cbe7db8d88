//! Drawings that do something, and those that do not.

use super::*;

const SVG: &str = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

/// What is left of a drawing around a piece.
fn left(piece: &str) -> String {
    let drawing = format!("<svg {SVG}>{piece}<path d=\"M0 0\"/></svg>");
    let cleaned = match clean(drawing.as_bytes()) {
        Drawing::Harmless => return piece.to_owned(),
        Drawing::Cleaned(bytes, _) => String::from_utf8(bytes).unwrap(),
        Drawing::Unreadable => panic!("{piece}"),
    };
    assert_eq!(clean(cleaned.as_bytes()), Drawing::Harmless, "{cleaned}");
    let inner = cleaned.strip_prefix(&format!("<svg {SVG}>")).unwrap();
    inner.split("<path d=\"M0 0\"/></svg>").next().unwrap().to_owned()
}

#[test]
fn what_programs_draw_stays_byte_for_byte() {
    for piece in [
        "<g fill=\"url(#a)\" style=\"fill:url('#b');stroke:red\"><use xlink:href=\"#c\"/><text>a &amp; b &#x3c; </text></g>",
        "<style>.a { fill: url(#b) } @media print { * { color: red } }</style>",
        "<style type=\"text/css\"><![CDATA[ .a > .b { src: url(data:font/woff2;base64,AA) } ]]></style>",
        "<metadata><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:li rdf:resource=\"http://x\"/></rdf:RDF></metadata>",
        "<sodipodi:namedview xmlns:sodipodi=\"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd\" objecttolerance=\"1\"/>",
        "<image href=\"data:image/png;base64,AA\"/><a href=\"https://e.org\"><text>x</text></a><!-- a --><?x y?>",
        "<switch><foreignObject width=\"9\"><p xmlns=\"http://www.w3.org/1999/xhtml\">a<br/></p></foreignObject><text>a</text></switch>",
        "<foreignObject><div xmlns=\"http://www.w3.org/1999/xhtml\" style=\"display:table-cell\"><span class=\"nodeLabel\">b &lt; c\
        <i class=\"fa\"></i></span><table><tr><td align=\"left\"><font color=\"#000\">d</font></td></tr></table></div></foreignObject>",
        "<animate attributeName=\"cx\" values=\"1;2\" begin=\"click\"/><set attributeName=\"fill\" to=\"red\"/>",
        "<text font-family=\"a\\b\">x</text><linearGradient xlink:href=\"#a\" onc='1' />"
            .split_once("<linear")
            .unwrap()
            .0,
    ] {
        let drawing = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \
            \"x\" [\n<!ENTITY ns_x \"http://x\"> <!ELEMENT a ANY> <!-- > -->\n]>\n<svg {SVG} a=\"&ns_x;\">{piece}</svg>\n<!-- b -->\n"
        );
        assert_eq!(clean(drawing.as_bytes()), Drawing::Harmless, "{piece}");
    }
}

#[test]
fn what_does_something_goes() {
    for (piece, expected) in [
        ("<script>alert(1)</script>", ""),
        ("<s:script xmlns:s=\"http://www.w3.org/2000/svg\" href=\"x\"/>", ""),
        ("<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">x</h:script><b/>", "<b/>"),
        ("<script><![CDATA[</script>]]></script>", ""),
        ("<g onload=\"x()\" ONCLICK='y' id=\"a\"/>", "<g id=\"a\"/>"),
        ("<a xlink:href=\" java&#10;script&#x3a;x\">a</a>", "<a>a</a>"),
        ("<a xlink:href=\"&#106;avascript:x\"/>", "<a/>"),
        ("<use href=\"data:image/svg+xml,x#a\"/><use xlink:href=\"b.svg#c\"/>", "<use/><use/>"),
        ("<image href=\"https://e.org/a.png\"/><image href=\"/etc/a\"/>", "<image/><image/>"),
        ("<feImage xlink:href=\"data:text/html,x\"/>", "<feImage/>"),
        (
            "<set attributeName=\"onmouseover\" to=\"x\"/><animate attributeName=\"xlink:href\" values=\"javascript:x\"/>",
            "",
        ),
        ("<animate attributeName=\" &#104;ref\" to=\"x\"/><set attributeName=\"style\" to=\"x\"/>", ""),
        ("<animate attributeName=\"x\" values=\"javascript:x\"/>", "<animate attributeName=\"x\"/>"),
        ("<foreignObject><g onclick=\"x()\">a</g></foreignObject>", "<foreignObject><g>a</g></foreignObject>"),
        (
            "<style>@import 'x'; a { fill: URL( \"http://x\") }</style>",
            "<style>@not-import 'x'; a { fill: URL( &quot;#http://x&quot;) }</style>",
        ),
        ("<style>a { x: expression(y) }</style><style>@\\69mport 'x'</style>", "<style></style><style></style>"),
        (
            "<g style=\"background:url(//e.org)\" fill='url(http://e.org#a)'/>",
            "<g style=\"background:url(#//e.org)\" fill=\"url(#http://e.org#a)\"/>",
        ),
        ("<g style=\"-moz-binding:url(#a)\" xml:base=\"http://e.org\"/>", "<g/>"),
        ("<x:include xmlns:x=\"http://www.w3.org/2001/XInclude\" href=\"/etc/passwd\"/>", ""),
        ("<ev:listener xmlns:ev=\"http://www.w3.org/2001/xml-events\" event=\"x\"/><handler>x</handler>", ""),
        ("<embed src=\"x\"/><object data=\"x\"/><video src='x'/><g><iframe/></g>", "<g></g>"),
        ("<a b=\"<script>\">", "</svg>"),
    ] {
        assert_eq!(left(piece), expected, "{piece}");
    }
}

#[test]
fn labels_in_html_do_nothing() {
    for (label, expected) in [
        ("<b onclick=\"x()\" style=\"background:url(//e.org)\">a</b>", "<b style=\"background:url(#//e.org)\">a</b>"),
        ("<a href=\"javascript:x\" ping=\"//e.org\">a</a>", "<a>a</a>"),
        ("<a href=\"https://e.org\" target=\"x\">a</a><script/>", "<a href=\"https://e.org\" target=\"x\">a</a>"),
        ("<style>* { color: red }</style>a<link rel=\"stylesheet\" href=\"//e.org\"/>", "a"),
        ("<img src=\"x\" onerror=\"y\"/><iframe srcdoc=\"x\"/><form><input/></form>b", "b"),
        ("<meta http-equiv=\"refresh\" content=\"0\"/><base href=\"//e.org\"/><template><p>a</p></template>", ""),
        ("<noscript>a</noscript><math>b</math><slot/><dialog/><marquee>d</marquee>", ""),
        ("<SCRIPT>a</SCRIPT><P>b</P>", "<P>b</P>"),
    ] {
        let [before, after] = ["<foreignObject><div xmlns=\"http://www.w3.org/1999/xhtml\">", "</div></foreignObject>"];
        assert_eq!(left(&format!("{before}{label}{after}")), format!("{before}{expected}{after}"), "{label}");
    }
}

#[test]
fn mistakes_have_their_line() {
    for (drawing, acts, broken_at) in [
        ("<svg xmlns=\"http://www.w3.org/2000/svg\">\n<g>\n</svg>", false, Some(3)),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" onload='x'>\n<g a=b/></svg>", true, Some(2)),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\">\n\n<text>a &lt; b < c</text></svg>", false, Some(3)),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\"><g/>\n", false, Some(2)),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", false, Some(2)),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" onload='x'/>", true, None),
    ] {
        let Drawing::Cleaned(_, lost) = clean(drawing.as_bytes()) else { panic!("{drawing}") };
        assert_eq!(lost, Lost { acts, broken_at, ..Lost::default() }, "{drawing}");
    }
}

#[test]
fn what_xml_has_no_name_for_is_written_out() {
    for (text, written) in [
        ("a&nbsp;b", "a\u{a0}b"),
        ("a & b", "a &amp; b"),
        ("R&D", "R&amp;D"),
        ("&rarr; x", "&amp;rarr; x"),
        ("&own;&nbsp;", "mine\u{a0}"),
    ] {
        let drawing = format!(
            "<!DOCTYPE svg [<!ENTITY own 'mine'>]><svg xmlns=\"http://www.w3.org/2000/svg\"><text>{text}</text></svg>"
        );
        let Drawing::Cleaned(bytes, lost) = clean(drawing.as_bytes()) else { panic!("{text}") };
        let shown = String::from_utf8(bytes).unwrap();
        assert!(lost.is_mended && !lost.acts && lost.broken_at.is_none(), "{text}: {lost:?}");
        assert!(
            shown.ends_with(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><text>{written}</text></svg>")),
            "{shown}"
        );
    }
    assert_eq!(
        clean(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><text>&amp;&#160;&lt;&quot;</text></svg>"),
        Drawing::Harmless
    );
}

#[test]
fn encodings_that_are_not_read_are_told() {
    let says = |encoding: &str| {
        format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>")
    };
    let wide: Vec<u8> = says("UTF-16").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(clean(&[b"\xFF\xFE".as_slice(), &wide].concat()), Drawing::Harmless);
    for encoding in ["GB2312", "UTF-7", "UTF-16", "Shift_JIS"] {
        let Drawing::Cleaned(_, lost) = clean(says(encoding).as_bytes()) else { panic!("{encoding}") };
        assert!(lost.is_recoded && !lost.acts, "{encoding}");
    }
}

#[test]
fn what_no_browser_shows_is_put_right() {
    const HEAD: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\">";
    for (drawing, mended) in [
        ("<svg><g/></svg>", format!("{HEAD}<g/></svg>")),
        ("<svg viewBox='0'/>", HEAD.replace('>', " viewBox=\"0\"/>")),
        (&format!("{HEAD}<g id='a' id='b'/></svg>"), format!("{HEAD}<g id=\"a\"/></svg>")),
        (
            &format!("{HEAD}<use xlink:href='#a' foo:b='c'/><foo:bar>x</foo:bar></svg>"),
            format!("{HEAD}<use href=\"#a\"/></svg>"),
        ),
        (&format!("{HEAD}<use href='#a' xlink:href='#b'/></svg>"), format!("{HEAD}<use href=\"#a\"/></svg>")),
        (&format!("\n<?xml version='1.0'?>{HEAD}</svg>"), format!("{HEAD}</svg>")),
        (&format!("{HEAD}</svg> x"), format!("{HEAD}</svg>")),
        (&format!("{HEAD}<!-- a -- b --><!--c---></svg>"), format!("{HEAD}</svg>")),
        (&format!("{HEAD}<text>a\u{1}b</text></svg>"), format!("{HEAD}<text>ab</text></svg>")),
    ] {
        let Drawing::Cleaned(bytes, lost) = clean(drawing.as_bytes()) else { panic!("{drawing}") };
        assert_eq!(String::from_utf8(bytes).unwrap(), mended, "{drawing}");
        assert_eq!(lost, Lost { is_mended: true, ..Lost::default() }, "{drawing}");
        assert_eq!(clean(mended.as_bytes()), Drawing::Harmless, "{mended}");
    }
    assert_eq!(clean(b"<SVG xmlns=\"http://www.w3.org/2000/svg\"/>"), Drawing::Unreadable);
    assert_eq!(clean(format!("{HEAD}<g xml:space='preserve'/></svg>\n<!-- a -->\n").as_bytes()), Drawing::Harmless);
}

fn cleaned(drawing: &[u8]) -> String {
    match clean(drawing) {
        Drawing::Cleaned(bytes, _) => String::from_utf8(bytes).unwrap(),
        other @ (Drawing::Harmless | Drawing::Unreadable) => panic!("{other:?}: {}", String::from_utf8_lossy(drawing)),
    }
}

#[test]
fn what_is_declared_does_nothing() {
    for (before, inner) in [
        ("<!DOCTYPE svg [<!ENTITY x '<script>y</script>'>]>", "&x;"),
        ("<!DOCTYPE svg [<!ENTITY x '&#60;script>y&#60;/script>'>]>", "&x;"),
        ("<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "&x;"),
        ("<!DOCTYPE svg [<!ENTITY % x SYSTEM 'http://e.org'> %x;]>", ""),
        ("<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'x()'>]>", ""),
        ("<!DOCTYPE svg [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]>", "&c;"),
        ("<?xml-stylesheet type='text/xsl' href='x'?>", ""),
        ("<?xml version='1.0' encoding='UTF-7'?>", ""),
    ] {
        let drawing = format!("{before}<svg {SVG}>{inner}</svg>");
        assert_eq!(cleaned(drawing.as_bytes()), format!("<svg {SVG}></svg>"), "{before}");
    }
    let long = format!(
        "<!DOCTYPE svg [<!ENTITY a '{}'>]><svg xmlns=\"http://www.w3.org/2000/svg\">{}</svg>",
        "a".repeat(100_000),
        "&a;".repeat(100_000)
    );
    assert!(cleaned(long.as_bytes()).len() < 2_000_000);
}

#[test]
fn reading_ends_at_the_first_mistake() {
    for inner in [
        "<g a=b>",
        "<g a>",
        "<g <",
        "</g>",
        "<g a=\"1\"b=\"2\"/>",
        "<!-- a",
        "<![CDATA[ a",
        "<",
        "<g",
        "<g a='",
        "<?a",
        "<!x>",
    ] {
        let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">a{inner}<script>x</script></svg>");
        assert_eq!(cleaned(drawing.as_bytes()), "<svg xmlns=\"http://www.w3.org/2000/svg\">a</svg>", "{inner}");
    }
    assert_eq!(
        cleaned(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/><svg xmlns=\"http://www.w3.org/2000/svg\" onload='x'/>"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"
    );
    assert_eq!(
        cleaned(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g>"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><g></g></svg>"
    );
    for drawing in [
        "",
        "x",
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><svg xmlns=\"http://www.w3.org/2000/svg\"/></html>",
        "\u{1f}\u{8b}",
        "<a/>",
        "<!-- svg",
        "<<",
        "<svg\0>",
    ] {
        assert_eq!(clean(drawing.as_bytes()), Drawing::Unreadable, "{drawing}");
    }
}

#[test]
fn other_encodings_are_read() {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    assert_eq!(
        clean(&[b"\xFF\xFE".as_slice(), &wide("<svg xmlns=\"http://www.w3.org/2000/svg\">ä</svg>")].concat()),
        Drawing::Harmless
    );
    assert_eq!(
        cleaned(
            &[b"\xFF\xFE".as_slice(), &wide("<svg xmlns=\"http://www.w3.org/2000/svg\" onload='x'>ä</svg>")].concat()
        ),
        "<svg xmlns=\"http://www.w3.org/2000/svg\">ä</svg>"
    );
    assert_eq!(
        clean(b"<?xml version='1.0' encoding='ISO-8859-1'?><svg xmlns=\"http://www.w3.org/2000/svg\">\xE4</svg>"),
        Drawing::Harmless
    );
    assert_eq!(clean(&wide("<svg xmlns=\"http://www.w3.org/2000/svg\" onload='x'/>")), Drawing::Unreadable);
    assert!(may_be(b"\xEF\xBB\xBF \n<svg") && may_be(b"\xFF\xFE<\0") && !may_be(b"\x89PNG") && !may_be(b""));
}

#[test]
fn deep_drawings_take_no_stack() {
    let deep =
        format!("{}<script/>", "<g>".repeat(100_000).replacen("<g>", "<svg xmlns=\"http://www.w3.org/2000/svg\">", 1));
    assert!(cleaned(deep.as_bytes()).ends_with("</g></svg>"));
}
