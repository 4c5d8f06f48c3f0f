//! `--device`: which of burn's backends does the arithmetic.

use anyhow::{Result, bail};
use burn::tensor::Device;
use clap::ValueEnum;

/// A device that the command line can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeviceName {
    /// The CPU (burn-flex, SIMD, all cores).
    Cpu,
    /// A GPU through wgpu, whichever graphics interface it settles on.
    Wgpu,
    /// A GPU through Vulkan.
    Vulkan,
    /// An NVIDIA GPU through CUDA.
    Cuda,
}

impl DeviceName {
    /// The name on the command line; also the cargo feature that compiles it in.
    pub fn name(self) -> &'static str {
        match self {
            DeviceName::Cpu => "cpu",
            DeviceName::Wgpu => "wgpu",
            DeviceName::Vulkan => "vulkan",
            DeviceName::Cuda => "cuda",
        }
    }

    fn compiled(self) -> bool {
        match self {
            DeviceName::Cpu => cfg!(feature = "cpu"),
            DeviceName::Wgpu => cfg!(feature = "wgpu"),
            DeviceName::Vulkan => cfg!(feature = "vulkan"),
            DeviceName::Cuda => cfg!(feature = "cuda"),
        }
    }
}

/// Every device that this binary was built with.
pub fn compiled() -> Vec<&'static str> {
    DeviceName::value_variants()
        .iter()
        .filter(|device| device.compiled())
        .map(|device| device.name())
        .collect()
}

/// Opens a device.
///
/// # Errors
/// Where this binary was built without it; the message says how to build it.
pub fn open(device: DeviceName) -> Result<Device> {
    match device {
        #[cfg(feature = "cpu")]
        DeviceName::Cpu => Ok(Device::flex()),
        #[cfg(feature = "wgpu")]
        DeviceName::Wgpu => Ok(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "vulkan")]
        DeviceName::Vulkan => Ok(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "cuda")]
        DeviceName::Cuda => Ok(Device::cuda(0)),
        #[allow(unreachable_patterns)] // Every backend can be compiled in.
        missing => {
            let name = missing.name();
            bail!(
                "this `train` was built without {name}: build it with `cargo build -p train --features {name}` \
                 (it has {})",
                compiled().join(", ")
            )
        }
    }
}

/// What the model card says it was trained on.
pub fn describe(device: DeviceName) -> String {
    let backend = match device {
        DeviceName::Cpu => "burn-flex",
        DeviceName::Wgpu => "burn-wgpu",
        DeviceName::Vulkan => "burn-wgpu, Vulkan",
        DeviceName::Cuda => "burn-cuda",
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    match (device, processor()) {
        (DeviceName::Cpu, Some(name)) => format!("{name}, {threads} threads ({backend})"),
        (DeviceName::Cpu, None) => format!("CPU, {threads} threads ({backend})"),
        _ => format!("{} ({backend})", device.name()),
    }
}

/// The processor's name as Linux tells it.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_opened_or_says_which_feature_it_needs() {
        for device in DeviceName::value_variants() {
            if device.compiled() {
                continue; // Opening a GPU needs one; the CPU is opened by every other test.
            }
            let message = open(*device).unwrap_err().to_string();
            let feature = format!("--features {}", device.name());
            assert!(message.contains(&feature), "{message}");
        }
        assert_eq!(compiled().contains(&"cpu"), cfg!(feature = "cpu"));
    }
}
