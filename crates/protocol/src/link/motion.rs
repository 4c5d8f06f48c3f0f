//! A clip as text.

use super::bytes::{Reader, Writer};
use super::limits::{check_key_count, check_motion};
use super::{MOTION, bad, begin, open, read_latent, read_sampling, seal, write_latent};
use crate::{Course, Easing, Ends, Failure, Latent, Motion};

const WALK: u8 = 0;
const PATH: u8 = 1;

const LOOP: u8 = 0;
const BACK: u8 = 1;

const LINEAR: u8 = 0;
const EASE: u8 = 1;
const HOLD: u8 = 2;

/// The text of a clip; see [`super::encode`].
pub fn encode_motion(motion: &Motion) -> String {
    let mut writer = begin(MOTION, &motion.model, &motion.weights, motion.sampling);
    writer.byte(motion.fps);
    writer.byte(match motion.ends {
        Ends::Loop => LOOP,
        Ends::Back => BACK,
    });
    match &motion.course {
        Course::Walk {
            keys,
            frames,
            easing,
        } => {
            writer.byte(WALK);
            writer.number(u64::from(*frames));
            writer.byte(match easing {
                Easing::Linear => LINEAR,
                Easing::Ease => EASE,
                Easing::Hold => HOLD,
            });
            write_keys(&mut writer, keys);
        }
        Course::Path { of } => {
            writer.byte(PATH);
            write_latent(&mut writer, of);
        }
    }
    seal(writer)
}

/// The clip of a text.
///
/// # Errors
/// As [`super::decode`], with the limits of [`super::check_motion`].
pub fn decode_motion(text: &str) -> Result<Motion, Failure> {
    let payload = open(text, MOTION)?;
    let mut reader = Reader::new(&payload[2..]);
    let (model, weights) = (reader.name()?, reader.array()?);
    let sampling = read_sampling(&mut reader, payload[1])?;
    let fps = reader.byte()?;
    let ends = match reader.byte()? {
        LOOP => Ends::Loop,
        BACK => Ends::Back,
        _ => return Err(bad("it ends in an unknown way")),
    };
    let course = match reader.byte()? {
        WALK => Course::Walk {
            frames: u16::try_from(reader.small()?).map_err(|_| bad("it has too many frames"))?,
            easing: match reader.byte()? {
                LINEAR => Easing::Linear,
                EASE => Easing::Ease,
                HOLD => Easing::Hold,
                _ => return Err(bad("it goes in an unknown way")),
            },
            keys: read_keys(&mut reader)?,
        },
        PATH => Course::Path {
            of: read_latent(&mut reader, Latent::MAX_DEPTH)?,
        },
        _ => return Err(bad("it shows something unknown")),
    };
    reader.end()?;
    let motion = Motion {
        model,
        weights,
        sampling,
        course,
        ends,
        fps,
    };
    check_motion(&motion)?;
    Ok(motion)
}

fn write_keys(writer: &mut Writer, keys: &[Latent]) {
    writer.number(keys.len() as u64);
    for key in keys {
        write_latent(writer, key);
    }
}

fn read_keys(reader: &mut Reader<'_>) -> Result<Vec<Latent>, Failure> {
    let count = reader.small()? as usize;
    // Before anything is reserved for them.
    check_key_count(count)?;
    (0..count)
        .map(|_| read_latent(reader, Latent::MAX_DEPTH))
        .collect()
}
