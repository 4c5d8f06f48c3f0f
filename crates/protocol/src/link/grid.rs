//! A grid as text.

use super::bytes::{Reader, Writer};
use super::{GRID, WORDED_SHEET, begin, open, seal};
use super::{bad, class_code, class_of, read_sampling};
use crate::{Axis, Failure, Grid, Sheet};

use super::limits::check_grid;

const NONE: u8 = 0;
const STEPS: u8 = 1;
const GUIDANCE: u8 = 2;
const SEED: u8 = 3;
const TEMPERATURE: u8 = 4;
const CLASS: u8 = 5;
const MODEL: u8 = 6;

/// The text of a grid; see [`super::encode`].
pub fn encode_grid(grid: &Grid) -> String {
    let base = &grid.base;
    let kind = GRID + base.words.as_ref().map_or(0, |_| WORDED_SHEET);
    let mut writer = begin(kind, &base.model, &base.weights, base.sampling);
    writer.number(base.seed);
    writer.byte(class_code(base.class));
    writer.fraction(base.temperature);
    write_axis(&mut writer, Some(&grid.across));
    write_axis(&mut writer, grid.down.as_ref());
    if let Some(words) = &base.words {
        writer.text(words);
    }
    seal(writer)
}

/// The grid of a text. Its base counts one picture.
///
/// # Errors
/// As [`super::decode`], with the limits of [`super::check_grid`].
pub fn decode_grid(text: &str) -> Result<Grid, Failure> {
    let payload = open(text, GRID)?;
    let mut reader = Reader::new(&payload[2..]);
    let (model, weights) = (reader.name()?, reader.array()?);
    let sampling = read_sampling(&mut reader, payload[1])?;
    let (seed, class) = (reader.number()?, class_of(reader.byte()?));
    let temperature = reader.fraction()?;
    let across = read_axis(&mut reader)?.ok_or_else(|| bad("it has no columns"))?;
    let down = read_axis(&mut reader)?;
    let words = if payload[1] & WORDED_SHEET == 0 {
        None
    } else {
        Some(reader.text()?)
    };
    reader.end()?;
    let grid = Grid {
        base: Sheet {
            model,
            weights,
            seed,
            class,
            temperature,
            words,
            count: 1,
            sampling,
        },
        across,
        down,
    };
    check_grid(&grid)?;
    Ok(grid)
}

fn write_axis(writer: &mut Writer, axis: Option<&Axis>) {
    let Some(axis) = axis else {
        writer.byte(NONE);
        return;
    };
    let begin = |writer: &mut Writer, kind| {
        writer.byte(kind);
        writer.number(axis.len() as u64);
    };
    match axis {
        Axis::Steps(values) => {
            begin(writer, STEPS);
            values.iter().for_each(|&steps| writer.number(steps.into()));
        }
        Axis::Guidance(values) => {
            begin(writer, GUIDANCE);
            values.iter().for_each(|&scale| writer.fraction(scale));
        }
        Axis::Seed(values) => {
            begin(writer, SEED);
            values.iter().for_each(|&seed| writer.number(seed));
        }
        Axis::Temperature(values) => {
            begin(writer, TEMPERATURE);
            values.iter().for_each(|&value| writer.fraction(value));
        }
        Axis::Class(values) => {
            begin(writer, CLASS);
            values.iter().for_each(|&class| writer.byte(class));
        }
        Axis::Model(values) => {
            begin(writer, MODEL);
            for (name, weights) in values {
                writer.name(name);
                writer.bytes(weights);
            }
        }
    }
}

fn read_axis(reader: &mut Reader<'_>) -> Result<Option<Axis>, Failure> {
    let kind = reader.byte()?;
    if kind == NONE {
        return Ok(None);
    }
    let count = reader.small()? as usize;
    // Before anything is reserved for them.
    super::limits::check_axis_length(count)?;
    let steps = |reader: &mut Reader<'_>| {
        u16::try_from(reader.small()?).map_err(|_| bad("it takes too many steps"))
    };
    Ok(Some(match kind {
        STEPS => Axis::Steps(many(reader, count, steps)?),
        GUIDANCE => Axis::Guidance(many(reader, count, Reader::fraction)?),
        SEED => Axis::Seed(many(reader, count, Reader::number)?),
        TEMPERATURE => Axis::Temperature(many(reader, count, Reader::fraction)?),
        CLASS => Axis::Class(many(reader, count, Reader::byte)?),
        MODEL => Axis::Model(many(reader, count, |reader| {
            Ok((reader.name()?, reader.array()?))
        })?),
        _ => return Err(bad("it turns a knob of an unknown kind")),
    }))
}

fn many<'a, T>(
    reader: &mut Reader<'a>,
    count: usize,
    read: impl Fn(&mut Reader<'a>) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    (0..count).map(|_| read(reader)).collect()
}
