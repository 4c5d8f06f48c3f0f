//! A font out of a WOFF file, whose tables are packed by zlib.
//!
//! WOFF File Format 1.0, W3C Recommendation, 13 December 2012.

use std::io::Read;

/// Most bytes that a font may unpack to.
const LIMIT: u64 = 64 << 20;

/// The TrueType or OpenType font that a WOFF file holds; `None` where it is no such file.
pub fn unpack(woff: &[u8]) -> Option<Vec<u8>> {
    if woff.get(..4)? != b"wOFF" {
        return None;
    }
    let flavour = woff.get(4..8)?;
    let count = usize::from(u16_at(woff, 12)?);
    // Each with its place in the file, its packed and its true length.
    let mut tables = Vec::with_capacity(count);
    for index in 0..count {
        let entry = woff.get(44 + 20 * index..64 + 20 * index)?;
        let [place, packed, length] = [4, 8, 12].map(|at| u32_at(entry, at));
        let (place, packed) = (place? as usize, packed? as usize);
        let bytes = woff.get(place..place.checked_add(packed)?)?;
        let length = length?;
        let table = if packed < length as usize {
            let mut table = Vec::new();
            let reader = flate2::read::ZlibDecoder::new(bytes);
            reader
                .take(u64::from(length).min(LIMIT))
                .read_to_end(&mut table)
                .ok()?;
            table
        } else {
            bytes.to_vec()
        };
        if table.len() != length as usize {
            return None;
        }
        tables.push((&entry[..4], &entry[16..20], table));
    }
    let mut font = Vec::new();
    font.extend_from_slice(flavour);
    font.extend((count as u16).to_be_bytes());
    // For a binary search of the tables, which no reader needs any more.
    font.extend([0; 6]);
    let mut place = 12 + 16 * count;
    for (tag, checksum, table) in &tables {
        font.extend_from_slice(tag);
        font.extend_from_slice(checksum);
        font.extend((place as u32).to_be_bytes());
        font.extend((table.len() as u32).to_be_bytes());
        place += table.len().next_multiple_of(4);
    }
    for (_, _, table) in &tables {
        font.extend_from_slice(table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    Some(font)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A file with one packed and one plain table.
    fn woff() -> Vec<u8> {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(&[7; 100]).unwrap();
        let packed = zlib.finish().unwrap();
        let mut file = b"wOFF\0\x01\0\0".to_vec();
        file.extend([0; 4]);
        file.extend(2_u16.to_be_bytes());
        file.resize(44, 0);
        let first = 44 + 40;
        for (tag, place, length, whole) in [
            (b"aaaa", first, packed.len(), 100),
            (b"bbbb", first + packed.len(), 3, 3),
        ] {
            file.extend(tag);
            for number in [place, length, whole, 9] {
                file.extend((number as u32).to_be_bytes());
            }
        }
        file.extend(packed);
        file.extend([1, 2, 3]);
        file
    }

    #[test]
    fn tables_are_unpacked_and_laid_out() {
        let font = unpack(&woff()).unwrap();
        assert_eq!(font[..6], [0, 1, 0, 0, 0, 2]);
        assert_eq!(&font[12..16], b"aaaa");
        assert_eq!(u32_at(&font, 20), Some(44));
        assert_eq!(u32_at(&font, 24), Some(100));
        assert_eq!(font[44..144], [7; 100]);
        assert_eq!(u32_at(&font, 36), Some(144));
        assert_eq!(font[144..], [1, 2, 3, 0]);
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let file = woff();
        for cut in [0, 3, 20, 60, file.len() - 1] {
            assert_eq!(unpack(&file[..cut]), None, "{cut}");
        }
    }
}
