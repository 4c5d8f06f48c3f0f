//! TensorBoard event files: scalars and pictures over steps.
//!
//! An event file is a row of records: length, checksum of the length, bytes,
//! checksum of the bytes (TFRecord), each an `Event` in protobuf's wire form.
//! Only three kinds of event are written, so their few fields are encoded here;
//! `tests/reference/read_events.py` reads them back with TensorBoard itself.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Writes one event file.
#[derive(Debug)]
pub struct EventWriter {
    file: BufWriter<File>,
}

impl EventWriter {
    /// Starts an event file in a folder.
    ///
    /// `resumed_at` is the step that a run goes on from: TensorBoard then drops
    /// what earlier files of the folder say of later steps.
    ///
    /// # Errors
    /// Where the file cannot be made or written.
    pub fn create(folder: &Path, resumed_at: Option<u64>) -> io::Result<EventWriter> {
        std::fs::create_dir_all(folder)?;
        let mut writer = EventWriter {
            file: BufWriter::new(new_file(folder)?),
        };
        writer.event(0, &string(3, b"brain.Event:2"))?;
        if let Some(step) = resumed_at {
            const START: u64 = 1;
            writer.event(step, &string(7, &varint_field(1, START)))?;
        }
        writer.flush()?;
        Ok(writer)
    }

    /// Adds one number.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn scalar(&mut self, step: u64, tag: &str, value: f32) -> io::Result<()> {
        let mut summary = string(1, tag.as_bytes());
        summary.extend(fixed32_field(2, value.to_bits()));
        self.summary(step, &summary)
    }

    /// Adds one picture, a PNG file of the given size with one grey channel.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn picture(
        &mut self,
        step: u64,
        tag: &str,
        (width, height): (u32, u32),
        png: &[u8],
    ) -> io::Result<()> {
        const GREY: u64 = 1;
        let mut image = varint_field(1, u64::from(height));
        image.extend(varint_field(2, u64::from(width)));
        image.extend(varint_field(3, GREY));
        image.extend(string(4, png));
        let mut summary = string(1, tag.as_bytes());
        summary.extend(string(4, &image));
        self.summary(step, &summary)
    }

    /// Hands everything so far to the system.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }

    /// `Event.summary` with one `Summary.value`.
    fn summary(&mut self, step: u64, value: &[u8]) -> io::Result<()> {
        self.event(step, &string(5, &string(1, value)))
    }

    fn event(&mut self, step: u64, what: &[u8]) -> io::Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let mut event = fixed64_field(1, now.map_or(0.0, |t| t.as_secs_f64()).to_bits());
        event.extend(varint_field(2, step));
        event.extend(what);
        self.file.write_all(&record(&event))
    }
}

/// A new file named as TensorBoard expects: it reads a folder's files in the
/// order of their names.
fn new_file(folder: &Path) -> io::Result<File> {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |t| t.as_secs());
    for number in 0.. {
        let name = format!("events.out.tfevents.{seconds:010}.{number:03}.lampwork");
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(folder.join(name))
        {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened,
        }
    }
    unreachable!("some number is free")
}

/// One TFRecord.
fn record(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_le_bytes();
    let mut record = Vec::with_capacity(bytes.len() + 16);
    record.extend(length);
    record.extend(masked_checksum(&length).to_le_bytes());
    record.extend(bytes);
    record.extend(masked_checksum(bytes).to_le_bytes());
    record
}

/// CRC-32C, turned and shifted so that a checksum of bytes that hold checksums
/// stays sound.
fn masked_checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn key(field: u64, wire_type: u64) -> Vec<u8> {
    varint(field << 3 | wire_type)
}

fn varint_field(field: u64, value: u64) -> Vec<u8> {
    [key(field, 0), varint(value)].concat()
}

fn fixed64_field(field: u64, bits: u64) -> Vec<u8> {
    [key(field, 1), bits.to_le_bytes().to_vec()].concat()
}

fn fixed32_field(field: u64, bits: u32) -> Vec<u8> {
    [key(field, 5), bits.to_le_bytes().to_vec()].concat()
}

/// A field of bytes: a string or a message.
fn string(field: u64, bytes: &[u8]) -> Vec<u8> {
    [key(field, 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits an event file into its records, checking both checksums.
    fn records(mut bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut records = Vec::new();
        while !bytes.is_empty() {
            let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
            let of_length = u32::from_le_bytes(bytes[8..12].try_into().unwrap());
            assert_eq!(of_length, masked_checksum(&bytes[..8]));
            let body = &bytes[12..12 + length];
            let of_body = u32::from_le_bytes(bytes[12 + length..16 + length].try_into().unwrap());
            assert_eq!(of_body, masked_checksum(body));
            records.push(body.to_vec());
            bytes = &bytes[16 + length..];
        }
        records
    }

    fn only_file(folder: &Path) -> Vec<u8> {
        let mut files = std::fs::read_dir(folder).unwrap();
        let file = files.next().unwrap().unwrap();
        assert!(files.next().is_none());
        std::fs::read(file.path()).unwrap()
    }

    #[test]
    fn the_checksum_is_crc32c() {
        // The check value of CRC-32C in the catalogue of parametrised CRCs.
        assert_eq!(crc32c::crc32c(b"123456789"), 0xe306_9283);
        let unmasked = masked_checksum(b"123456789")
            .wrapping_sub(0xa282_ead8)
            .rotate_left(15);
        assert_eq!(unmasked, 0xe306_9283);
    }

    #[test]
    fn numbers_are_varints() {
        assert_eq!(varint(0), [0]);
        assert_eq!(varint(127), [127]);
        assert_eq!(varint(300), [0xac, 0x02]); // The example of protobuf's documentation.
    }

    #[test]
    fn a_scalar_and_a_picture_are_framed_records() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = EventWriter::create(folder.path(), None).unwrap();
        writer.scalar(7, "loss", 1.5).unwrap();
        writer.picture(8, "samples", (28, 56), b"png").unwrap();
        writer.flush().unwrap();
        let records = records(&only_file(folder.path()));
        assert_eq!(records.len(), 3);
        assert!(records[0].ends_with(b"\x1a\x0dbrain.Event:2"));
        // Past the wall time: step 7, then summary { value { tag: "loss", simple_value: 1.5 } }.
        assert_eq!(
            &records[1][9..],
            b"\x10\x07\x2a\x0d\x0a\x0b\x0a\x04loss\x15\x00\x00\xc0\x3f"
        );
        assert_eq!(
            &records[2][9..],
            b"\x10\x08\x2a\x18\x0a\x16\x0a\x07samples\x22\x0b\x08\x38\x10\x1c\x18\x01\x22\x03png"
        );
    }

    #[test]
    fn a_resumed_run_starts_a_second_file_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        EventWriter::create(folder.path(), None).unwrap();
        EventWriter::create(folder.path(), Some(5)).unwrap();
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        names.sort();
        assert_eq!(names.len(), 2);
        let records = records(&std::fs::read(&names[1]).unwrap());
        assert!(records[1].ends_with(b"\x10\x05\x3a\x02\x08\x01"));
    }
}
