//! The bytes that a link is made of.

use super::bad;
use crate::Failure;

/// Puts values one after another.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn written(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A length in one byte, then the letters; what is too long for that is cut,
    /// and refused for its length when it is read.
    pub(super) fn name(&mut self, name: &str) {
        let letters = &name.as_bytes()[..name.len().min(255)];
        self.byte(letters.len() as u8);
        self.bytes(letters);
    }

    /// A length in bytes, then UTF-8.
    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    /// LEB128: seven bits a byte, low ones first, the top bit set on all but the
    /// last.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    pub(super) fn fraction(&mut self, fraction: f32) {
        self.bytes(&fraction.to_le_bytes());
    }
}

/// Takes values one after another.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Failure> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or_else(|| bad("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Failure> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        Ok(self.take(N)?.try_into().expect("as many as were taken"))
    }

    pub(super) fn slice(&mut self, count: usize) -> Result<&'a [u8], Failure> {
        self.take(count)
    }

    pub(super) fn name(&mut self) -> Result<String, Failure> {
        let length = usize::from(self.byte()?);
        String::from_utf8(self.take(length)?.to_vec())
            .map_err(|_| bad("the name of its model is not text"))
    }

    pub(super) fn text(&mut self) -> Result<String, Failure> {
        let length = self.small()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).map_err(|_| bad("its words are not text"))
    }

    /// A varint in its shortest form.
    pub(super) fn number(&mut self) -> Result<u64, Failure> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for a single bit.
            if shift == 63 && byte > 1 || shift > 0 && byte == 0 {
                return Err(bad("a number in it is not in its shortest form"));
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(bad("a number in it is too large"))
    }

    /// A number of at most 32 bits.
    pub(super) fn small(&mut self) -> Result<u32, Failure> {
        u32::try_from(self.number()?).map_err(|_| bad("a number in it is too large"))
    }

    pub(super) fn fraction(&mut self) -> Result<f32, Failure> {
        Ok(f32::from_le_bytes(self.array()?))
    }

    pub(super) fn end(&self) -> Result<(), Failure> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(bad("something follows after its end"))
        }
    }
}

/// CRC-32 as in PNG and gzip (ISO 3309): finds every change of up to 32
/// neighbouring bits, hence every single changed letter.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc: u32, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        // The check value of CRC-32/ISO-HDLC in the catalogue of CRC algorithms.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn numbers_have_one_form() {
        for (number, bytes) in [
            (0, &[0][..]),
            (127, &[127]),
            (128, &[128, 1]),
            (u64::MAX, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        ] {
            let mut writer = Writer::new();
            writer.number(number);
            assert_eq!(writer.written(), bytes);
            assert_eq!(Reader::new(bytes).number(), Ok(number));
        }
        for other in [
            &[128, 0][..],
            &[255, 255, 255, 255, 255, 255, 255, 255, 255, 2],
            &[255; 11],
            &[128],
            &[],
        ] {
            assert!(Reader::new(other).number().is_err(), "{other:?}");
        }
        assert_eq!(Reader::new(&[255, 255, 255, 255, 15]).small(), Ok(u32::MAX));
        assert!(Reader::new(&[128, 128, 128, 128, 16]).small().is_err());
    }
}
