//! What a recipe may ask for, whoever wrote it.

use super::{bad, styles};
use crate::{Axis, Course, Failure, Grid, Latent, Motion, Recipe, Sampling, Sheet, Solver, Start};

/// Classes are below this.
pub const MAX_CLASSES: u8 = 10;

/// Largest temperature.
pub const MAX_TEMPERATURE: f32 = 2.0;

/// Largest coordinate, either way, of a point given by its coordinates.
pub const MAX_COORDINATE: f32 = 1e4;

/// Most pictures of a sheet.
pub const MAX_PICTURES: u32 = 1024;

/// Longest name of a model.
const MAX_NAME: usize = 64;

/// Whether a recipe keeps the limits.
///
/// # Errors
/// [`Failure::BadRecipe`], naming the limit, where it does not.
pub fn check(recipe: &Recipe) -> Result<(), Failure> {
    check_name(&recipe.model)?;
    check_sampling(recipe.sampling.as_ref())?;
    if let Some(start) = &recipe.start {
        check_start(start)?;
        if recipe.leaps() {
            return Err(bad(
                "it begins with a picture, and leaps are learned from noise alone",
            ));
        }
    }
    check_latent(&recipe.latent, Latent::MAX_DEPTH)
}

fn check_start(start: &Start) -> Result<(), Failure> {
    let Some(shape) = start.shape() else {
        return Err(bad(&format!(
            "the picture that it begins with has {} values, which is no size of a picture",
            start.picture.len()
        )));
    };
    if let Some(mask) = &start.mask
        && mask.len() != Start::mask_bytes(shape)
    {
        return Err(bad(&format!(
            "its mask has {} bytes, and its picture takes {}",
            mask.len(),
            Start::mask_bytes(shape)
        )));
    }
    check_fraction("strength", start.strength, 0.0, 1.0)
}

/// Whether a sheet keeps the limits.
///
/// # Errors
/// [`Failure::BadRecipe`], naming the limit, where it does not.
pub fn check_sheet(sheet: &Sheet) -> Result<(), Failure> {
    check_name(&sheet.model)?;
    check_class(sheet.class)?;
    check_sampling(sheet.sampling.as_ref())?;
    sheet.words.as_deref().map_or(Ok(()), check_words)?;
    check_fraction("temperature", sheet.temperature, 0.0, MAX_TEMPERATURE)?;
    if !(1..=MAX_PICTURES).contains(&sheet.count) {
        return Err(bad(&format!(
            "a sheet has 1 to {MAX_PICTURES} pictures, not {}",
            sheet.count
        )));
    }
    Ok(())
}

/// Whether a grid keeps the limits: those of its sheet, of every value, and other
/// knobs across than down.
///
/// # Errors
/// [`Failure::BadRecipe`], naming the limit, where it does not.
pub fn check_grid(grid: &Grid) -> Result<(), Failure> {
    check_sheet(&grid.base)?;
    check_axis(&grid.across)?;
    if let Some(down) = &grid.down {
        check_axis(down)?;
        if down.same_knob(&grid.across) {
            return Err(bad("its columns and rows turn the same knob"));
        }
    }
    Ok(())
}

fn check_axis(axis: &Axis) -> Result<(), Failure> {
    check_axis_length(axis.len())?;
    match axis {
        Axis::Steps(values) => values.iter().try_for_each(|&steps| check_steps(steps)),
        Axis::Guidance(values) => values.iter().try_for_each(|&scale| check_guidance(scale)),
        Axis::Seed(_) => Ok(()),
        Axis::Temperature(values) => values.iter().try_for_each(|&temperature| {
            check_fraction("temperature", temperature, 0.0, MAX_TEMPERATURE)
        }),
        Axis::Class(values) => values
            .iter()
            .try_for_each(|&class| check_class(Some(class))),
        Axis::Model(values) => values.iter().try_for_each(|(name, _)| check_name(name)),
    }
}

/// Whether an axis may have so many values.
pub(super) fn check_axis_length(count: usize) -> Result<(), Failure> {
    if (1..=Axis::MAX).contains(&count) {
        Ok(())
    } else {
        Err(bad(&format!(
            "a grid has 1 to {} columns and rows, not {count}",
            Axis::MAX
        )))
    }
}

/// Whether a clip keeps the limits, and every still of it those of a recipe.
///
/// # Errors
/// [`Failure::BadRecipe`], naming the limit, where it does not.
pub fn check_motion(motion: &Motion) -> Result<(), Failure> {
    check_name(&motion.model)?;
    check_sampling(motion.sampling.as_ref())?;
    if !(1..=Motion::MAX_FPS).contains(&motion.fps) {
        return Err(bad(&format!(
            "a clip has 1 to {} frames a second, not {}",
            Motion::MAX_FPS,
            motion.fps
        )));
    }
    match &motion.course {
        Course::Walk { keys, frames, .. } => {
            check_key_count(keys.len())?;
            if !(2..=Motion::MAX_FRAMES).contains(frames) {
                return Err(bad(&format!(
                    "a walk has 2 to {} frames, not {frames}",
                    Motion::MAX_FRAMES
                )));
            }
            // Between two of them lies a blend, which nests one deeper.
            keys.iter()
                .try_for_each(|key| check_latent(key, Latent::MAX_DEPTH - 1))
        }
        Course::Path { of } => check_latent(of, Latent::MAX_DEPTH),
    }
}

/// Whether a walk may pass so many pictures.
pub(super) fn check_key_count(count: usize) -> Result<(), Failure> {
    if (1..=Motion::MAX_KEYS).contains(&count) {
        Ok(())
    } else {
        Err(bad(&format!(
            "a walk passes 1 to {} pictures, not {count}",
            Motion::MAX_KEYS
        )))
    }
}

fn check_sampling(sampling: Option<&Sampling>) -> Result<(), Failure> {
    let Some(sampling) = sampling else {
        return Ok(());
    };
    check_steps(sampling.steps)?;
    if sampling.solver == Solver::Shortcut
        && !(sampling.steps.is_power_of_two() && sampling.steps <= Sampling::MAX_LEAPS)
    {
        return Err(bad(&format!(
            "leaps are 1, 2, 4 or {}, not {}",
            Sampling::MAX_LEAPS,
            sampling.steps
        )));
    }
    check_guidance(sampling.guidance)
}

fn check_steps(steps: u16) -> Result<(), Failure> {
    if (1..=Sampling::MAX_STEPS).contains(&steps) {
        Ok(())
    } else {
        Err(bad(&format!(
            "a flow takes 1 to {} steps, not {steps}",
            Sampling::MAX_STEPS
        )))
    }
}

fn check_guidance(scale: f32) -> Result<(), Failure> {
    check_fraction("guidance", scale, 0.0, Sampling::MAX_GUIDANCE)
}

fn check_latent(latent: &Latent, depth: usize) -> Result<(), Failure> {
    let Some(inner) = depth.checked_sub(1) else {
        return Err(too_deep());
    };
    match latent {
        Latent::Draw {
            temperature, class, ..
        } => {
            check_class(*class)?;
            check_fraction("temperature", *temperature, 0.0, MAX_TEMPERATURE)
        }
        Latent::At { z, class } => {
            check_class(*class)?;
            check_dimensions(z.len())?;
            z.iter().try_for_each(|&coordinate| {
                check_fraction("coordinate", coordinate, -MAX_COORDINATE, MAX_COORDINATE)
            })
        }
        Latent::Blend { a, b, t } => {
            check_fraction("blend", *t, 0.0, 1.0)?;
            check_latent(a, inner)?;
            check_latent(b, inner)
        }
        Latent::Arithmetic { a, minus, plus } => {
            check_latent(a, inner)?;
            check_latent(minus, inner)?;
            check_latent(plus, inner)
        }
        Latent::Worded { of, words } => {
            check_words(words)?;
            check_latent(of, inner)
        }
        Latent::Near { of, amount, .. } => {
            check_fraction("amount", *amount, 0.0, 1.0)?;
            check_latent(of, inner)
        }
        Latent::Pushed { of, nudges } => {
            styles::check_nudges(nudges)?;
            check_latent(of, inner)
        }
        Latent::Crossed { coarse, fine, from } => {
            styles::check_from(*from)?;
            check_latent(coarse, inner)?;
            check_latent(fine, inner)
        }
        Latent::Styles { values, unit, .. } => styles::check_values(values, *unit),
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Failure> {
    let fits = (1..=MAX_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if fits {
        Ok(())
    } else {
        Err(bad(
            "a model's name is 1 to 64 small letters, digits and hyphens",
        ))
    }
}

/// Refuses control characters, too: words are one line.
fn check_words(words: &str) -> Result<(), Failure> {
    if words.trim().is_empty() || words.len() > Latent::MAX_WORDS {
        return Err(bad(&format!(
            "its words have 1 to {} bytes, not {}",
            Latent::MAX_WORDS,
            words.len()
        )));
    }
    if words.chars().any(char::is_control) {
        return Err(bad(
            "its words hold a line break or another control character",
        ));
    }
    Ok(())
}

fn check_class(class: Option<u8>) -> Result<(), Failure> {
    match class {
        Some(class) if class >= MAX_CLASSES => {
            Err(bad(&format!("classes go from 0 to {}", MAX_CLASSES - 1)))
        }
        _ => Ok(()),
    }
}

/// Whether a point may have so many coordinates.
pub(super) fn check_dimensions(count: usize) -> Result<(), Failure> {
    if (1..=Latent::MAX_DIMENSIONS).contains(&count) {
        Ok(())
    } else {
        Err(bad(&format!(
            "a point has 1 to {} coordinates, not {count}",
            Latent::MAX_DIMENSIONS
        )))
    }
}

/// Refuses what is not a number, too: it is in no range.
pub(super) fn check_fraction(what: &str, value: f32, least: f32, most: f32) -> Result<(), Failure> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(bad(&format!(
            "its {what} is {value}, and goes from {least} to {most}"
        )))
    }
}

pub(super) fn too_deep() -> Failure {
    bad(&format!("it nests more than {} deep", Latent::MAX_DEPTH))
}
