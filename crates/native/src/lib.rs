//! One set of features for every native build (see the manifest), and its
//! allocator.
//!
//! A training step frees and takes the same large arrays again and again. The
//! system's allocator gives them back to the kernel each time, which must then
//! clear them anew: a tenth of the time of a convolutional step. Mimalloc does so
//! too, unless it is told to keep them ([`keep_memory`]).

#[cfg(not(target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keeps memory that is freed for what is asked for next, instead of giving it back
/// to the kernel: for a program that trains, whose every step takes the same.
#[cfg(not(target_family = "wasm"))]
pub fn keep_memory() {
    /// Milliseconds until memory is given back; below 0 for never. The same number
    /// in versions 2 and 3 of mimalloc.
    const PURGE_DELAY: std::ffi::c_int = 15;
    #[allow(unsafe_code, reason = "a setting of a C library")]
    // SAFETY: it stores a number, and may be called at any time.
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, -1);
    }
}
