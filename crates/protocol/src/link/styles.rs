//! Points of a style-based generator in a link.
//!
//! Pushes are their count, then for each the direction, the level and the amount;
//! styles their unit, grain and count, then a byte each.

use super::bad;
use super::bytes::{Reader, Writer};
use super::limits::check_fraction;
use crate::{Failure, Level, Nudge, StyleConfig};

/// Most numbers that styles found for a picture may have.
const MAX_VALUES: usize = StyleConfig::LAYERS * 256;

/// Largest unit of styles.
const MAX_UNIT: f32 = 1.0;

pub(super) fn write_nudges(writer: &mut Writer, nudges: &[Nudge]) {
    writer.number(nudges.len() as u64);
    for nudge in nudges {
        writer.byte(nudge.direction);
        let level = Level::ALL.iter().position(|level| *level == nudge.level);
        writer.byte(level.unwrap_or(0) as u8);
        writer.fraction(nudge.amount);
    }
}

pub(super) fn read_nudges(reader: &mut Reader<'_>) -> Result<Vec<Nudge>, Failure> {
    let count = reader.small()? as usize;
    // Before anything is reserved for them.
    check_count(count)?;
    (0..count)
        .map(|_| {
            let direction = reader.byte()?;
            let level = usize::from(reader.byte()?);
            Ok(Nudge {
                direction,
                level: *Level::ALL
                    .get(level)
                    .ok_or_else(|| bad("it pushes layers of an unknown kind"))?,
                amount: reader.fraction()?,
            })
        })
        .collect()
}

pub(super) fn write_values(writer: &mut Writer, values: &[i8], unit: f32, grain: u64) {
    writer.fraction(unit);
    writer.number(grain);
    writer.number(values.len() as u64);
    let bytes: Vec<u8> = values.iter().map(|&value| value as u8).collect();
    writer.bytes(&bytes);
}

/// Values, unit and grain.
pub(super) fn read_values(reader: &mut Reader<'_>) -> Result<(Vec<i8>, f32, u64), Failure> {
    let unit = reader.fraction()?;
    let grain = reader.number()?;
    let count = reader.small()? as usize;
    check_value_count(count)?;
    let bytes = reader.slice(count)?;
    Ok((bytes.iter().map(|&byte| byte as i8).collect(), unit, grain))
}

pub(super) fn check_nudges(nudges: &[Nudge]) -> Result<(), Failure> {
    check_count(nudges.len())?;
    nudges.iter().try_for_each(|nudge| {
        if usize::from(nudge.direction) >= StyleConfig::MAX_DIRECTIONS {
            return Err(bad(&format!(
                "directions go from 0 to {}",
                StyleConfig::MAX_DIRECTIONS - 1
            )));
        }
        let most = Nudge::MAX_AMOUNT;
        check_fraction("push", nudge.amount, -most, most)
    })
}

pub(super) fn check_from(from: u8) -> Result<(), Failure> {
    if usize::from(from) <= StyleConfig::LAYERS {
        Ok(())
    } else {
        Err(bad(&format!(
            "styles are mixed at layer 0 to {}, not {from}",
            StyleConfig::LAYERS
        )))
    }
}

pub(super) fn check_values(values: &[i8], unit: f32) -> Result<(), Failure> {
    check_value_count(values.len())?;
    check_fraction("unit of styles", unit, 0.0, MAX_UNIT)
}

fn check_count(count: usize) -> Result<(), Failure> {
    if (1..=Nudge::MAX).contains(&count) {
        Ok(())
    } else {
        Err(bad(&format!(
            "a picture is pushed along 1 to {} directions, not {count}",
            Nudge::MAX
        )))
    }
}

fn check_value_count(count: usize) -> Result<(), Failure> {
    if (1..=MAX_VALUES).contains(&count) && count.is_multiple_of(StyleConfig::LAYERS) {
        Ok(())
    } else {
        Err(bad(&format!(
            "styles have up to {MAX_VALUES} numbers, as many in each of {} layers, not {count}",
            StyleConfig::LAYERS
        )))
    }
}
