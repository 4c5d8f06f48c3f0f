//! The convolutions of VGG16 out of a file of PyTorch's.
//!
//! The file is of PyTorch's older form: a pickle that says which numbers are which, then
//! the numbers. As a file of another SHA-256 is refused, where they lie is known; each
//! run of numbers begins by their count, which is checked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use lampwork_datasets::safetensors_file::{Tensor, serialize};

use crate::Fault;
use crate::sources::{fault, read};

/// The file in the PyPI package `stlpips-pytorch` 0.0.2.
pub const FILE: &str = "stlpips_pytorch/weights/vST0.0/vgg_shift_tolerant.pth";

const SHA256: &str = "44597da68f49c1837c100ff52299050f274d102eb102e5837178c79be6f0e250";

/// Name, channels out and in, and where weight and bias begin.
const CONVOLUTIONS: [(&str, [usize; 2], usize, usize); 10] = [
    ("1_1", [64, 3], 58894194, 58901114),
    ("1_2", [64, 64], 36896762, 46500890),
    ("2_1", [128, 64], 28337594, 9450378),
    ("2_2", [128, 128], 48860478, 36896242),
    ("3_1", [256, 128], 30991818, 46481418),
    ("3_2", [256, 256], 28632514, 7786),
    ("3_3", [256, 256], 46501154, 18888090),
    ("4_1", [512, 256], 32173530, 36892130),
    ("4_2", [512, 512], 9450898, 18889122),
    ("4_3", [512, 512], 18900402, 36894186),
];

/// They as a safetensors file: `convGROUP_NUMBER.weight` `[out, in, 3, 3]` and `.bias`
/// `[out]`.
///
/// # Errors
/// [`Fault::Source`] where the file is another one.
pub fn pack(folder: &Path) -> Result<Vec<u8>, Fault> {
    let path = folder.join(FILE);
    let bytes = read(&path, SHA256)?;
    let run = |at: usize, count: usize| {
        let length = bytes.get(at - 8..at)?;
        let found = u64::from_le_bytes(length.try_into().ok()?);
        (found == count as u64).then(|| bytes.get(at..at + 4 * count))?
    };
    let mut tensors = Vec::new();
    for (name, [outs, ins], weight, bias) in CONVOLUTIONS {
        let parts = [
            ("weight", vec![outs, ins, 3, 3], weight),
            ("bias", vec![outs], bias),
        ];
        for (part, shape, at) in parts {
            let numbers = run(at, shape.iter().product())
                .ok_or_else(|| fault(&path, format!("conv{name} does not lie where it should")))?;
            tensors.push(Tensor {
                name: format!("conv{name}.{part}"),
                dtype: "F32",
                shape,
                bytes: Cow::Borrowed(numbers),
            });
        }
    }
    let metadata = BTreeMap::from([(
        "source",
        "VGG16 (Simonyan and Zisserman 2014), from the PyPI package stlpips-pytorch 0.0.2, \
         BSD-2-Clause, Copyright (c) 2022 Abhijay Ghildyal, Feng Liu"
            .to_owned(),
    )]);
    Ok(serialize(metadata, &tensors))
}
