//! A safetensors file, written the same every time.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

/// A tensor that is about to be written.
pub(crate) struct Tensor<'a> {
    pub name: String,
    pub dtype: &'static str,
    pub shape: Vec<usize>,
    pub bytes: Cow<'a, [u8]>,
}

/// An entry of a safetensors header.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Metadata(BTreeMap<&'static str, String>),
    Tensor {
        dtype: &'static str,
        shape: &'a [usize],
        data_offsets: [usize; 2],
    },
}

/// The length of the header, the header, the tensors. Those of wider numbers must
/// come first: behind bytes they might lie at odd places.
///
/// `safetensors::serialize` keeps its metadata in a hash map, whose order changes
/// from run to run; with two entries the file would too.
pub(crate) fn serialize(
    metadata: BTreeMap<&'static str, String>,
    tensors: &[Tensor<'_>],
) -> Vec<u8> {
    let mut header = BTreeMap::from([("__metadata__", Entry::Metadata(metadata))]);
    let mut end = 0;
    for tensor in tensors {
        let start = end;
        end += tensor.bytes.len();
        header.insert(
            &tensor.name,
            Entry::Tensor {
                dtype: tensor.dtype,
                shape: &tensor.shape,
                data_offsets: [start, end],
            },
        );
    }
    let mut header = serde_json::to_vec(&header).expect("strings and numbers");
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut file = Vec::with_capacity(8 + header.len() + end);
    file.extend((header.len() as u64).to_le_bytes());
    file.extend(header);
    for tensor in tensors {
        file.extend_from_slice(&tensor.bytes);
    }
    file
}
