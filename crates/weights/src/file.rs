//! Named tensors to a safetensors file and back.

use std::collections::{BTreeMap, BTreeSet};

use half::f16;
use safetensors::{Dtype, SafeTensors, tensor::TensorInfo};

use crate::error::shortened;
use crate::module::check_values;
use crate::{Named, Precision, WeightsError};

/// Largest file that is read or written: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// Largest header (names, shapes, metadata): 1 MiB.
pub const MAX_HEADER_BYTES: usize = 1 << 20;

/// Most tensors in a file.
pub const MAX_TENSORS: usize = 4096;

/// Longest name of a tensor.
pub const MAX_NAME_BYTES: usize = 256;

/// Most dimensions of a tensor.
pub const MAX_RANK: usize = 8;

/// Key under which a safetensors header keeps its metadata.
const METADATA: &str = "__metadata__";

/// Bytes of the number, before the header, that says how long the header is.
const LENGTH_BYTES: usize = 8;

/// Writes tensors to a safetensors file, in their order.
///
/// The same tensors and metadata always give the same bytes, so that a file's
/// [`crate::hash`] says whether weights are the same.
///
/// # Errors
///
/// Whatever [`read`] would not take back is refused here, and with
/// [`Precision::Half`] also a value that half precision cannot hold.
pub fn write(
    tensors: &[Named],
    metadata: &BTreeMap<String, String>,
    precision: Precision,
) -> Result<Vec<u8>, WeightsError> {
    check_count(tensors.len())?;
    let (dtype, width) = match precision {
        Precision::Half => (Dtype::F16, 2),
        Precision::Full => (Dtype::F32, 4),
    };

    // The crate's own writer takes a hash map and sorts by name; a header
    // written here keeps the module's order and is the same every time.
    let mut entries = Vec::with_capacity(tensors.len() + 1);
    if !metadata.is_empty() {
        entries.push(entry(METADATA, metadata)?);
    }
    let mut names = BTreeSet::new();
    let mut end = 0usize;
    for tensor in tensors {
        check_name(&tensor.name)?;
        check_shape(&tensor.name, &tensor.shape)?;
        check_values(tensor)?;
        if !names.insert(&tensor.name) {
            return Err(WeightsError::tensor(&tensor.name, "is there twice"));
        }
        let start = end;
        end += tensor.values.len() * width;
        check_size(end)?;
        let info = TensorInfo {
            dtype,
            shape: tensor.shape.clone(),
            data_offsets: (start, end),
        };
        entries.push(entry(&tensor.name, &info)?);
    }
    let mut header = format!("{{{}}}", entries.join(",")).into_bytes();
    // Readers map the file into memory and want the values aligned.
    header.resize(header.len().next_multiple_of(LENGTH_BYTES), b' ');
    if header.len() > MAX_HEADER_BYTES {
        return Err(WeightsError::BadMetadata {
            reason: format!(
                "with it the header is {} bytes, and at most {MAX_HEADER_BYTES} are taken",
                header.len()
            ),
        });
    }
    let size = LENGTH_BYTES + header.len() + end;
    check_size(size)?;

    let mut bytes = Vec::with_capacity(size);
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header);
    for tensor in tensors {
        match precision {
            Precision::Full => bytes.extend(tensor.values.iter().flat_map(|v| v.to_le_bytes())),
            Precision::Half => {
                for &value in &tensor.values {
                    let half = f16::from_f32(value);
                    if !half.is_finite() {
                        return Err(WeightsError::tensor(
                            &tensor.name,
                            format!(
                                "has {value}, which half precision cannot hold (at most 65504): write it in full precision"
                            ),
                        ));
                    }
                    bytes.extend(half.to_le_bytes());
                }
            }
        }
    }
    Ok(bytes)
}

/// Reads a safetensors file that may come from anyone.
///
/// Gives the tensors in the file's order, and its metadata. Takes f16 and f32,
/// and only what keeps within the limits of this module.
///
/// # Errors
///
/// Names what is wrong with the file; never panics and never allocates more than
/// a small multiple of the file's size.
pub fn read(bytes: &[u8]) -> Result<(Vec<Named>, BTreeMap<String, String>), WeightsError> {
    check_size(bytes.len())?;
    check_header_size(bytes)?;
    let not_safetensors = |reason: String| WeightsError::NotSafetensors { reason };
    // The crate checks that the tensors lie one after the other, without gap or
    // overlap, that each is as long as its shape says, and that the last ends
    // with the file.
    let file = SafeTensors::deserialize(bytes).map_err(|e| not_safetensors(e.to_string()))?;
    let (_, header) =
        SafeTensors::read_metadata(bytes).map_err(|e| not_safetensors(e.to_string()))?;
    check_count(file.len())?;

    let names = header.offset_keys();
    if names.len() != file.len() {
        return Err(not_safetensors("a tensor is named twice".into()));
    }
    let mut tensors = Vec::with_capacity(names.len());
    for name in names {
        check_name(&name)?;
        let view = file
            .tensor(&name)
            .map_err(|e| not_safetensors(e.to_string()))?;
        check_shape(&name, view.shape())?;
        let values: Vec<f32> = match view.dtype() {
            Dtype::F32 => {
                let (chunks, _) = view.data().as_chunks::<4>();
                chunks.iter().map(|&b| f32::from_le_bytes(b)).collect()
            }
            Dtype::F16 => {
                let (chunks, _) = view.data().as_chunks::<2>();
                chunks
                    .iter()
                    .map(|&b| f16::from_le_bytes(b).to_f32())
                    .collect()
            }
            other => {
                return Err(WeightsError::tensor(
                    &name,
                    format!("is of type {other}, and only F16 and F32 are read"),
                ));
            }
        };
        let tensor = Named {
            name,
            shape: view.shape().to_vec(),
            values,
        };
        check_values(&tensor)?;
        tensors.push(tensor);
    }
    let metadata = header.metadata().clone().unwrap_or_default();
    Ok((tensors, metadata.into_iter().collect()))
}

/// One entry of the header, as JSON.
fn entry(key: &str, value: &impl serde::Serialize) -> Result<String, WeightsError> {
    let key = serde_json::to_string(key);
    let value = serde_json::to_string(value);
    match (key, value) {
        (Ok(key), Ok(value)) => Ok(format!("{key}:{value}")),
        (Err(e), _) | (_, Err(e)) => Err(WeightsError::BadMetadata {
            reason: e.to_string(),
        }),
    }
}

/// Looks at the header's length before anything is parsed.
fn check_header_size(bytes: &[u8]) -> Result<(), WeightsError> {
    let Some((length, rest)) = bytes.split_first_chunk::<LENGTH_BYTES>() else {
        return Err(WeightsError::NotSafetensors {
            reason: format!("it is only {} bytes long", bytes.len()),
        });
    };
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER_BYTES as u64 {
        return Err(WeightsError::NotSafetensors {
            reason: format!(
                "its header claims {length} bytes, and at most {MAX_HEADER_BYTES} are taken"
            ),
        });
    }
    if length > rest.len() as u64 {
        return Err(WeightsError::NotSafetensors {
            reason: format!(
                "its header claims {length} bytes, and only {} follow",
                rest.len()
            ),
        });
    }
    Ok(())
}

fn check_size(bytes: usize) -> Result<(), WeightsError> {
    if bytes > MAX_BYTES {
        return Err(WeightsError::TooLarge {
            bytes: bytes as u64,
            limit: MAX_BYTES as u64,
        });
    }
    Ok(())
}

fn check_count(count: usize) -> Result<(), WeightsError> {
    if count > MAX_TENSORS {
        return Err(WeightsError::TooManyTensors {
            count,
            limit: MAX_TENSORS,
        });
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), WeightsError> {
    let problem = if name.is_empty() {
        "has no name"
    } else if name.len() > MAX_NAME_BYTES {
        "has a name of more than 256 bytes"
    } else if name == METADATA {
        "has the name that is kept for the metadata"
    } else {
        return Ok(());
    };
    Err(WeightsError::tensor(&shortened(name), problem))
}

fn check_shape(name: &str, shape: &[usize]) -> Result<(), WeightsError> {
    if shape.len() > MAX_RANK {
        return Err(WeightsError::tensor(
            name,
            format!(
                "has {} dimensions, and at most {MAX_RANK} are taken",
                shape.len()
            ),
        ));
    }
    if shape.contains(&0) {
        return Err(WeightsError::tensor(
            name,
            format!("is empty: its shape is {shape:?}"),
        ));
    }
    Ok(())
}
