//! How Chromium is started.

use std::path::Path;

use serde_json::{Value, json};

/// Of what kind the browser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Without WebGPU, as on many a visitor's machine.
    Plain,
    /// With WebGPU on SwiftShader, a software adapter.
    WebGpu,
}

/// Chromium's options, with what it downloads going into `folder`.
pub fn options(kind: Kind, folder: &Path) -> Value {
    let profile = folder.join("profile");
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-quic".to_owned(),
        "--disable-sync".to_owned(),
        "--lang=en-US".to_owned(),
        "--window-size=1440,1000".to_owned(),
        format!("--user-data-dir={}", profile.display()),
        // Nothing but this machine can be reached, whatever the page tries.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_owned(),
    ];
    match kind {
        Kind::Plain => arguments.push("--disable-features=WebGPU,WebGPUService".to_owned()),
        Kind::WebGpu => {
            arguments.push("--enable-unsafe-webgpu".to_owned());
            arguments.push("--use-webgpu-adapter=swiftshader".to_owned());
        }
    }
    json!({
        "args": arguments,
        "prefs": {
            "download.default_directory": folder.join("downloads"),
            "download.prompt_for_download": false,
            "intl.accept_languages": "en-US,en",
        },
    })
}
