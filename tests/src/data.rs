//! A data set small enough for a test.

use lampwork_datasets::split::Splits;
use lampwork_datasets::{Captioned, CaptionedCard, Concept, Drawings, Examples, Packed, sources};
use lampwork_models::Noise;
use lampwork_protocol::{DataSet, PICTURE_PIXELS, PICTURE_SIDE, Shape};
use lampwork_words::{Parts, Table, WordsCard};

/// Training, validation and test examples of [`packed`].
pub const COUNTS: [usize; 3] = [40, 20, 20];

/// Ten kinds of pictures: a bright bar at a place of the kind's own, with noise.
pub fn packed(data: DataSet) -> Packed {
    let mut noise = Noise::new(1, 0);
    let [train, validation, test] = COUNTS.map(|count| bars(count, &mut noise));
    let splits = Splits {
        train,
        validation,
        test,
    };
    Packed::new(splits, sources::card(data, "Bars, for tests."))
}

fn bars(count: usize, noise: &mut Noise) -> Examples {
    let mut examples = Examples::default();
    for index in 0..count {
        let class = index % 10;
        let shades = noise.uniform(PICTURE_PIXELS);
        for (place, shade) in shades.iter().enumerate() {
            let row = place / PICTURE_SIDE;
            let bright = (2 * class + 3..2 * class + 7).contains(&row);
            let base = if bright { 180.0 } else { 0.0 };
            examples.pictures.push((base + 60.0 * shade) as u8);
        }
        examples.labels.push(class as u8);
    }
    examples
}

/// The words that [`words`] knows, beside "the", which weighs nothing; and the
/// colour of each.
const COLOURS: [(&str, &str, [u8; 3]); 4] = [
    ("red", "红", [220, 30, 30]),
    ("green", "绿", [30, 180, 60]),
    ("blue", "蓝", [40, 60, 220]),
    ("yellow", "黄", [240, 220, 40]),
];

/// A table of four colours in two languages, each with an axis of its own.
pub fn words() -> Table {
    let mut parts = Parts {
        dimensions: COLOURS.len(),
        ..Parts::default()
    };
    let mut add = |word: &str, axis: Option<usize>| {
        parts.words.push(word.to_owned());
        parts.scales.push(axis.map_or(0.0, |_| 1.0 / 127.0));
        let row = (0..COLOURS.len()).map(|at| if Some(at) == axis { 127 } else { 0 });
        parts.vectors.extend(row);
    };
    add("the", None);
    for (axis, (en, zh, _)) in COLOURS.into_iter().enumerate() {
        add(en, Some(axis));
        add(zh, Some(axis));
    }
    let card = WordsCard::new("Colours, for tests", "CC0-1.0", Vec::new(), "For tests.");
    Table::new(parts, card).expect("a sound table")
}

/// Coloured squares of four sizes, which are the styles, as if they were emoji:
/// red and green to train on, blue to validate, yellow to test.
pub fn squares() -> Captioned {
    let shape = Shape::COLOUR;
    let concepts = COLOURS.map(|(en, zh, _)| Concept {
        name: en.to_owned(),
        en: format!("the {en} square"),
        zh: zh.to_owned(),
        tags_en: vec![en.to_owned()],
        ..Concept::default()
    });
    let drawings = |colours: &[u16]| {
        let mut drawn = Drawings::default();
        for &concept in colours {
            for style in 0..4_u8 {
                let inside = usize::from(4 + 3 * style)..usize::from(28 - 3 * style);
                for place in 0..shape.side * shape.side {
                    let (x, y) = (place % shape.side, place / shape.side);
                    let square = inside.contains(&x) && inside.contains(&y);
                    let colour = COLOURS[usize::from(concept)].2;
                    drawn
                        .pictures
                        .extend(if square { colour } else { [255; 3] });
                }
                drawn.concepts.push(concept);
                drawn.styles.push(style);
            }
        }
        drawn
    };
    let card = CaptionedCard::new(
        DataSet::Emoji,
        "Squares, for tests",
        Vec::new(),
        "For tests.",
    );
    Captioned::new(
        shape.side,
        concepts.to_vec(),
        ["flat", "3d", "noto", "twemoji"]
            .map(str::to_owned)
            .to_vec(),
        [drawings(&[0, 1, 0, 1]), drawings(&[2]), drawings(&[3])],
        card,
    )
    .expect("a sound set")
}
