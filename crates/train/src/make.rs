//! Pictures from a model, many at once.

use anyhow::Result;
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_models::Sampler;
use lampwork_protocol::{Latent, Sampling};

use crate::words;

/// Pictures computed at once: enough to fill the cores, little enough memory.
const AT_ONCE: usize = 256;

/// Pictures at these latents, `[count, values]` in 0..1; a flow makes them as
/// `sampling` says, or its usual way.
///
/// # Errors
/// Where a latent does not fit the model, or the device fails.
pub fn pictures(
    sampler: &Sampler,
    latents: &[Latent],
    sampling: Option<Sampling>,
    device: &Device,
) -> Result<Vec<f32>> {
    let mut made = Vec::new();
    for latents in latents.chunks(AT_ONCE) {
        let points = latents
            .iter()
            .map(|latent| sampler.space().point_said(latent, &words::meaning))
            .collect::<Result<Vec<_>, _>>()?;
        let mut making = sampler.begin(&points, &[], sampling, device);
        while !sampler.advance(&mut making) {}
        made.extend(read(making.pictures())?);
    }
    Ok(made)
}

/// Reads a tensor's values.
///
/// # Errors
/// Where the device fails.
pub fn read<const D: usize>(tensor: burn::tensor::Tensor<D>) -> Result<Vec<f32>> {
    let data = block_on(tensor.into_data_async())
        .map_err(|error| anyhow::anyhow!("the device failed: {error:?}"))?;
    data.try_into_vec::<f32>()
        .map_err(|error| anyhow::anyhow!("the device gave other numbers than asked for: {error:?}"))
}

/// The draws of a sheet: number `index` of `seed`, its class as `class` says.
pub fn draws(
    seed: u64,
    count: u32,
    temperature: f32,
    class: impl Fn(u32) -> Option<u8>,
) -> Vec<Latent> {
    (0..count)
        .map(|index| Latent::Draw {
            seed,
            index,
            temperature,
            class: class(index),
        })
        .collect()
}

/// A class for each of a row of pictures, all equally often: column by column.
pub fn every_class(classes: usize) -> impl Fn(u32) -> Option<u8> {
    move |index| (classes > 0).then(|| (index as usize % classes) as u8)
}
