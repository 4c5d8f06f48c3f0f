//! The folder to host.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::shell::{PAGE_FLAGS, run, step};
use crate::stage::SUB_PATH;
use crate::{compress, files, not_found, optimise, setup, sizes, split};

/// How the folder is made.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Where on its server the site will be, if not at the root. Only the page
    /// for missing addresses needs to know; everything else is relative.
    #[arg(long, default_value = "/", value_name = "PATH")]
    sub_path: String,
    /// Pass the wasm through binaryen's optimiser (npm, about ten minutes).
    #[arg(long)]
    optimise: bool,
    /// The folder to write [default: dist].
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

/// The page's content security policy; `deploy/` sends the same as a header.
pub const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
style-src 'self'; img-src 'self' blob: data:; worker-src 'self'; connect-src 'self'; \
object-src 'none'; base-uri 'self'; form-action 'none'";

/// Makes the folder and returns it.
pub fn dist(options: &Options, folders: &Folders) -> Result<PathBuf> {
    let base = not_found::normal_base(&options.sub_path)?;
    setup::build_tools(folders)?;
    setup::splitter(folders)?;
    let into = options.into.clone().unwrap_or_else(|| folders.dist());
    step("page and workers", || {
        run(trunk(folders)?
            .args(["build", "--release", "--dist"])
            .arg(&into)
            .args(["--features", split::FEATURE])
            .env(split::ASKED, "1")
            .env(SUB_PATH, &base))
    })?;
    if options.optimise {
        step("optimise the wasm", || optimise::folder(&into, folders))?;
    }
    step("content security policy", || add_policy(&into))?;
    step("compress", || {
        let count = compress::folder(&into, folders)?;
        println!("   {count} files");
        Ok(())
    })?;
    match sizes::table(&into) {
        Ok(table) => println!("\n{table}"),
        // A site of other models than ours is still a site.
        Err(fault) => println!("\nno table of sizes: {fault:#}"),
    }
    println!("the site is in {}", into.display());
    Ok(into)
}

/// A call of trunk that finds the project's tools and builds into its cache.
pub fn trunk(folders: &Folders) -> Result<Command> {
    let mut command = Command::new(folders.tools_bin().join("trunk"));
    command
        .current_dir(&folders.root)
        .env("PATH", folders.path()?)
        .env("CARGO_TARGET_DIR", folders.target_wasm())
        .env(PAGE_FLAGS.0, PAGE_FLAGS.1)
        // Trunk reads NO_COLOR as a value of its own and refuses any but true and false.
        .env_remove("NO_COLOR")
        // The hook need not build this program anew.
        .env("LAMPWORK_XTASK", std::env::current_exe()?);
    Ok(command)
}

/// Writes the policy into the page, for hosts that send no headers of ours.
fn add_policy(site: &Path) -> Result<()> {
    let page = site.join("index.html");
    let html =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    files::write(&page, with_policy(&html)?)
}

/// The policy holds for what comes after it, so it goes first, behind the
/// character set alone.
fn with_policy(html: &str) -> Result<String> {
    const BEFORE: &str = "<meta charset=\"utf-8\">";
    let Some(at) = html.find(BEFORE).map(|at| at + BEFORE.len()) else {
        bail!("the page has no {BEFORE} to put its content security policy behind");
    };
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    Ok(format!("{}{meta}{}", &html[..at], &html[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_stands_before_everything_it_governs() -> Result<()> {
        let html =
            with_policy("<html><head><meta charset=\"utf-8\"><link href=\"a.css\"></head></html>")?;
        let policy = html
            .find("Content-Security-Policy")
            .context("it is there")?;
        assert!(policy < html.find("a.css").context("so is the link")?);
        assert!(with_policy("<p>no head</p>").is_err());
        Ok(())
    }

    #[test]
    fn no_inline_script_and_no_other_origin_is_allowed() {
        assert!(POLICY.contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert!(
            !POLICY.contains("http") && !POLICY.contains("unsafe-inline") && !POLICY.contains('*')
        );
    }

    #[test]
    fn the_servers_send_the_policy_that_stands_in_the_page() -> Result<()> {
        let deploy = Folders::find()?.root.join("deploy");
        for file in ["nginx.conf", "Caddyfile"] {
            let text = fs::read_to_string(deploy.join(file))?;
            // Framing can be forbidden by a header alone.
            let header = format!("\"{POLICY}; frame-ancestors 'none'\"");
            assert!(text.contains(&header), "{file} lacks {header}");
        }
        Ok(())
    }
}
