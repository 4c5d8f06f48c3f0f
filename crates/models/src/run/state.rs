//! A run as named arrays, and back.

use lampwork_weights::Named;

use crate::ModelError;

/// A count of steps as `PREFIX.steps`: two numbers that single precision holds
/// exactly.
pub(super) fn steps(prefix: &str, steps: u64) -> Named {
    Named {
        name: format!("{prefix}.steps"),
        shape: vec![2],
        values: vec![(steps >> 20) as f32, (steps & 0xf_ffff) as f32],
    }
}

/// The count of steps that [`steps`] wrote; 0 where there is none.
pub(super) fn steps_of(named: &[Named], prefix: &str) -> u64 {
    let name = format!("{prefix}.steps");
    match named
        .iter()
        .find(|n| n.name == name)
        .map(|n| n.values.as_slice())
    {
        Some([high, low]) => ((*high as u64) << 20) + *low as u64,
        _ => 0,
    }
}

/// Named arrays under `prefix.`, the prefix taken off.
pub(super) fn under(named: &[Named], prefix: &str) -> Vec<Named> {
    named
        .iter()
        .filter_map(|n| {
            let name = n.name.strip_prefix(prefix)?.strip_prefix('.')?;
            Some(Named {
                name: name.to_owned(),
                ..n.clone()
            })
        })
        .collect()
}

/// The same arrays under `prefix.`.
pub(super) fn prefixed(named: Vec<Named>, prefix: &str) -> impl Iterator<Item = Named> {
    let prefix = prefix.to_owned();
    named.into_iter().map(move |n| Named {
        name: format!("{prefix}.{}", n.name),
        ..n
    })
}

/// Reads flat tensors in one go.
pub(super) async fn read_state(
    state: Vec<(String, burn::tensor::Tensor<1>)>,
) -> Result<Vec<Named>, ModelError> {
    let mut transaction = burn::tensor::Transaction::default();
    let mut names = Vec::with_capacity(state.len());
    for (name, tensor) in state {
        names.push(name);
        transaction = transaction.register(tensor);
    }
    let data = transaction.execute_async().await?;
    names
        .into_iter()
        .zip(data)
        .map(|(name, data)| {
            let values: Vec<f32> = data
                .try_into_vec()
                .map_err(|e| ModelError::Device(format!("{e:?}")))?;
            Ok(Named {
                name,
                shape: vec![values.len()],
                values,
            })
        })
        .collect()
}
