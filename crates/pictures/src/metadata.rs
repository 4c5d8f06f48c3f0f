//! The recipe inside a PNG.

use lampwork_protocol::link::Content;
use lampwork_protocol::{Failure, Manner, Recipe, link};

use crate::gif_metadata::{self, is_gif};
use crate::{MAX_CLIP, MAX_FILE, MAX_SIDE, PictureError};

/// Keyword of the text that holds a recipe or a grid, as [`link::encode`] and
/// [`link::encode_grid`] write them.
pub const RECIPE_KEYWORD: &str = "lampwork:recipe";

/// Keyword of the text that says in which styles a photograph is shown, as
/// [`Manner::to_text`] writes it.
pub const MANNER_KEYWORD: &str = "lampwork:restyle";

/// In which styles the photograph in a PNG of [`crate::restyled`] is shown; `None` for
/// any other file. The photograph as it was is not in it.
pub fn read_manner(file: &[u8]) -> Option<Manner> {
    if file.len() > MAX_CLIP || !file.starts_with(&SIGNATURE) {
        return None;
    }
    let mut at = SIGNATURE.len();
    loop {
        let length = file.get(at..at + 4)?;
        let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
        let kind = file.get(at + 4..at + 8)?;
        let data = file.get(at + 8..)?.get(..length)?;
        if kind == b"IDAT" {
            // Ours stand before the pixels.
            return None;
        }
        // Not packed, no language, no translated keyword: as we write it.
        if kind == b"iTXt"
            && let Some(text) = data.strip_prefix(MANNER_KEYWORD.as_bytes())
            && let Some(text) = text.strip_prefix(b"\0\0\0\0\0")
        {
            return Manner::from_text(str::from_utf8(text).ok()?);
        }
        at += 12 + length;
    }
}

/// Keyword that XMP prescribes for its packet in a PNG.
pub(crate) const XMP_KEYWORD: &str = "XML:com.adobe.xmp";

/// The packet with this code of the IPTC's list of digital source types.
macro_rules! xmp {
    ($source:literal) => {
        concat!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
            " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
            "  <rdf:Description rdf:about=\"\"\n",
            "    xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"\n",
            "    Iptc4xmpExt:DigitalSourceType=",
            "\"http://cv.iptc.org/newscodes/digitalsourcetype/",
            $source,
            "\"/>\n",
            " </rdf:RDF>\n",
            "</x:xmpmeta>\n",
            "<?xpacket end=\"r\"?>",
        )
    };
}

/// Says, in the terms of the IPTC, that a trained model made the picture.
pub(crate) const XMP: &str = xmp!("trainedAlgorithmicMedia");

/// Says that a trained model went on from a picture that was there: filled a part of
/// it in, redrew it, or changed its colours.
pub(crate) const XMP_COMPOSITE: &str = xmp!("compositeWithTrainedAlgorithmicMedia");

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// What Matroska files, and so WebM files, begin with.
const EBML: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];

/// The recipe inside a PNG that [`crate::single`] wrote.
///
/// Only the frame of the file and the text are looked at; nothing is unpacked.
///
/// # Errors
/// [`Failure::TooLarge`] for a file of more than [`MAX_FILE`] bytes;
/// [`Failure::BadRecipe`] where it is not a whole PNG, holds no recipe or more
/// than one, or one that [`link::decode`] refuses; [`Failure::NewerRecipe`] where
/// a later version wrote it.
pub fn read_recipe(file: &[u8]) -> Result<Recipe, Failure> {
    link::decode(text_of(file, MAX_FILE)?)
}

/// The recipe inside a PNG that [`crate::single`] wrote, the grid inside one of
/// [`crate::grid`], or the clip inside a GIF or an APNG of [`crate::Animation`].
///
/// # Errors
/// As [`read_recipe`], but for a file of more than [`MAX_CLIP`] bytes.
pub fn read_content(file: &[u8]) -> Result<Content, Failure> {
    if is_gif(file) {
        return link::decode_any(&gif_metadata::text_of(file)?);
    }
    if file.starts_with(&EBML) {
        return Err(PictureError::WebM.into());
    }
    if !file.starts_with(&SIGNATURE) && file.len() <= MAX_CLIP {
        return Err(PictureError::NeitherPngNorGif.into());
    }
    link::decode_any(text_of(file, MAX_CLIP)?)
}

fn text_of(file: &[u8], limit: usize) -> Result<&str, Failure> {
    if file.len() > limit {
        return Err(Failure::TooLarge {
            bytes: file.len() as u64,
            limit: limit as u64,
        });
    }
    let mut found = None;
    for chunk in Chunks::of(file)? {
        let (kind, data) = chunk?;
        let Some(text) = recipe_text(kind, data)? else {
            continue;
        };
        if found.replace(text).is_some() {
            return Err(bad("the PNG holds more than one recipe"));
        }
    }
    found.ok_or_else(|| {
        bad("the PNG holds none; many sites remove it from pictures that pass through them")
    })
}

pub(crate) fn bad(reason: &str) -> Failure {
    Failure::BadRecipe {
        reason: reason.to_owned(),
    }
}

/// The text of a chunk, if it is a text with our keyword.
///
/// Programs that rewrite a PNG may turn the international text (iTXt) into a
/// plain one (tEXt): both are read.
fn recipe_text(kind: [u8; 4], data: &[u8]) -> Result<Option<&str>, Failure> {
    let text = match &kind {
        b"iTXt" | b"tEXt" => data.strip_prefix(RECIPE_KEYWORD.as_bytes()),
        _ => None,
    };
    let Some([0, text @ ..]) = text else {
        return Ok(None);
    };
    let text = match (&kind, text) {
        (b"tEXt", text) => text,
        // Not packed, no language, no translated keyword: as we write it.
        (_, [0, 0, 0, 0, text @ ..]) => text,
        _ => return Err(bad("the PNG's recipe is packed or has a language")),
    };
    let text = str::from_utf8(text).map_err(|_| bad("the PNG's recipe is not text"))?;
    Ok(Some(text))
}

/// The chunks of a PNG file: their kinds and contents.
struct Chunks<'a> {
    rest: &'a [u8],
    first: bool,
    ended: bool,
}

impl<'a> Chunks<'a> {
    fn of(file: &'a [u8]) -> Result<Self, PictureError> {
        let rest = file.strip_prefix(&SIGNATURE).ok_or(PictureError::NotPng)?;
        Ok(Self {
            rest,
            first: true,
            ended: false,
        })
    }

    fn chunk(&mut self) -> Result<([u8; 4], &'a [u8]), PictureError> {
        let cut = || PictureError::Damaged("it is cut short".to_owned());
        let (length, rest) = self.rest.split_first_chunk().ok_or_else(cut)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (kind, rest) = rest.split_first_chunk().ok_or_else(cut)?;
        let (data, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
        let (_checksum, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        self.rest = rest;
        if std::mem::take(&mut self.first) {
            check_header(kind, data)?;
        }
        Ok((*kind, data))
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<([u8; 4], &'a [u8]), PictureError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let chunk = self.chunk();
        self.ended = match &chunk {
            Ok((kind, _)) => kind == b"IEND",
            Err(_) => true,
        };
        Some(chunk)
    }
}

fn check_header(kind: &[u8; 4], data: &[u8]) -> Result<(), PictureError> {
    let damaged = || PictureError::Damaged("it does not begin with its header".to_owned());
    if kind != b"IHDR" || data.len() != 13 {
        return Err(damaged());
    }
    let side = |at: usize| u32::from_be_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
    check_dimensions(side(0), side(4))
}

/// Whether a picture of these dimensions is read.
pub(crate) fn check_dimensions(width: u32, height: u32) -> Result<(), PictureError> {
    if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) {
        Ok(())
    } else {
        Err(PictureError::Dimensions { width, height })
    }
}

#[cfg(test)]
#[path = "metadata_tests.rs"]
mod tests;
