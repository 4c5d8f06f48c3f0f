//! The WebGPU worker.

#[cfg(target_family = "wasm")]
fn main() {
    lampwork_worker::watch_for_faults();
    lampwork_worker::listen_for_faults();
    wasm_bindgen_futures::spawn_local(async {
        let Some(adapter) = lampwork_worker::find_adapter().await else {
            lampwork_worker::tell(no_device("the browser offers no WebGPU adapter"));
            return;
        };
        match lampwork_studio::open::webgpu(adapter.name, adapter.software).await {
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
