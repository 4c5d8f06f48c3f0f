//! A sheet of drawings, to look at before anything is learnt from them.

use crate::{Collection, Fault};

/// White pixels between pictures.
const GAP: usize = 2;

/// A PNG of pictures of a style, `columns` in a row; evenly spread over all
/// there are, at most `most` of them.
///
/// `side` is one of the collection's.
///
/// # Errors
/// The picture cannot be written.
///
/// # Panics
/// The collection has no such side.
pub fn png(
    set: &Collection,
    style: usize,
    side: usize,
    columns: usize,
    most: usize,
) -> Result<Vec<u8>, Fault> {
    let at = set.sides.iter().position(|known| *known == side);
    let at = at.expect("a side of the collection");
    let all: Vec<&[u8]> = set
        .drawings
        .iter()
        .filter(|drawing| drawing.style == style)
        .map(|drawing| &*drawing.pictures[at])
        .collect();
    let count = all.len().min(most);
    let rows = count.div_ceil(columns).max(1);
    let (width, height) = (columns * (side + GAP), rows * (side + GAP));
    let mut pixels = vec![255; width * height * 3];
    for place in 0..count {
        let picture = all[place * all.len() / count];
        let (left, top) = (
            place % columns * (side + GAP),
            place / columns * (side + GAP),
        );
        for (row, line) in picture.chunks_exact(side * 3).enumerate() {
            let start = ((top + row) * width + left) * 3;
            pixels[start..start + line.len()].copy_from_slice(line);
        }
    }
    encode(width, height, &pixels).map_err(|error| Fault::Drawing {
        name: format!("a sheet of {}", set.styles[style]),
        reason: error.to_string(),
    })
}

fn encode(width: usize, height: usize, pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Drawing, draw};

    #[test]
    fn pictures_stand_in_rows() {
        let set = Collection {
            concepts: Vec::new(),
            keys: Vec::new(),
            styles: vec!["plain".to_owned()],
            sides: vec![2],
            drawings: (0..3)
                .map(|shade| Drawing {
                    concept: 0,
                    style: 0,
                    pictures: vec![vec![shade; 12]],
                })
                .collect(),
            left_out: Vec::new(),
        };
        let bytes = png(&set, 0, 2, 2, 9).unwrap();
        let sheet = draw::png("sheet", &bytes, 8).unwrap().unwrap().0;
        assert_eq!(sheet.rgb[0], 0);
        assert_eq!(sheet.rgb[4 * 3], 1);
        assert_eq!(sheet.rgb[4 * 8 * 3], 2);
        assert_eq!(draw::inked(&sheet.rgb), 12);
        assert_eq!(
            draw::inked(
                &draw::png("s", &png(&set, 0, 2, 1, 1).unwrap(), 4)
                    .unwrap()
                    .unwrap()
                    .0
                    .rgb
            ),
            4
        );
    }
}
