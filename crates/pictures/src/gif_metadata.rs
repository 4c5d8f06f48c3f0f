//! The recipe inside a GIF.

use lampwork_protocol::Failure;

use crate::metadata::{RECIPE_KEYWORD, XMP, bad};
use crate::{MAX_CLIP, PictureError};

/// Label of a comment extension.
pub(crate) const COMMENT: u8 = 0xfe;

const EXTENSION: u8 = 0x21;
const APPLICATION: u8 = 0xff;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;

/// The comment that carries a recipe.
pub(crate) fn comment(code: &str) -> String {
    format!("{RECIPE_KEYWORD} {code}")
}

/// The block that says that a trained model made it: XMP as it prescribes for GIF,
/// bare, and after it bytes by which a reader of sub-blocks comes to the end from
/// wherever it is.
pub(crate) fn xmp() -> Vec<u8> {
    let mut block = vec![EXTENSION, APPLICATION, 11];
    block.extend(b"XMP DataXMP");
    block.extend(XMP.as_bytes());
    block.push(1);
    block.extend((0..=255).rev());
    block.push(0);
    block
}

/// Whether a file begins as a GIF does.
pub(crate) fn is_gif(file: &[u8]) -> bool {
    file.starts_with(b"GIF87a") || file.starts_with(b"GIF89a")
}

/// The text of the recipe inside a GIF. Nothing is unpacked.
///
/// # Errors
/// [`Failure::TooLarge`], or [`Failure::BadRecipe`] where it is not a whole GIF or
/// holds no recipe or more than one.
pub(crate) fn text_of(file: &[u8]) -> Result<String, Failure> {
    if file.len() > MAX_CLIP {
        return Err(Failure::TooLarge {
            bytes: file.len() as u64,
            limit: MAX_CLIP as u64,
        });
    }
    let mut reader = Reader(file);
    reader.header()?;
    let mut found = None;
    while let Some(comment) = reader.comment()? {
        let Some(text) = comment.strip_prefix(RECIPE_KEYWORD.as_bytes()) else {
            continue;
        };
        let text = str::from_utf8(text).map_err(|_| bad("the GIF's recipe is not text"))?;
        if found.replace(text.trim().to_owned()).is_some() {
            return Err(bad("the GIF holds more than one recipe"));
        }
    }
    found.ok_or_else(|| {
        bad("the GIF holds none; many sites remove it from pictures that pass through them")
    })
}

/// Takes the blocks of a GIF one after another.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], PictureError> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or_else(|| PictureError::DamagedGif("it is cut short".to_owned()))?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, PictureError> {
        Ok(self.take(1)?[0])
    }

    /// Signature, screen and global colours.
    fn header(&mut self) -> Result<(), PictureError> {
        let screen = &self.take(13)?[6..];
        self.colours(screen[4])
    }

    /// Skips a table of colours, if these flags say that there is one.
    fn colours(&mut self, flags: u8) -> Result<(), PictureError> {
        if flags & 0x80 != 0 {
            self.take(3 << ((flags & 7) + 1))?;
        }
        Ok(())
    }

    /// Calls `each` with every sub-block up to the empty one.
    fn sub_blocks(&mut self, mut each: impl FnMut(&[u8])) -> Result<(), PictureError> {
        loop {
            match self.byte()? {
                0 => return Ok(()),
                length => each(self.take(usize::from(length))?),
            }
        }
    }

    /// The next comment; `None` at the end of the file.
    fn comment(&mut self) -> Result<Option<Vec<u8>>, PictureError> {
        loop {
            match self.byte()? {
                TRAILER => return Ok(None),
                EXTENSION if self.0.first() == Some(&COMMENT) => {
                    self.byte()?;
                    let mut comment = vec![];
                    self.sub_blocks(|block| comment.extend_from_slice(block))?;
                    return Ok(Some(comment));
                }
                EXTENSION => {
                    self.byte()?;
                    self.sub_blocks(|_| {})?;
                }
                IMAGE => {
                    let place = self.take(9)?;
                    self.colours(place[8])?;
                    // How long its codes are at first.
                    self.byte()?;
                    self.sub_blocks(|_| {})?;
                }
                // Some programs leave empty sub-blocks between blocks.
                0 => {}
                other => {
                    return Err(PictureError::DamagedGif(format!(
                        "it has a block of an unknown kind, {other}"
                    )));
                }
            }
        }
    }
}
