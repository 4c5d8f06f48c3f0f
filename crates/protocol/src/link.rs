//! A recipe as text: the share link and the metadata of an exported picture.
//!
//! The text is base64url, without padding, of
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version of the form, [`VERSION`] |
//! | 1 | what follows: `0` a [`Recipe`], `1` a [`Sheet`], `8` a [`Grid`], `16` a [`TextRecipe`], `32` a [`Motion`], `56` a [`Scroll`], `64` a recipe that begins with a picture ([`Start`]); 2 more where a [`Sampling`] follows, 4 more for a sheet or a grid with words |
//! | 1 + n | the model's name: its length, then its letters |
//! | 8 | the weights' hash |
//! | .. | the sampling, where there is one: steps, guidance, solver (0 Euler, 1 Heun, 2 leaps) |
//! | .. | the latent expression in prefix order, or the knobs of a sheet or a grid, its words last, or what a text was written with ([`encode_text`]), or frames a second, ends and course of a clip, or the hand, the way, the text and the seal of a scroll |
//! | .. | the start, where there is one: strength, a byte (1 for colour, 2 for a mask), and the length and bytes of picture and mask, squeezed |
//! | 4 | CRC-32 of all the above, little-endian |
//!
//! Whole numbers are LEB128 varints; fractions are the exact little-endian bits
//! of an `f32`; words are their length in bytes and their UTF-8. A point of the
//! latent space begins with a byte whose low half says its kind and whose high
//! half, of a leaf, its class + 1 (0 for none). A grid has an axis for its columns
//! and one for its rows: a byte for the knob (0 for no rows), how many values, and
//! the values.
//!
//! Each recipe has exactly one text. The checksum tells a link that was cut or
//! mistyped from a good one; it is no proof of who made it, so everything read
//! is checked against the limits of [`check`]. A later version of the form must
//! keep the first byte and the last four, so that it can be told from damage.
//!
//! ```
//! use lampwork_protocol::{Latent, Recipe, link};
//!
//! let recipe = Recipe {
//!     model: "gan-fashion".to_owned(),
//!     weights: [1, 2, 3, 4, 5, 6, 7, 8],
//!     latent: Latent::Draw { seed: 7, index: 0, temperature: 1.0, class: Some(9) },
//!     sampling: None,
//!     start: None,
//! };
//! let text = link::encode(&recipe);
//! assert!(text.len() < 64);
//! assert_eq!(link::decode(&text), Ok(recipe));
//! ```

mod bytes;
mod grid;
#[cfg(test)]
mod grid_tests;
mod limits;
mod motion;
#[cfg(test)]
mod motion_tests;
mod scroll;
mod squeeze;
mod styles;
#[cfg(test)]
mod styles_tests;
#[cfg(test)]
mod tests;
mod text;
#[cfg(test)]
mod text_tests;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

#[cfg(doc)]
use crate::words::TextRecipe;
use crate::{Failure, Grid, Latent, Motion, Recipe, Sampling, Scroll, Shape, Sheet, Solver, Start};
use bytes::{Reader, Writer, crc32};

pub use grid::{decode_grid, encode_grid};
pub use limits::{
    MAX_CLASSES, MAX_COORDINATE, MAX_PICTURES, MAX_TEMPERATURE, check, check_grid, check_motion,
    check_sheet,
};
pub use motion::{decode_motion, encode_motion};
pub use scroll::{check_scroll, decode_scroll, encode_scroll};
pub use text::{check_prompt, check_text, decode_text, encode_text};

/// Version of the form written now, and the newest that is read.
pub const VERSION: u8 = 1;

/// Longest text that is read.
pub const MAX_LENGTH: usize = 16 << 10;

const RECIPE: u8 = 0;
const SHEET: u8 = 1;
const GRID: u8 = 8;
const TEXT: u8 = 16;
const MOTION: u8 = 32;
const SCROLL: u8 = 56;
/// A recipe that begins with a picture.
const STARTED: u8 = 64;
/// Added to any where a sampling follows.
const SAMPLED: u8 = 2;
/// Added to a sheet's or a grid's where words follow.
const WORDED_SHEET: u8 = 4;

const EULER: u8 = 0;
const HEUN: u8 = 1;
const SHORTCUT: u8 = 2;

const DRAW: u8 = 0;
const AT: u8 = 1;
const BLEND: u8 = 2;
const ARITHMETIC: u8 = 3;
const NEAR: u8 = 4;
const WORDED: u8 = 5;
const PUSHED: u8 = 6;
const CROSSED: u8 = 7;
const STYLES: u8 = 8;

/// The text of a recipe: letters, digits, `-` and `_`.
///
/// A recipe that fails [`check`] gets a text that [`decode`] refuses.
pub fn encode(recipe: &Recipe) -> String {
    let kind = recipe.start.as_ref().map_or(RECIPE, |_| STARTED);
    let mut writer = begin(kind, &recipe.model, &recipe.weights, recipe.sampling);
    write_latent(&mut writer, &recipe.latent);
    if let Some(start) = &recipe.start {
        write_start(&mut writer, start);
    }
    seal(writer)
}

/// The recipe of a text.
///
/// # Errors
/// [`Failure::BadRecipe`] where the text is damaged or breaks a limit of
/// [`check`]; [`Failure::NewerRecipe`] where a later version wrote it.
pub fn decode(text: &str) -> Result<Recipe, Failure> {
    let payload = open(text, RECIPE)?;
    let mut reader = Reader::new(&payload[2..]);
    let (model, weights) = (reader.name()?, reader.array()?);
    let sampling = read_sampling(&mut reader, payload[1])?;
    let recipe = Recipe {
        model,
        weights,
        latent: read_latent(&mut reader, Latent::MAX_DEPTH)?,
        sampling,
        start: match payload[1] & STARTED {
            0 => None,
            _ => Some(read_start(&mut reader)?),
        },
    };
    reader.end()?;
    check(&recipe)?;
    Ok(recipe)
}

/// What a text holds that a picture file or a link may carry.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// One picture.
    Picture(Recipe),
    /// Several, side by side.
    Grid(Grid),
    /// Several, one after another.
    Motion(Motion),
    /// A line of characters.
    Scroll(Scroll),
}

/// The picture, the grid, the clip or the scroll of a text.
///
/// # Errors
/// As [`decode`].
pub fn decode_any(text: &str) -> Result<Content, Failure> {
    if open(text, GRID).is_ok() {
        return decode_grid(text).map(Content::Grid);
    }
    if open(text, MOTION).is_ok() {
        return decode_motion(text).map(Content::Motion);
    }
    if open(text, SCROLL).is_ok() {
        return decode_scroll(text).map(Content::Scroll);
    }
    // Whatever else it is, or what is wrong with it, is said by this.
    decode(text).map(Content::Picture)
}

/// The text of a sheet; see [`encode`].
pub fn encode_sheet(sheet: &Sheet) -> String {
    let kind = SHEET + sheet.words.as_ref().map_or(0, |_| WORDED_SHEET);
    let mut writer = begin(kind, &sheet.model, &sheet.weights, sheet.sampling);
    writer.number(sheet.seed);
    writer.byte(class_code(sheet.class));
    writer.fraction(sheet.temperature);
    writer.number(u64::from(sheet.count));
    if let Some(words) = &sheet.words {
        writer.text(words);
    }
    seal(writer)
}

/// The sheet of a text.
///
/// # Errors
/// As [`decode`], with the limits of [`check_sheet`].
pub fn decode_sheet(text: &str) -> Result<Sheet, Failure> {
    let payload = open(text, SHEET)?;
    let mut reader = Reader::new(&payload[2..]);
    let (model, weights) = (reader.name()?, reader.array()?);
    let sampling = read_sampling(&mut reader, payload[1])?;
    let sheet = Sheet {
        model,
        weights,
        seed: reader.number()?,
        class: class_of(reader.byte()?),
        temperature: reader.fraction()?,
        count: reader.small()?,
        words: if payload[1] & WORDED_SHEET == 0 {
            None
        } else {
            Some(reader.text()?)
        },
        sampling,
    };
    reader.end()?;
    check_sheet(&sheet)?;
    Ok(sheet)
}

fn begin(what: u8, model: &str, weights: &[u8; 8], sampling: Option<Sampling>) -> Writer {
    let mut writer = Writer::new();
    writer.byte(VERSION);
    writer.byte(what + sampling.map_or(0, |_| SAMPLED));
    writer.name(model);
    writer.bytes(weights);
    if let Some(sampling) = sampling {
        writer.number(u64::from(sampling.steps));
        writer.fraction(sampling.guidance);
        writer.byte(match sampling.solver {
            Solver::Euler => EULER,
            Solver::Heun => HEUN,
            Solver::Shortcut => SHORTCUT,
        });
    }
    writer
}

/// The sampling of a text of this kind, if it has one.
fn read_sampling(reader: &mut Reader<'_>, kind: u8) -> Result<Option<Sampling>, Failure> {
    if kind & SAMPLED == 0 {
        return Ok(None);
    }
    Ok(Some(Sampling {
        steps: u16::try_from(reader.small()?).map_err(|_| bad("it takes too many steps"))?,
        guidance: reader.fraction()?,
        solver: match reader.byte()? {
            EULER => Solver::Euler,
            HEUN => Solver::Heun,
            SHORTCUT => Solver::Shortcut,
            _ => return Err(bad("it takes steps of an unknown kind")),
        },
    }))
}

/// Bits of the byte that says what a start has.
const COLOURED: u8 = 1;
const MASKED: u8 = 2;

/// A start whose picture is of no size that there is gets a text that is refused.
fn write_start(writer: &mut Writer, start: &Start) {
    writer.fraction(start.strength);
    let shape = start.shape().unwrap_or(Shape::NONE);
    let mask = start.mask.as_deref();
    let fits = mask.is_none_or(|mask| mask.len() == Start::mask_bytes(shape));
    let colour = if shape == Shape::COLOUR { COLOURED } else { 0 };
    writer.byte(colour | mask.map_or(0, |_| MASKED));
    let squeezed = if shape != Shape::NONE && fits {
        squeeze::squeeze(&start.picture, mask, shape)
    } else {
        vec![]
    };
    writer.number(squeezed.len() as u64);
    writer.bytes(&squeezed);
}

fn read_start(reader: &mut Reader<'_>) -> Result<Start, Failure> {
    let strength = reader.fraction()?;
    let what = reader.byte()?;
    if what > COLOURED | MASKED {
        return Err(bad("it begins with a picture of an unknown kind"));
    }
    let shape = match what & COLOURED {
        0 => Shape::GREY,
        _ => Shape::COLOUR,
    };
    let length = reader.small()? as usize;
    if length > squeeze::MAX_CODED {
        return Err(bad("the picture that it begins with is too large"));
    }
    let squeezed = reader.slice(length)?;
    let (picture, mask) = squeeze::expand(squeezed, what & MASKED != 0, shape)
        .ok_or_else(|| bad("the picture that it begins with is damaged"))?;
    Ok(Start {
        picture,
        strength,
        mask,
    })
}

fn seal(mut writer: Writer) -> String {
    let checksum = crc32(writer.written());
    writer.bytes(&checksum.to_le_bytes());
    URL_SAFE_NO_PAD.encode(writer.written())
}

/// What stands before the checksum, if the text is whole and of the kind `what`.
fn open(text: &str, what: u8) -> Result<Vec<u8>, Failure> {
    if text.len() > MAX_LENGTH {
        return Err(bad("it is too long"));
    }
    let mut payload = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| bad("it is cut short or holds letters that no recipe has"))?;
    let checksum = payload.split_off(payload.len().saturating_sub(4));
    if payload.len() < 2 || checksum != crc32(&payload).to_le_bytes() {
        return Err(bad("a letter is missing or changed"));
    }
    match payload[0] {
        VERSION => {}
        0 => return Err(bad("there is no version 0")),
        found => {
            return Err(Failure::NewerRecipe {
                found: u32::from(found),
                known: u32::from(VERSION),
            });
        }
    }
    let kind = match payload[1] & !SAMPLED {
        kind if kind == SHEET + WORDED_SHEET => SHEET,
        kind if kind == GRID + WORDED_SHEET => GRID,
        STARTED => RECIPE,
        kind => kind,
    };
    match (kind, what) {
        (found, wanted) if found == wanted => Ok(payload),
        (SHEET, RECIPE) => Err(bad("it is of a sheet, not of one picture")),
        (RECIPE, SHEET) => Err(bad("it is of one picture, not of a sheet")),
        (GRID, RECIPE) => Err(bad("it is of a grid, not of one picture")),
        (RECIPE, GRID) => Err(bad("it is of one picture, not of a grid")),
        (SHEET, GRID) | (GRID, SHEET) => Err(bad("a sheet is no grid")),
        (MOTION, RECIPE | SHEET | GRID) => {
            Err(bad("it is of a clip, not of pictures side by side"))
        }
        (RECIPE | SHEET | GRID, MOTION) => {
            Err(bad("it is of pictures that stand still, not of a clip"))
        }
        (SCROLL, _) => Err(bad("it is of a scroll, not of a picture")),
        (_, SCROLL) => Err(bad("it is of no scroll")),
        (TEXT, _) => Err(bad("it is of a text, not of a picture")),
        (RECIPE | SHEET | GRID | MOTION, TEXT) => Err(bad("it is of pictures, not of a text")),
        _ => Err(bad("it is of no known kind")),
    }
}

fn bad(reason: &str) -> Failure {
    Failure::BadRecipe {
        reason: reason.to_owned(),
    }
}

/// 0 for none, else the class + 1.
fn class_code(class: Option<u8>) -> u8 {
    class.map_or(0, |class| class.saturating_add(1))
}

fn class_of(code: u8) -> Option<u8> {
    code.checked_sub(1)
}

fn write_latent(writer: &mut Writer, latent: &Latent) {
    // A class that does not fit in four bits is written as 15, which stands for
    // no class there is: the text is refused rather than read as another one.
    let leaf = |kind: u8, class: Option<u8>| kind | class_code(class).min(15) << 4;
    match latent {
        Latent::Draw {
            seed,
            index,
            temperature,
            class,
        } => {
            writer.byte(leaf(DRAW, *class));
            writer.number(*seed);
            writer.number(u64::from(*index));
            writer.fraction(*temperature);
        }
        Latent::At { z, class } => {
            writer.byte(leaf(AT, *class));
            writer.number(z.len() as u64);
            for &coordinate in z {
                writer.fraction(coordinate);
            }
        }
        Latent::Blend { a, b, t } => {
            writer.byte(BLEND);
            write_latent(writer, a);
            write_latent(writer, b);
            writer.fraction(*t);
        }
        Latent::Arithmetic { a, minus, plus } => {
            writer.byte(ARITHMETIC);
            write_latent(writer, a);
            write_latent(writer, minus);
            write_latent(writer, plus);
        }
        Latent::Worded { of, words } => {
            writer.byte(WORDED);
            writer.text(words);
            write_latent(writer, of);
        }
        Latent::Near {
            of,
            seed,
            index,
            amount,
        } => {
            writer.byte(NEAR);
            write_latent(writer, of);
            writer.number(*seed);
            writer.number(u64::from(*index));
            writer.fraction(*amount);
        }
        Latent::Pushed { of, nudges } => {
            writer.byte(PUSHED);
            write_latent(writer, of);
            styles::write_nudges(writer, nudges);
        }
        Latent::Crossed { coarse, fine, from } => {
            writer.byte(CROSSED);
            write_latent(writer, coarse);
            write_latent(writer, fine);
            writer.byte(*from);
        }
        Latent::Styles {
            values,
            unit,
            grain,
        } => {
            writer.byte(STYLES);
            styles::write_values(writer, values, *unit, *grain);
        }
    }
}

/// Reads an expression that nests at most `depth` deep.
fn read_latent(reader: &mut Reader<'_>, depth: usize) -> Result<Latent, Failure> {
    let Some(inner) = depth.checked_sub(1) else {
        return Err(limits::too_deep());
    };
    let code = reader.byte()?;
    let class = class_of(code >> 4);
    match (code & 15, class) {
        (DRAW, class) => Ok(Latent::Draw {
            seed: reader.number()?,
            index: reader.small()?,
            temperature: reader.fraction()?,
            class,
        }),
        (AT, class) => {
            let count = reader.small()? as usize;
            // Before anything is reserved for them.
            limits::check_dimensions(count)?;
            let z = (0..count)
                .map(|_| reader.fraction())
                .collect::<Result<_, _>>()?;
            Ok(Latent::At { z, class })
        }
        (BLEND, None) => Ok(Latent::Blend {
            a: Box::new(read_latent(reader, inner)?),
            b: Box::new(read_latent(reader, inner)?),
            t: reader.fraction()?,
        }),
        (ARITHMETIC, None) => Ok(Latent::Arithmetic {
            a: Box::new(read_latent(reader, inner)?),
            minus: Box::new(read_latent(reader, inner)?),
            plus: Box::new(read_latent(reader, inner)?),
        }),
        (WORDED, None) => Ok(Latent::Worded {
            words: reader.text()?,
            of: Box::new(read_latent(reader, inner)?),
        }),
        (NEAR, None) => Ok(Latent::Near {
            of: Box::new(read_latent(reader, inner)?),
            seed: reader.number()?,
            index: reader.small()?,
            amount: reader.fraction()?,
        }),
        (PUSHED, None) => Ok(Latent::Pushed {
            of: Box::new(read_latent(reader, inner)?),
            nudges: styles::read_nudges(reader)?,
        }),
        (CROSSED, None) => Ok(Latent::Crossed {
            coarse: Box::new(read_latent(reader, inner)?),
            fine: Box::new(read_latent(reader, inner)?),
            from: reader.byte()?,
        }),
        (STYLES, None) => {
            let (values, unit, grain) = styles::read_values(reader)?;
            Ok(Latent::Styles {
                values,
                unit,
                grain,
            })
        }
        _ => Err(bad("it holds a point of an unknown kind")),
    }
}
