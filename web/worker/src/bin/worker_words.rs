//! The CPU worker of words: burn-flex in the worker's own thread.

#[cfg(target_family = "wasm")]
fn main() {
    lampwork_worker::watch_for_faults();
    lampwork_worker::listen_for_faults();
    let (device, info) = lampwork_host::open::cpu();
    let desk = lampwork_desk::Desk::new(device, info, lampwork_worker::now);
    wasm_bindgen_futures::spawn_local(lampwork_worker::serve(desk));
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    eprintln!("this is a web worker: build it by `cargo xtask workers`");
}
