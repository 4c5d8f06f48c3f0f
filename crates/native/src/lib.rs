//! One set of features for every native build (see the manifest), and its
//! allocator.
//!
//! A training step frees and takes the same large arrays again and again. The
//! system's allocator gives them back to the kernel each time, which must then
//! clear them anew: a tenth of the time of a convolutional step.

#[cfg(not(target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
