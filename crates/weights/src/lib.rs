//! Weights as files: bytes to a module's parameters and back.
//!
//! A weights file is a [safetensors] file, so that NumPy, PyTorch and everything
//! else that reads the format can read it too. Its metadata carries the
//! [`ModelCard`], so that a file which was parted from its card still says what
//! it is.
//!
//! ```text
//! module --collect--> [Named] --write--> bytes
//! module <---fill---- [Named] <--read--- bytes
//! ```
//!
//! - [`collect`] and [`fill`] know burn and no bytes. `collect` reads all
//!   parameters in one asynchronous transaction, as a synchronous read panics on
//!   WebGPU in a browser.
//! - [`write()`] and [`read()`] know bytes and no burn. What `read` is given may come
//!   from anyone: it checks sizes before it allocates, and refuses whatever is
//!   not plainly a weights file of a size that a visitor's tab can hold.
//! - [`card`] and [`hash`] say what a file is.
//!
//! A tensor's name is the path of fields and indices to its parameter, such as
//! `decoder.layers.0.weight`. Names of types and of enum variants are left out,
//! so that renaming a Rust type does not orphan the files.
//!
//! [safetensors]: https://huggingface.co/docs/safetensors

mod error;
mod file;
mod module;

use std::collections::BTreeMap;

use lampwork_protocol::{AdapterCard, ModelCard, Tuning};
use sha2::{Digest, Sha256};

pub use error::WeightsError;
pub use file::{MAX_BYTES, MAX_HEADER_BYTES, MAX_NAME_BYTES, MAX_RANK, MAX_TENSORS, read, write};
pub use module::{collect, fill};

/// A tensor with its name: row-major `f32` values on the CPU.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Path of its parameter in the module, e.g. `decoder.layers.0.weight`.
    pub name: String,
    /// Its dimensions; empty for a single number.
    pub shape: Vec<usize>,
    /// Its values in row-major order, as many as the product of `shape`.
    pub values: Vec<f32>,
}

/// How a value is stored in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// IEEE 754 half precision, 2 bytes: about three decimal digits, at most
    /// 65,504. What is shipped.
    Half,
    /// IEEE 754 single precision, 4 bytes: nothing is lost. What a run is
    /// resumed from.
    Full,
}

/// Rounds values to `bits` bits after the leading one, to nearest, ties to even.
///
/// With 7 (those of bfloat16) a value moves by 0.4 % at most. In a file of half
/// precision three bits of each are then zero, which a server's compression makes
/// use of: a sixth less for a visitor to fetch.
pub fn round(values: &mut [f32], bits: u32) {
    let dropped = f32::MANTISSA_DIGITS - 1 - bits.min(f32::MANTISSA_DIGITS - 1);
    if dropped == 0 {
        return;
    }
    for value in values.iter_mut().filter(|value| value.is_finite()) {
        let whole = value.to_bits();
        let even = (whole >> dropped) & 1;
        // Into the exponent where all bits are set, as it should be.
        let up = whole + (1 << (dropped - 1)) - 1 + even;
        *value = f32::from_bits(up >> dropped << dropped);
    }
}

/// Reads the model card from a file's metadata.
///
/// # Errors
///
/// [`WeightsError::NoCard`] where there is none, [`WeightsError::BadCard`] where
/// it is not a card, [`WeightsError::NewerCard`] where a later version of
/// Lampwork wrote it.
pub fn card(metadata: &BTreeMap<String, String>) -> Result<ModelCard, WeightsError> {
    /// The one field that every version of the form has.
    #[derive(serde::Deserialize)]
    struct Version {
        version: u32,
    }

    let json = metadata
        .get(ModelCard::METADATA_KEY)
        .ok_or(WeightsError::NoCard)?;
    let bad = |reason: String| WeightsError::BadCard { reason };
    // The version first: a later form may differ in everything else.
    let Version { version } = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
    if version > ModelCard::VERSION {
        return Err(WeightsError::NewerCard {
            found: version,
            known: ModelCard::VERSION,
        });
    }
    if version == 0 {
        return Err(bad("there is no version 0".into()));
    }
    let card: ModelCard = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
    if card.name.is_empty() || card.name.len() > 64 {
        return Err(bad("the name must have 1 to 64 characters".into()));
    }
    if !card
        .name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-')
    {
        return Err(bad(
            "the name may have letters, digits and hyphens only".into()
        ));
    }
    if !card.seconds.is_finite() || card.seconds < 0.0 {
        return Err(bad("the seconds of training must not be negative".into()));
    }
    Ok(card)
}

/// Writes an adapter: its factors in half precision, its card in the metadata.
///
/// # Errors
///
/// [`WeightsError`] where a factor is not finite or the card cannot be written.
pub fn write_adapter(card: &AdapterCard, factors: &[Named]) -> Result<Vec<u8>, WeightsError> {
    let json = serde_json::to_string(card).map_err(|e| WeightsError::BadCard {
        reason: e.to_string(),
    })?;
    let metadata = BTreeMap::from([(AdapterCard::METADATA_KEY.to_owned(), json)]);
    write(factors, &metadata, Precision::Half)
}

/// Reads an adapter that nothing is known of. Whether it fits a net is told when it is
/// put on one.
///
/// # Errors
///
/// [`WeightsError`] where the file is none, or [`WeightsError::NoCard`] and
/// [`WeightsError::BadCard`] where it is not an adapter's.
pub fn read_adapter(bytes: &[u8]) -> Result<(AdapterCard, Vec<Named>), WeightsError> {
    let (factors, metadata) = read(bytes)?;
    let json = metadata
        .get(AdapterCard::METADATA_KEY)
        .ok_or(WeightsError::NoCard)?;
    let bad = |reason: String| WeightsError::BadCard { reason };
    let card: AdapterCard = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
    if card.version != AdapterCard::VERSION {
        return Err(bad(format!(
            "it is of version {}, and version {} is read",
            card.version,
            AdapterCard::VERSION
        )));
    }
    if card.name.is_empty() || card.name.chars().count() > 64 {
        return Err(bad("the name must have 1 to 64 characters".into()));
    }
    if !(1..=Tuning::MAX_RANK).contains(&card.rank) || !(0.0..=1024.0).contains(&card.alpha) {
        return Err(bad("its rank or its alpha is out of range".into()));
    }
    Ok((card, factors))
}

/// First eight bytes of the SHA-256 of a weights file.
///
/// What a recipe names its weights by. It guards against a mix-up, not against
/// someone who means to forge one.
pub fn hash(bytes: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(bytes);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    first
}
