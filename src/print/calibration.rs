//! Turns options into a sheet that shows by how much a printer puts backs off their fronts, and whether it scales.
//!
//! On the front stand scales, on the back crosses at the same places: against a light a cross lies on its scale. What can be
//! read there is what `back-offset` has to be, so signs follow from how the sheet is turned. Knows no notes. Lengths are
//! millimetres.

use std::fmt::Write as _;

use super::layout::{self, Grid};
use crate::config::print::{Duplex, PrintOptions};

/// Starts the page, so that it is known again.
pub const CALIBRATION_MARK: &str = "<!doctype html>\n<!-- deckle print-test -->";

/// A page of HTML with the front and the back of the sheet, as cards with these options lie on it.
pub fn calibration(options: &PrintOptions) -> String {
    let options = match options.duplex {
        Duplex::None | Duplex::Fold => PrintOptions { duplex: Duplex::Long, ..*options },
        Duplex::Long | Duplex::Short | Duplex::Manual => *options,
    };
    let grid = Grid::new(&options);
    let sheet = Sheet { page: grid.page, is_sideways: layout::turns_sideways(&grid, options.duplex), options };
    let [width, height] = grid.page;
    let (style, front, back) = (include_str!("../../templates/print/test.css"), sheet.front(), sheet.back());
    // A small sheet has room for small type.
    let points = if width.min(height) < 200.0 { 9.0 } else { 11.0 };
    format!(
        "{CALIBRATION_MARK}\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Print test · {paper}</title>\n<style>\n@page {{ size: {width}mm {height}mm; margin: 0 }}\n\
         :root {{ --width: {width}mm; --height: {height}mm; --size: {points}pt }}\n{style}</style>\n</head>\n<body>\n{front}{back}</body>\n</html>\n",
        paper = options.paper,
    )
}

/// The sheet.
struct Sheet {
    /// Width and height as it is read.
    page: [f32; 2],
    /// Whether it is turned at an edge that stands upright.
    is_sideways: bool,
    options: PrintOptions,
}

/// A scale goes so far from its middle, in the middle of the sheet and near its corners.
const MIDDLE: u8 = 10;
const CORNER: u8 = 5;

/// How much farther from the middle the scales themselves lie, and how far beyond them crosses go.
const AXES: f32 = 2.0;
const BEYOND: f32 = 3.0;

/// How far the targets in the corners are from the edges.
const INSET: f32 = 18.0;

/// How long the rulers are: the least paper takes them both ways.
const RULER: u8 = 100;

/// The nearest and the farthest stroke from an edge.
const EDGE: u8 = 10;

impl Sheet {
    fn front(&self) -> String {
        let mut drawing = String::new();
        for (place, reach) in self.targets() {
            self.scales(place, reach, &mut drawing);
        }
        self.captions(&mut drawing);
        self.rulers(&mut drawing);
        self.edges(&mut drawing);
        let before = format!(
            "<h1>Print test</h1>\n<ol>\n<li>Print both pages on one sheet: {}.</li>\n<li>Measure the rulers at the lower edge \
             and on the left. Where one is not {RULER} mm long, the printer scales: choose 100 % or “Actual size” in its dialog, \
             not “Fit to page”.</li>\n<li>Hold the sheet against a light, this side towards you. From the back a cross lies \
             around the point in the middle: read where its lines cut the two scales.</li>\n</ol>",
            self.settings(),
        );
        let [x, y] = self.options.back_offset;
        let now = if self.has_offset() {
            format!(
                " It is <code>{x} {y}</code> now: the ring from the back shows where backs lie with it, and should lie around the \
                 point."
            )
        } else {
            String::new()
        };
        let behind = format!(
            "<ol start=\"4\">\n<li>Write both numbers into deckle.yaml as they stand there: <code>print: {{ back-offset: \"<i>1st\
             </i> <i>2nd</i>\" }}</code>.{now}</li>\n</ol>\n<p class=\"aside\">Read the corners as well: where they differ from the \
             middle by more than half a millimetre, paper lies askew in the printer, and no offset mends that. At the edges, \
             the least number that you can read is what the printer leaves white.</p>",
        );
        self.side("front", &drawing, &[("before", &before), ("behind", &behind)])
    }

    fn back(&self) -> String {
        let mut drawing = String::new();
        let [right, down] = self.options.back_offset;
        for (place, reach) in self.targets() {
            let [x, y] = self.behind(place);
            let reach = f32::from(reach) + AXES + BEYOND;
            let _ = write!(
                drawing,
                "<path class=\"cross\" d=\"M{} {y}H{}M{x} {}V{}\"/>",
                x - reach,
                x + reach,
                y - reach,
                y + reach
            );
            if self.has_offset() {
                let _ = write!(drawing, "<circle class=\"ring\" cx=\"{}\" cy=\"{}\" r=\"1.5\"/>", x + right, y + down);
            }
        }
        let text =
            "<h1>Back</h1>\n<p>Hold the other side towards you: its scales say what these crosses are off by.</p>";
        self.side("back", &drawing, &[("before", text)])
    }

    /// Whether backs are moved already.
    fn has_offset(&self) -> bool {
        self.options.back_offset.iter().any(|length| length.abs() > 0.0)
    }

    fn side(&self, name: &str, drawing: &str, texts: &[(&str, &str)]) -> String {
        let [width, height] = self.page;
        let mut html = format!(
            "<section class=\"{name}\">\n<svg viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">{drawing}</svg>\n"
        );
        for (class, text) in texts {
            let _ = writeln!(html, "<div class=\"{class}\">{text}</div>");
        }
        html.push_str("</section>\n");
        html
    }

    /// The places of the targets on the front, and how far their scales go.
    fn targets(&self) -> [([f32; 2], u8); 5] {
        let [width, height] = self.page;
        let [right, bottom] = [width - INSET, height - INSET];
        [
            ([width / 2.0, height / 2.0], MIDDLE),
            ([INSET, INSET], CORNER),
            ([right, INSET], CORNER),
            ([INSET, bottom], CORNER),
            ([right, bottom], CORNER),
        ]
    }

    /// The place on the back that lies behind one on the front.
    fn behind(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let [width, height] = self.page;
        if self.is_sideways { [width - x, y] } else { [x, height - y] }
    }

    /// What each millimetre to the right and down on the front counts. Seen through the paper, what is too far to the right
    /// on the back of a sheet that is turned sideways lies too far to the left, and has to go to the right as seen from the
    /// front; what is too far down lies too far down, and has to go up. Turned the other way, right stays right.
    fn signs(&self) -> [i16; 2] {
        if self.is_sideways { [1, -1] } else { [-1, 1] }
    }

    /// A level scale below a point, and an upright one to its left, as the axes of a graph.
    fn scales(&self, [x, y]: [f32; 2], reach: u8, drawing: &mut String) {
        let [sign_x, sign_y] = self.signs();
        let (base, side) = (y + f32::from(reach) + AXES, x - f32::from(reach) - AXES);
        let reach = i16::from(reach);
        let mut path = String::new();
        for half in -2 * reach..=2 * reach {
            let at = f32::from(half) / 2.0;
            let length = match (half % 10 == 0, half % 2 == 0) {
                (true, _) => 2.0,
                (false, true) => 1.3,
                (false, false) => 0.7,
            };
            let _ = write!(path, "M{} {base}v-{length}M{side} {}h{length}", x + at, y + at);
            if half % 10 == 0 {
                let (across, down) = (signed(sign_x * half / 2), signed(sign_y * half / 2));
                let _ = write!(drawing, "<text x=\"{}\" y=\"{}\" class=\"middle\">{across}</text>", x + at, base + 2.8);
                let _ =
                    write!(drawing, "<text x=\"{}\" y=\"{}\" class=\"end\">{down}</text>", side - 0.8, y + at + 0.8);
            }
        }
        let reach = f32::from(reach);
        let _ = write!(path, "M{} {base}H{}M{side} {}V{}", x - reach, x + reach, y - reach, y + reach);
        let _ = write!(drawing, "<path d=\"{path}\"/><circle cx=\"{x}\" cy=\"{y}\" r=\"0.4\"/>");
    }

    /// Which of the numbers is read where.
    fn captions(&self, drawing: &mut String) {
        let [x, y] = self.page.map(|length| length / 2.0);
        let away = f32::from(MIDDLE) + AXES + 6.2;
        let _ = write!(
            drawing,
            "<text x=\"{x}\" y=\"{}\" class=\"middle caption\">1st number</text>\
             <text transform=\"translate({} {y}) rotate(-90)\" class=\"middle caption\">2nd number</text>",
            y + away,
            x - away,
        );
    }

    /// A ruler at the lower edge, and one on the left.
    fn rulers(&self, drawing: &mut String) {
        let [width, height] = self.page;
        let half = f32::from(RULER) / 2.0;
        let (left, top) = (width / 2.0 - half, height / 2.0 - half);
        // Between the scales in the corners, where they leave room for it.
        let is_narrow = width < f32::from(RULER) + 2.0 * (INSET + f32::from(CORNER) + 2.0 * AXES + BEYOND);
        let (base, side) = (height - INSET - if is_narrow { 12.0 } else { 0.0 }, INSET + 12.0);
        let mut path = String::new();
        for millimetre in 0..=RULER {
            let length = if millimetre % 10 == 0 {
                3.0
            } else if millimetre % 5 == 0 {
                2.0
            } else {
                1.2
            };
            let at = f32::from(millimetre);
            let _ = write!(path, "M{} {base}v-{length}M{side} {}h{length}", left + at, top + at);
            if millimetre % 50 == 0 {
                let unit = if millimetre == RULER { " mm" } else { "" };
                let (x, y) = (left + at, top + at);
                let _ =
                    write!(drawing, "<text x=\"{x}\" y=\"{}\" class=\"middle\">{millimetre}{unit}</text>", base - 3.8);
                let _ = write!(drawing, "<text x=\"{}\" y=\"{}\">{millimetre}{unit}</text>", side + 3.8, y + 0.8);
            }
        }
        let _ = write!(path, "M{left} {base}H{}M{side} {top}V{}", left + 2.0 * half, top + 2.0 * half);
        let _ = write!(drawing, "<path d=\"{path}\"/>");
    }

    /// Stairs at the middle of each edge: a stroke for each millimetre.
    fn edges(&self, drawing: &mut String) {
        let [width, height] = self.page;
        let step = 4.0;
        let half = f32::from(EDGE) * step / 2.0;
        let mut path = String::new();
        for millimetre in 1..=EDGE {
            let at = f32::from(millimetre);
            let along = (at - 1.0) * step - half;
            let (x, y) = (width / 2.0 + along, height / 2.0 + along);
            let (far_x, far_y) = (width - at, height - at);
            let _ = write!(path, "M{x} {at}h{step}M{x} {far_y}h{step}M{at} {y}v{step}M{far_x} {y}v{step}");
            let (x, y) = (x + step / 2.0, y + step / 2.0 + 0.8);
            let _ = write!(
                drawing,
                "<g class=\"edge\"><text x=\"{x}\" y=\"{}\">{millimetre}</text><text x=\"{x}\" y=\"{}\">{millimetre}</text>\
                 <text x=\"{}\" y=\"{y}\">{millimetre}</text><text x=\"{}\" y=\"{y}\">{millimetre}</text></g>",
                at + 2.3,
                far_y - 0.7,
                at + 1.6,
                far_x - 1.6
            );
        }
        let _ = write!(drawing, "<path d=\"{path}\"/>");
    }

    fn settings(&self) -> String {
        let [width, height] = self.page;
        let way = if width > height { "landscape" } else { "portrait" };
        let sides = match self.options.duplex {
            Duplex::Short => "two-sided, turned at the short edge",
            Duplex::Manual => {
                "page 1, then the sheet turned over at its long edge and put back so that the same edge goes in first, then page 2"
            }
            Duplex::Long | Duplex::None | Duplex::Fold => "two-sided, turned at the long edge",
        };
        format!("{}, {way}, 100 % (no scaling), no margins, {sides}", self.options.paper)
    }
}

/// A number with its sign, so that it can be written as it stands.
fn signed(number: i16) -> String {
    if number < 0 { format!("−{}", -number) } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::print::{Paper, Preset};

    fn sheet(preset: &str, duplex: &str) -> Sheet {
        let (preset, duplex) = (preset.parse().unwrap(), duplex.parse().unwrap());
        let options = PrintOptions { preset, duplex, ..PrintOptions::default() };
        let grid = Grid::new(&options);
        Sheet { page: grid.page, is_sideways: layout::turns_sideways(&grid, duplex), options }
    }

    /// A printer puts the back off by so much, to the right and down as the back is read: what is read on the front.
    fn read(sheet: &Sheet, [right, down]: [f32; 2]) -> [f32; 2] {
        let (front, _) = sheet.targets()[1];
        let [x, y] = sheet.behind(front);
        let [x, y] = sheet.behind([x + right, y + down]);
        let [sign_x, sign_y] = sheet.signs().map(f32::from);
        [sign_x * (x - front[0]), sign_y * (y - front[1])]
    }

    #[test]
    fn what_is_read_takes_the_back_to_where_it_belongs() {
        for preset in ["8", "4"] {
            for duplex in ["long", "short", "manual"] {
                let [x, y] = read(&sheet(preset, duplex), [1.5, -2.0]);
                assert!((x + 1.5).abs() < 0.001 && (y - 2.0).abs() < 0.001, "{preset} {duplex}: {x} {y}");
            }
        }
    }

    #[test]
    fn all_lies_on_the_paper_whatever_it_is() {
        for &(paper, name) in Paper::ALL {
            for &(preset, _) in Preset::ALL {
                let html = calibration(&PrintOptions { paper, preset, ..PrintOptions::default() });
                let [width, height] = Grid::new(&PrintOptions { paper, preset, ..PrintOptions::default() }).page;
                let lengths = |name: &str| {
                    let start = format!(" {name}=\"");
                    let found: Vec<f32> = html
                        .split(&start)
                        .skip(1)
                        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
                        .collect();
                    found
                };
                assert!(lengths("x").iter().all(|x| (0.0..=width).contains(x)), "{name}");
                assert!(lengths("y").iter().all(|y| (0.0..=height).contains(y)), "{name}");
                assert!(width.min(height) / 2.0 - f32::from(RULER) / 2.0 >= INSET + f32::from(CORNER), "{name}");
            }
        }
    }

    #[test]
    fn the_ring_is_there_where_an_offset_is() {
        let with = |back_offset| calibration(&PrintOptions { back_offset, ..PrintOptions::default() });
        assert!(!with([0.0; 2]).contains("class=\"ring\""));
        // The middle of A4, and the offset.
        let html = with([0.5, -1.0]);
        assert!(html.contains("class=\"ring\" cx=\"105.5\" cy=\"147.5\"") && html.contains("0.5 -1"), "{html}");
        assert!(html.starts_with(CALIBRATION_MARK));
    }
}
