//! Resource files of Qt (`rcc --binary`): a tree of names, and what lies under them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use flate2::read::ZlibDecoder;

use crate::Fault;
use crate::sources::fault;

/// Entries that a tree may have.
const MOST: usize = 1 << 16;

/// Every file in it by its path, but for those that Zstandard packed.
///
/// # Errors
/// [`Fault::Source`] where it is no such file.
pub fn read(path: &Path, bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let mut files = BTreeMap::new();
    let tree = Tree::new(bytes).ok_or_else(|| fault(path, "it is no resource file of Qt"))?;
    let mut budget = MOST;
    tree.walk(0, "", &mut files, &mut budget)
        .ok_or_else(|| fault(path, "the resource file is cut short"))?;
    Ok(files)
}

struct Tree<'a> {
    bytes: &'a [u8],
    tree: usize,
    data: usize,
    names: usize,
    /// Bytes of an entry.
    entry: usize,
}

impl<'a> Tree<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        if bytes.get(..4)? != b"qres" {
            return None;
        }
        let word = |at| number(bytes, at, 4);
        Some(Self {
            bytes,
            tree: word(8)?,
            data: word(12)?,
            names: word(16)?,
            // From the second version on an entry has a time.
            entry: if word(4)? >= 2 { 22 } else { 14 },
        })
    }

    /// Collects what lies under an entry.
    fn walk(
        &self,
        index: usize,
        above: &str,
        files: &mut BTreeMap<String, Vec<u8>>,
        budget: &mut usize,
    ) -> Option<()> {
        *budget = budget.checked_sub(1)?;
        let at = self.tree.checked_add(index.checked_mul(self.entry)?)?;
        let flags = number(self.bytes, at + 4, 2)?;
        let path = match index {
            0 => String::new(),
            _ => format!("{above}/{}", self.name(number(self.bytes, at, 4)?)?),
        };
        if flags & FOLDER != 0 {
            let count = number(self.bytes, at + 6, 4)?;
            let first = number(self.bytes, at + 10, 4)?;
            for child in first..first.checked_add(count)? {
                // What is above comes first in the file: so no circle.
                if child <= index {
                    return None;
                }
                self.walk(child, &path, files, budget)?;
            }
        } else if flags & BY_ZSTANDARD == 0 {
            let at = self.data.checked_add(number(self.bytes, at + 10, 4)?)?;
            let length = number(self.bytes, at, 4)?;
            let content = self.bytes.get(at + 4..)?.get(..length)?;
            let content = match flags & BY_ZLIB {
                0 => content.to_vec(),
                _ => unpacked(content)?,
            };
            files.insert(path, content);
        }
        Some(())
    }

    fn name(&self, offset: usize) -> Option<String> {
        let at = self.names.checked_add(offset)?;
        let length = number(self.bytes, at, 2)?;
        // Its length, a hash, then the letters.
        let letters = self.bytes.get(at + 6..)?.get(..2 * length)?;
        let letters = letters.as_chunks::<2>().0.iter();
        String::from_utf16(
            &letters
                .map(|&two| u16::from_be_bytes(two))
                .collect::<Vec<_>>(),
        )
        .ok()
    }
}

const FOLDER: usize = 2;
const BY_ZLIB: usize = 1;
const BY_ZSTANDARD: usize = 4;

/// Bytes that a packed file may have.
const LONGEST: u64 = 16 << 20;

/// Its length, then what zlib made of it.
fn unpacked(content: &[u8]) -> Option<Vec<u8>> {
    let length = number(content, 0, 4)?;
    let mut bytes = Vec::new();
    let packed = ZlibDecoder::new(&content[4..]);
    packed.take(LONGEST).read_to_end(&mut bytes).ok()?;
    (bytes.len() == length).then_some(bytes)
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let digits = bytes.get(at..)?.get(..length)?;
    Some(
        digits
            .iter()
            .fold(0, |sum, &byte| sum << 8 | usize::from(byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder `a` with a file `b` in it, as rcc lays them out.
    fn small() -> Vec<u8> {
        let word = |value: u32| value.to_be_bytes();
        let mut bytes = b"qres".to_vec();
        let tree = 20_u32;
        let names = tree + 3 * 14;
        let data = names + 2 * 8;
        for value in [1, tree, data, names] {
            bytes.extend(word(value));
        }
        let mut entry = |name: u32, flags: u16, first: u32, second: u32| {
            bytes.extend(word(name));
            bytes.extend(flags.to_be_bytes());
            bytes.extend(word(first));
            bytes.extend(word(second));
        };
        entry(0, 2, 1, 1);
        entry(0, 2, 1, 2);
        entry(8, 0, 0, 0);
        for letter in *b"ab" {
            bytes.extend([0, 1, 0, 0, 0, 0, 0, letter]);
        }
        bytes.extend(word(3));
        bytes.extend(b"xyz");
        bytes
    }

    #[test]
    fn files_are_found_by_their_paths() {
        let files = read(Path::new("a.rcc"), &small()).unwrap();
        assert_eq!(
            files,
            BTreeMap::from([("/a/b".to_owned(), b"xyz".to_vec())])
        );
    }

    #[test]
    fn what_is_broken_is_refused() {
        let bytes = small();
        for end in 0..bytes.len() {
            assert!(read(Path::new("a.rcc"), &bytes[..end]).is_err(), "{end}");
        }
        // A folder that lies in itself.
        let mut circle = bytes;
        circle[20 + 13] = 0;
        assert!(read(Path::new("a.rcc"), &circle).is_err());
    }
}
