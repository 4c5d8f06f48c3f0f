//! What a picture file from outside is, before a browser unpacks it.
//!
//! A browser asked to unpack a photo of 200 megapixels takes a gigabyte first and
//! fails afterwards, if at all, and says nothing of why. The first kilobytes of a
//! file tell its kind and its size; nothing is unpacked here.

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    /// Its kind.
    pub kind: Kind,
    /// Width and height in pixels as stored, before any turning; `None` where the
    /// kind does not tell them early.
    pub size: Option<(u32, u32)>,
    /// Whether it has more than one frame.
    pub moves: bool,
}

/// Kinds of files that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PNG, also an animated one.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// BMP.
    Bmp,
    /// AVIF.
    Avif,
    /// HEIC, which few browsers read.
    Heic,
    /// A ZIP archive, and with it most office documents.
    Zip,
    /// Something else.
    Unknown,
}

/// Looks at a file.
pub fn look(file: &[u8]) -> Outside {
    let still = |kind, size| Outside {
        kind,
        size,
        moves: false,
    };
    match file {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', rest @ ..] => Outside {
            kind: Kind::Png,
            size: big(rest, 8).zip(big(rest, 12)),
            moves: chunks(rest).any(|kind| kind == *b"acTL"),
        },
        [0xff, 0xd8, 0xff, ..] => still(Kind::Jpeg, jpeg_size(&file[2..])),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', rest @ ..] => Outside {
            kind: Kind::Gif,
            size: little(rest, 0).zip(little(rest, 2)),
            moves: gif_frames(rest) > 1,
        },
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            rest @ ..,
        ] => webp(rest),
        [b'B', b'M', rest @ ..] if rest.len() > 24 => still(Kind::Bmp, bmp_size(rest)),
        [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => {
            let brands = &brands[..brands.len().min(64)];
            let has = |brand: &[u8; 4]| brands.chunks_exact(4).any(|one| one == brand);
            if has(b"avif") || has(b"avis") {
                still(Kind::Avif, ispe(file))
            } else if has(b"heic") || has(b"heix") || has(b"mif1") || has(b"hevc") {
                still(Kind::Heic, ispe(file))
            } else {
                still(Kind::Unknown, None)
            }
        }
        [b'P', b'K', 3, 4, ..] => still(Kind::Zip, None),
        _ => still(Kind::Unknown, None),
    }
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u32::from(u16::from_le_bytes(bytes.try_into().ok()?)))
}

/// Kinds of the chunks of a PNG before its pixels.
fn chunks(mut rest: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    std::iter::from_fn(move || {
        let length = big(rest, 0)? as usize;
        let kind: [u8; 4] = rest.get(4..8)?.try_into().ok()?;
        rest = rest.get(length.checked_add(12)?..)?;
        (kind != *b"IDAT").then_some(kind)
    })
}

/// The size in the frame header of a JPEG, past whatever comes before it.
fn jpeg_size(mut rest: &[u8]) -> Option<(u32, u32)> {
    loop {
        let (&marker, after) = rest.strip_prefix(&[0xff])?.split_first()?;
        rest = match marker {
            // Bytes to fill up, and markers that stand alone.
            0xff => &rest[1..],
            0x01 | 0xd0..=0xd8 => after,
            // Frame headers, less the tables that have numbers between theirs.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let side = |at: usize| {
                    let bytes = after.get(at..at + 2)?;
                    Some(u32::from(u16::from_be_bytes([bytes[0], bytes[1]])))
                };
                return side(5).zip(side(3));
            }
            _ => {
                let length = after.get(..2)?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                after.get(length.max(2)..)?
            }
        };
    }
}

/// Frames of a GIF, at most two of them counted.
fn gif_frames(rest: &[u8]) -> usize {
    let mut frames = 0;
    // Each step is past what it looks at, so this ends.
    let mut walk = || -> Option<()> {
        let table = |flags: u8| match flags & 0x80 {
            0 => 0,
            _ => 3 << ((flags & 7) + 1),
        };
        let mut at = 7 + table(*rest.get(4)?);
        loop {
            at = match *rest.get(at)? {
                0x2c => {
                    frames += 1;
                    if frames > 1 {
                        return None;
                    }
                    at + 11 + table(*rest.get(at + 9)?)
                }
                0x21 => at + 2,
                _ => return None,
            };
            // Blocks of data until an empty one.
            loop {
                let length = usize::from(*rest.get(at)?);
                at += 1 + length;
                if length == 0 {
                    break;
                }
            }
        }
    };
    walk();
    frames
}

fn webp(rest: &[u8]) -> Outside {
    let mut moves = false;
    let three = |at: usize| -> Option<u32> {
        let bytes = rest.get(at..at + 3)?;
        Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) + 1)
    };
    let size = match rest.get(..4) {
        Some(b"VP8X") => {
            moves = rest.get(8).is_some_and(|flags| flags & 2 != 0);
            three(12).zip(three(15))
        }
        Some(b"VP8L") => rest.get(9..13).map(|b| {
            let bits = u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
            ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
        }),
        Some(b"VP8 ") => {
            let side = |at| little(rest, at).map(|side| side & 0x3fff);
            side(14).zip(side(16))
        }
        _ => None,
    };
    Outside {
        kind: Kind::Webp,
        size,
        moves,
    }
}

fn bmp_size(rest: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| {
        let bytes = rest.get(at..at + 4)?;
        // A height below zero stands for rows from the top.
        Some(i32::from_le_bytes(bytes.try_into().ok()?).unsigned_abs())
    };
    side(16).zip(side(20))
}

/// The largest size of the image extents of an AVIF or HEIC: a picture in tiles
/// tells those of its tiles, too.
fn ispe(file: &[u8]) -> Option<(u32, u32)> {
    let head = &file[..file.len().min(64 << 10)];
    let sizes = head.windows(16).filter(|bytes| bytes.starts_with(b"ispe"));
    sizes
        .filter_map(|bytes| big(bytes, 8).zip(big(bytes, 12)))
        .max_by_key(|&(width, height)| u64::from(width) * u64::from(height))
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::Shape;
    use proptest::prelude::*;

    use super::*;
    use crate::single;

    fn gif(frames: usize) -> Vec<u8> {
        let mut file = b"GIF89a\x05\x00\x03\x00\x80\x00\x00".to_vec();
        file.extend([0, 0, 0, 255, 255, 255]);
        for _ in 0..frames {
            file.extend(b"\x21\xf9\x04\x00\x0a\x00\x00\x00");
            file.extend(b"\x2c\x00\x00\x00\x00\x05\x00\x03\x00\x00\x02\x02\x4c\x01\x00");
        }
        file.push(0x3b);
        file
    }

    fn seen(file: &[u8]) -> (Kind, Option<(u32, u32)>, bool) {
        let outside = look(file);
        (outside.kind, outside.size, outside.moves)
    }

    #[test]
    fn kinds_and_sizes_are_told() {
        let png = single(&[0; 784], Shape::GREY, 2, None);
        assert_eq!(seen(&png), (Kind::Png, Some((56, 56)), false));
        let mut animated = png[..33].to_vec();
        animated.extend(b"\x00\x00\x00\x08acTL\x00\x00\x00\x02\x00\x00\x00\x00crc.");
        animated.extend(&png[33..]);
        assert_eq!(seen(&animated), (Kind::Png, Some((56, 56)), true));
        assert_eq!(seen(&gif(1)), (Kind::Gif, Some((5, 3)), false));
        assert_eq!(seen(&gif(3)), (Kind::Gif, Some((5, 3)), true));
        // A frame header behind a comment: 300 x 200, height first.
        let jpeg = b"\xff\xd8\xff\xe1\x00\x04ab\xff\xff\xc2\x00\x11\x08\x00\xc8\x01\x2c\x03";
        assert_eq!(seen(jpeg), (Kind::Jpeg, Some((300, 200)), false));
        let webp = b"RIFF....WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x1f\x03\x00\x57\x02\x00";
        assert_eq!(seen(webp), (Kind::Webp, Some((800, 600)), true));
        let heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic....ispe\x00\x00\x00\x00\x00\x00\x0f\xc0\x00\x00\x0b\xd0";
        assert_eq!(seen(heic), (Kind::Heic, Some((4032, 3024)), false));
        assert_eq!(seen(b"PK\x03\x04 a zip"), (Kind::Zip, None, false));
        assert_eq!(seen(b"<svg/>"), (Kind::Unknown, None, false));
        assert_eq!(seen(b""), (Kind::Unknown, None, false));
    }

    #[test]
    fn a_cut_file_is_no_trouble() {
        for file in [gif(2), single(&[0; 784], Shape::GREY, 2, None)] {
            for end in 0..file.len() {
                look(&file[..end]);
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at(
            start in prop::sample::select(vec![
                &b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF89a", b"RIFF....WEBPVP8X", b"RIFF....WEBPVP8L",
                b"BM", b"....ftypavif", b"",
            ]),
            rest in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            look(&[start, &rest].concat());
        }
    }
}
