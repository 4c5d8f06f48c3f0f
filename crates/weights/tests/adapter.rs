//! Adapters to files and back, and what is refused.

mod common;

use std::collections::BTreeMap;

use common::named;
use lampwork_protocol::AdapterCard;
use lampwork_weights::{Precision, WeightsError, read_adapter, write, write_adapter};

fn card() -> AdapterCard {
    AdapterCard {
        version: AdapterCard::VERSION,
        name: "月下 notes".into(),
        model: "poems".into(),
        weights: "0123456789abcdef".into(),
        rank: 4,
        alpha: 8.0,
        steps: 120,
        held_out: Some([3.5, 3.0]),
    }
}

/// What reading a changed card says.
#[track_caller]
fn refusal(change: impl FnOnce(&mut AdapterCard)) -> String {
    let mut changed = card();
    change(&mut changed);
    let bytes = write_adapter(&changed, &[named("a", &[1], &[0.5])]).unwrap();
    read_adapter(&bytes).unwrap_err().to_string()
}

#[test]
fn an_adapter_comes_back() {
    let factors = vec![named("layers.0.up.weight.lora.a", &[2, 1], &[0.5, -1.0])];
    let bytes = write_adapter(&card(), &factors).unwrap();
    assert_eq!(read_adapter(&bytes).unwrap(), (card(), factors));
}

#[test]
fn what_is_no_adapter_is_refused() {
    let plain = write(
        &[named("a", &[1], &[0.5])],
        &BTreeMap::new(),
        Precision::Half,
    )
    .unwrap();
    assert!(matches!(read_adapter(&plain), Err(WeightsError::NoCard)));
    assert!(refusal(|card| card.version = 2).contains("version 2"));
    assert!(refusal(|card| card.name.clear()).contains("name"));
    assert!(refusal(|card| card.name = "長".repeat(65)).contains("name"));
    assert!(refusal(|card| card.rank = 0).contains("rank"));
    assert!(refusal(|card| card.rank = 1 << 40).contains("rank"));
    assert!(refusal(|card| card.alpha = -1.0).contains("alpha"));
}
