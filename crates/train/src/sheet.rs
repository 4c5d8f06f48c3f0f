//! Sheets of pictures as PNG files.

use lampwork_protocol::Shape;

/// Screen pixels a side for each pixel of a picture.
const SCALE: usize = 2;

/// A sheet as a PNG file.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Pixels across and down.
    pub size: (u32, u32),
    /// The file.
    pub bytes: Vec<u8>,
}

/// Pictures, `[count, side, side, channels]` bytes, in rows of `columns`.
///
/// # Panics
/// There is no picture, or no column.
pub fn png(pictures: &[u8], shape: Shape, columns: usize) -> Sheet {
    let count = pictures.len() / shape.values();
    whole(lampwork_pictures::sheet(
        pictures, shape, count, columns, SCALE,
    ))
}

/// A sheet of which the file is there.
fn whole(bytes: Vec<u8>) -> Sheet {
    // A PNG begins with its signature and a chunk whose data are width and height.
    let number = |at: usize| {
        bytes[at..at + 4]
            .iter()
            .fold(0, |sum, &byte| sum << 8 | u32::from(byte))
    };
    Sheet {
        size: (number(16), number(20)),
        bytes,
    }
}

/// The same, each pixel one of the screen's.
///
/// # Panics
/// As [`png`].
pub fn plain(pictures: &[u8], shape: Shape, columns: usize) -> Sheet {
    let count = pictures.len() / shape.values();
    whole(lampwork_pictures::sheet(pictures, shape, count, columns, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_knows_its_size() {
        let sheet = png(&[7; 5 * Shape::GREY.values()], Shape::GREY, 3);
        // Three across, two down, with a line between neighbours, all doubled.
        assert_eq!(sheet.size, (2 * (3 * 28 + 2), 2 * (2 * 28 + 1)));
    }
}
