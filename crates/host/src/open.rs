//! Opening a device. Which ways there are, the leaves decide by features.

#[cfg(feature = "cpu")]
/// The CPU, by burn-flex, in the caller's thread.
pub fn cpu() -> (burn::tensor::Device, lampwork_protocol::DeviceInfo) {
    let info = lampwork_protocol::DeviceInfo {
        kind: lampwork_protocol::DeviceKind::Cpu,
        name: "CPU".to_owned(),
        backend: "burn-flex".to_owned(),
        software: false,
    };
    (burn::tensor::Device::flex(), info)
}

#[cfg(feature = "webgpu")]
/// The graphics adapter, by WebGPU in a browser.
///
/// `name` and `software` are what the host learned of the adapter, which burn
/// does not tell.
///
/// # Errors
///
/// [`lampwork_protocol::Failure::NoDevice`] if there is none. To be called once
/// in a worker's life.
pub async fn webgpu(
    name: String,
    software: bool,
) -> Result<(burn::tensor::Device, lampwork_protocol::DeviceInfo), lampwork_protocol::Failure> {
    let device = burn::tensor::Device::wgpu_options()
        .init_async()
        .await
        .map_err(|error| lampwork_protocol::Failure::NoDevice {
            device: "WebGPU".to_owned(),
            reason: error.to_string(),
        })?;
    let backend = if cfg!(feature = "fusion") {
        "burn-wgpu with fusion"
    } else {
        "burn-wgpu"
    };
    let info = lampwork_protocol::DeviceInfo {
        kind: lampwork_protocol::DeviceKind::WebGpu,
        name,
        backend: backend.to_owned(),
        software,
    };
    Ok((device, info))
}
