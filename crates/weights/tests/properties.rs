//! Properties that hold for every file.

mod common;

use std::collections::BTreeMap;

use lampwork_weights::{Named, Precision, read, write};
use proptest::prelude::*;

/// Any finite value, also the denormal ones.
fn value() -> impl Strategy<Value = f32> {
    any::<u32>().prop_map(|bits| {
        let value = f32::from_bits(bits);
        if value.is_finite() { value } else { 0.0 }
    })
}

fn tensors() -> impl Strategy<Value = Vec<Named>> {
    let shape = prop::collection::vec(1usize..4, 0..5);
    let tensor = shape.prop_flat_map(|shape| {
        let count = shape.iter().product::<usize>();
        (Just(shape), prop::collection::vec(value(), count))
    });
    let names = prop::collection::btree_map("\\PC{1,40}", tensor, 0..6);
    names.prop_map(|map| {
        map.into_iter()
            .map(|(name, (shape, values))| Named {
                name,
                shape,
                values,
            })
            .collect()
    })
}

fn metadata() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map(".{0,20}", ".{0,60}", 0..4)
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(tensors in tensors(), metadata in metadata()) {
        let bytes = write(&tensors, &metadata, Precision::Full).unwrap();
        let (found, about) = read(&bytes).unwrap();
        prop_assert_eq!(found, tensors);
        prop_assert_eq!(about, metadata);
    }

    #[test]
    fn half_precision_is_idempotent(tensors in tensors()) {
        // Values that half precision cannot hold are refused; the others, once
        // rounded, stay as they are.
        if let Ok(bytes) = write(&tensors, &BTreeMap::new(), Precision::Half) {
            let (rounded, _) = read(&bytes).unwrap();
            let again = write(&rounded, &BTreeMap::new(), Precision::Half).unwrap();
            prop_assert_eq!(bytes, again);
        } else {
            let largest = tensors.iter().flat_map(|t| &t.values).fold(0f32, |m, v| m.max(v.abs()));
            prop_assert!(largest >= 65520.0);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_header_is_read_or_refused(header in "\\PC{0,200}", data in prop::collection::vec(any::<u8>(), 0..32)) {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        let _ = read(&bytes);
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(
        tensors in tensors(),
        metadata in metadata(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = write(&tensors, &metadata, Precision::Half)
            .or_else(|_| write(&tensors, &metadata, Precision::Full))
            .unwrap();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        // What is still read keeps every promise of `read`: it can be written.
        if let Ok((found, about)) = read(&bytes) {
            prop_assert!(write(&found, &about, Precision::Full).is_ok());
        }
    }

    #[test]
    fn a_truncated_file_is_refused(tensors in tensors(), at in any::<prop::sample::Index>()) {
        let bytes = write(&tensors, &BTreeMap::new(), Precision::Full).unwrap();
        prop_assert!(read(&bytes[..at.index(bytes.len())]).is_err());
    }
}
