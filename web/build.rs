//! Turns `locales/` into a module of translations, and has a page that is to be
//! split linked with its relocations.
//!
//! A key that stands in one language and not in the other stops the build.

use std::{env, error::Error, fs, path::PathBuf};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");

    // `wasm-split-cli` tells by them what calls what.
    let wasm = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm");
    if wasm && env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }

    let config = Config::new("en")?
        .add_locale("zh")?
        .add_namespaces([
            "shell",
            "pictures",
            "words",
            "workbench",
            "explain",
            "failure",
            "measures",
        ])?
        // Words with a number in them are needed as plain strings too: labels, titles.
        .parse_options(ParseOptions::new().interpolate_display(true));
    let locales = parse_locales(None, config)?;
    let complaints: Vec<String> = locales
        .diag
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    if !complaints.is_empty() {
        return Err(complaints.join("\n").into());
    }

    let code = leptos_i18n_codegen::gen_code(&locales, None, true, None, false)?;
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(folder.join("i18n.rs"), code.to_string())?;
    Ok(())
}
