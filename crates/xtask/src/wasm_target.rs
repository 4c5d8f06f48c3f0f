//! The wasm32 target of the compiler in use.
//!
//! rustup fetches it. Where rustup's server cannot be reached, or rustc did not
//! come from rustup, the standard library is built from Debian's `rust-src`
//! package of the same version and put into the compiler's own folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::files;
use crate::folders::Folders;
use crate::setup::version_in;
use crate::shell::{has, output, run};

/// The target that every wasm build here is for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the target can be compiled for.
pub fn ensure(folders: &Folders) -> Result<()> {
    if works()? {
        println!("   there");
        return Ok(());
    }
    if has("rustup") {
        let added = run(Command::new("rustup")
            .args(["target", "add", TARGET])
            .current_dir(&folders.root));
        match added {
            Ok(()) if works()? => return Ok(()),
            Ok(()) => println!("   rustup added it, and yet it is not there; building it instead"),
            Err(fault) => println!("   {fault:#}; building it instead"),
        }
    }
    from_debian(folders).context(
        "the wasm32 target is missing and could not be made: run \
         `rustup target add wasm32-unknown-unknown` where rustup's server can be reached",
    )?;
    if !works()? {
        bail!("the wasm32 target was built, and yet nothing compiles for it");
    }
    Ok(())
}

fn sysroot() -> Result<PathBuf> {
    Ok(output(Command::new("rustc").args(["--print", "sysroot"]))?
        .trim()
        .into())
}

/// Whether the standard library is there for the target.
fn works() -> Result<bool> {
    let folder = sysroot()?.join("lib/rustlib").join(TARGET).join("lib");
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(false);
    };
    let names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    Ok(["libcore-", "libstd-"]
        .iter()
        .all(|crate_| names.iter().any(|name| name.starts_with(crate_))))
}

/// Builds the standard library from Debian's sources.
fn from_debian(folders: &Folders) -> Result<()> {
    for program in ["apt-get", "dpkg-deb", "curl", "xz"] {
        if !has(program) {
            bail!("`{program}` is needed to build the standard library from Debian's sources");
        }
    }
    let text = output(Command::new("rustc").arg("--version"))?;
    let version = version_in(&text)
        .context("rustc does not say its version")?
        .to_owned();
    let work = folders.cache.join("rust-src").join(&version);
    fs::create_dir_all(&work)?;

    let package = fetch_sources(&version, &work)?;
    let unpacked = work.join("unpacked");
    run(Command::new("dpkg-deb")
        .arg("-x")
        .arg(&package)
        .arg(&unpacked))?;
    let source = unpacked.join("usr/src").join(format!("rustc-{version}"));
    if !source.join("library/std").is_dir() {
        bail!("{} holds no standard library", source.display());
    }

    let sysroot = sysroot()?;
    let link = sysroot.join("lib/rustlib/src/rust");
    if !link.exists() {
        fs::create_dir_all(sysroot.join("lib/rustlib/src"))?;
        std::os::unix::fs::symlink(&source, &link)
            .with_context(|| format!("cannot link the sources at {}", link.display()))?;
    }
    let built = build_std(&work)?;
    install_rlibs(
        &built,
        &sysroot.join("lib/rustlib").join(TARGET).join("lib"),
    )
}

/// The suites that carry a compiler newer than a stable Debian's own.
const SUITES: [&str; 5] = [
    "trixie-backports",
    "forky",
    "sid",
    "trixie",
    "bookworm-backports",
];

/// Downloads the `rust-src` package of this version from the mirror that apt
/// is set up with, whatever suite it is in, and checks it against the suite's list.
fn fetch_sources(version: &str, work: &Path) -> Result<PathBuf> {
    let site = mirror()?;
    for suite in SUITES {
        let list = work.join(format!("{suite}.xz"));
        let index = format!("{site}/dists/{suite}/main/binary-amd64/Packages.xz");
        let Ok(text) =
            download(&index, &list).and_then(|()| output(Command::new("xz").arg("-dc").arg(&list)))
        else {
            continue;
        };
        let Some((path, sha256)) = package_in(&text, version) else {
            continue;
        };
        let file = work.join("rust-src.deb");
        download(&format!("{site}/{path}"), &file)?;
        let found = files::sha256(&fs::read(&file)?);
        if found != sha256 {
            bail!("{path} came with the SHA-256 {found}, and {suite} lists {sha256}");
        }
        return Ok(file);
    }
    bail!(
        "apt's mirror has no package rust-src {version} in {}",
        SUITES.join(", ")
    )
}

/// The mirror that apt is set up with.
pub fn mirror() -> Result<String> {
    let sites = output(Command::new("apt-get").args(["indextargets", "--format", "$(SITE)"]))?;
    let site = sites.lines().find(|site| !site.contains("security"));
    let site = site.context("apt is set up with no mirror")?;
    Ok(site.trim_end_matches('/').to_owned())
}

/// Downloads a file of the mirror.
pub fn download(address: &str, file: &Path) -> Result<()> {
    output(
        Command::new("curl")
            .args(["-sfL", "--max-time", "300", "-o"])
            .arg(file)
            .arg(address),
    )
    .map(drop)
}

/// Path and SHA-256 of the `rust-src` package of a version in a suite's list.
fn package_in<'a>(list: &'a str, version: &str) -> Option<(&'a str, &'a str)> {
    list.split("\n\n").find_map(|entry| {
        let field = |name: &str| {
            entry
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        let upstream = field("Version")?.strip_prefix(version)?;
        let same = upstream.is_empty() || upstream.starts_with(['+', '-', '~']);
        (field("Package")? == "rust-src" && same).then_some((field("Filename")?, field("SHA256")?))
    })
}

/// Compiles the standard library for the target, by way of an empty crate.
fn build_std(work: &Path) -> Result<PathBuf> {
    let empty = work.join("empty");
    fs::create_dir_all(empty.join("src"))?;
    fs::write(
        empty.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    fs::write(empty.join("src/lib.rs"), "#![no_std]\n")?;
    let target = work.join("target");
    run(Command::new("cargo")
        .args([
            "build",
            "--release",
            "-Zbuild-std=core,alloc,std,panic_abort,panic_unwind,proc_macro,test",
            "--target",
            TARGET,
        ])
        .current_dir(&empty)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS"))?;
    Ok(target.join(TARGET).join("release/deps"))
}

/// Puts the libraries where the compiler looks for them.
///
/// Never beside others: with two candidates of `core` nothing compiles.
fn install_rlibs(built: &Path, place: &Path) -> Result<()> {
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::create_dir_all(place).with_context(|| format!("cannot write to {}", place.display()))?;
    let mut count = 0;
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty") {
            fs::copy(&path, place.join(&name))?;
            count += 1;
        }
    }
    println!("   {count} libraries put into {}", place.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::package_in;

    const LIST: &str = "\
Package: rust-src
Version: 1.93.1+dfsg1-2~bpo13+1
Filename: pool/rust-src_1.93.1.deb
SHA256: aa

Package: rust-doc
Version: 1.95.0+dfsg1-2
Filename: pool/rust-doc_1.95.0.deb
SHA256: bb

Package: rust-src
Source: rustc
Version: 1.95.0+dfsg1-2~bpo13+1
Filename: pool/rust-src_1.95.0.deb
SHA256: cc
";

    #[test]
    fn the_package_of_the_compilers_own_version_is_found() {
        assert_eq!(
            package_in(LIST, "1.95.0"),
            Some(("pool/rust-src_1.95.0.deb", "cc"))
        );
    }

    #[test]
    fn another_version_is_not_taken_for_it() {
        assert_eq!(package_in(LIST, "1.9"), None);
        assert_eq!(package_in(LIST, "1.96.0"), None);
    }
}
