//! The WebGPU worker, of pictures or of words.

#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the linker makes it")]
unsafe extern "C" {
    /// Runs the module's constructors; the linker makes it.
    fn __wasm_call_ctors();
}

#[cfg(target_family = "wasm")]
#[allow(
    unsafe_code,
    reason = "the linker's own function can be called no other way"
)]
fn main() {
    // The compiler of kernels registers its dialects in thousands of constructors.
    // Where nobody calls them, wasm-ld takes each export for a program of its own
    // and runs them all at every call from JavaScript: more than half of a step.
    // SAFETY: called once, before anything that they register is asked for.
    unsafe { __wasm_call_ctors() };
    lampwork_worker::watch_for_faults();
    lampwork_worker::listen_for_faults();
    wasm_bindgen_futures::spawn_local(async {
        let Some(adapter) = lampwork_worker::find_adapter().await else {
            lampwork_worker::tell(no_device("the browser offers no WebGPU adapter"));
            return;
        };
        match lampwork_host::open::webgpu(adapter.name, adapter.software).await {
            // Two of them can run side by side, one of each.
            Ok((device, info)) if lampwork_worker::scope().name() == "words" => {
                let desk = lampwork_desk::Desk::new(device, info, lampwork_worker::now);
                lampwork_worker::serve(desk).await;
            }
            Ok((device, info)) => {
                let studio = lampwork_studio::Studio::new(device, info, lampwork_worker::now);
                lampwork_worker::serve(studio).await;
            }
            Err(failure) => lampwork_worker::tell(lampwork_protocol::Event::Failed(failure)),
        }
    });
}

#[cfg(target_family = "wasm")]
fn no_device(reason: &str) -> lampwork_protocol::Event {
    lampwork_protocol::Event::Failed(lampwork_protocol::Failure::NoDevice {
        device: "WebGPU".to_owned(),
        reason: reason.to_owned(),
    })
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    eprintln!("this is a web worker: build it by `cargo xtask workers`");
}
