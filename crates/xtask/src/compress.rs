//! Compressed copies beside the files of the site, for servers that send them.

use std::fs;
use std::io::Write;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files;
use crate::folders::Folders;

/// What compresses; pictures and woff2 fonts are compressed already.
const COMPRESSIBLE: [&str; 11] = [
    "html",
    "js",
    "css",
    "wasm",
    "json",
    "svg",
    "txt",
    "safetensors",
    "xml",
    "webmanifest",
    "ttf",
];

/// Below this, the header that says so costs more than is saved.
const SMALLEST: u64 = 256;

/// Whether a file is worth it.
pub fn is_compressible(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| COMPRESSIBLE.contains(&extension))
}

/// Above this, what zopfli saves is not worth its time: nothing of a first visit
/// is as large.
const SOUGHT: usize = 4 << 20;

/// gzip as small as it gets: by zopfli, which saves a twentieth of zlib's best and
/// takes seconds a megabyte.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.len() <= SOUGHT {
        let mut out = Vec::new();
        let options = zopfli::Options {
            iteration_count: const { NonZeroU64::new(8).expect("eight") },
            // Its usual 15 are meant for files of some kilobytes.
            maximum_block_splits: 100,
            ..zopfli::Options::default()
        };
        zopfli::compress(options, zopfli::Format::Gzip, bytes, &mut out)?;
        return Ok(out);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Brotli at its best level.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out)
}

/// Writes `FILE.gz` and `FILE.br` beside every file that is smaller for it;
/// returns how many files got one.
///
/// Results are kept in the cache by content, as brotli takes seconds a megabyte
/// and most files are those of the last build.
pub fn folder(site: &Path, folders: &Folders) -> Result<usize> {
    let cache = folders.cache.join("compressed");
    fs::create_dir_all(&cache)?;
    let mut work: Vec<PathBuf> = Vec::new();
    for file in files::files_below(site)? {
        let path = site.join(file);
        if is_compressible(&path) && fs::metadata(&path)?.len() >= SMALLEST {
            work.push(path);
        }
    }
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(path) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(fault) = one(path, &cache)
                        && let Ok(mut faults) = faults.lock()
                    {
                        faults.push(format!("{}: {fault:#}", path.display()));
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap_or_default();
    if !faults.is_empty() {
        bail!("cannot compress {}", faults.join("; "));
    }
    Ok(work.len())
}

/// A way to compress.
type Compress = fn(&[u8]) -> Result<Vec<u8>>;

fn one(path: &Path, cache: &Path) -> Result<()> {
    let bytes = fs::read(path)?;
    let hash = files::sha256(&bytes);
    let ways: [(&str, Compress); 2] = [("gz", gzip), ("br", brotli)];
    for (extension, compress) in ways {
        // Not what an earlier version of this kept as `.gz`.
        let kept = cache.join(match extension {
            "gz" => format!("{hash}.zopfli8.gz"),
            _ => format!("{hash}.{extension}"),
        });
        let small = match fs::read(&kept) {
            Ok(small) => small,
            Err(_) => {
                let small = compress(&bytes)?;
                // Another chore may be writing the same file.
                let aside = cache.join(format!("{hash}.{extension}.{}", std::process::id()));
                fs::write(&aside, &small)?;
                fs::rename(&aside, &kept)?;
                small
            }
        };
        if small.len() < bytes.len() {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{extension}"));
            fs::write(&name, &small).context("cannot write the compressed copy")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_compressed_comes_back_whole() -> Result<()> {
        let bytes: Vec<u8> = (0..20_000u32).map(|i| (i * i / 7 % 61) as u8).collect();
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&gzip(&bytes)?[..]).read_to_end(&mut back)?;
        assert_eq!(back, bytes);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(&bytes)?[..], &mut back)?;
        assert_eq!(back, bytes);
        Ok(())
    }

    #[test]
    fn only_what_gains_is_compressed() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let site = folder.path().join("site");
        let folders = Folders {
            root: folder.path().to_path_buf(),
            cache: folder.path().join("cache"),
        };
        files::write(&site.join("page.html"), "long ".repeat(200))?;
        files::write(&site.join("short.html"), "short")?;
        files::write(&site.join("face.woff2"), "long ".repeat(200))?;
        assert_eq!(super::folder(&site, &folders)?, 1);
        assert!(site.join("page.html.gz").is_file() && site.join("page.html.br").is_file());
        assert!(!site.join("short.html.gz").exists() && !site.join("face.woff2.br").exists());
        Ok(())
    }
}
