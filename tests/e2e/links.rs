//! Links and files that come from anyone: each gets plain words, and the page
//! goes on.

use lampwork_protocol::{Latent, Recipe, Shape, link};

use crate::browser::Kind;
use crate::page::{Page, visit};

fn recipe(model: &str, weights: [u8; 8]) -> Recipe {
    let latent = Latent::Draw {
        seed: 1,
        index: 0,
        temperature: 1.0,
        class: Some(1),
    };
    Recipe {
        model: model.to_owned(),
        weights,
        latent,
        sampling: None,
        start: None,
    }
}

/// The link of a later version: another first byte, and a checksum that fits.
fn newer() -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut bytes = URL_SAFE_NO_PAD
        .decode(link::encode(&recipe("gan-fashion", [0; 8])))
        .expect("base64");
    bytes[0] = 200;
    let end = bytes.len() - 4;
    let sum = crc32(&bytes[..end]);
    bytes[end..].copy_from_slice(&sum.to_le_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// CRC-32 as in PNG, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                (sum >> 1) ^ 0xedb8_8320
            } else {
                sum >> 1
            }
        })
    })
}

fn says(page: &Page, address: &str, words: &str) {
    page.open_anew(address);
    page.wait_text("trouble", words);
    // The rest of the page is there all the same.
    page.drawn("sheet-0");
    page.click("trouble-dismiss");
    page.wait("quiet", || page.text("trouble").is_empty().then_some(()));
}

#[test]
fn bad_links_are_explained() {
    visit(Kind::Plain, "", |page| {
        let good = link::encode(&recipe("gan-fashion", [0; 8]));
        let cut = &good[..good.len() - 3];
        says(page, &format!("#/?pick={cut}"), "cannot be read");
        says(
            page,
            "#/?pick=%3Cscript%3Ealert(1)%3C/script%3E",
            "cannot be read",
        );
        says(
            page,
            &format!("#/?pick={}", "A".repeat(20_000)),
            "cannot be read",
        );
        says(page, &format!("#/?pick={}", newer()), "is of version 200");
        says(
            page,
            &format!("#/?pick={}", link::encode(&recipe("cherubim", [0; 8]))),
            "cherubim",
        );
        let too_hot = Recipe {
            latent: Latent::Draw {
                seed: 1,
                index: 0,
                temperature: 1e30,
                class: None,
            },
            ..recipe("gan-fashion", [0; 8])
        };
        says(
            page,
            &format!("#/?pick={}", link::encode(&too_hot)),
            "cannot be read",
        );
        // A missing model is a file that is not there.
        page.driver.log("browser");
    });
}

#[test]
fn a_link_made_with_other_weights_says_so_and_can_be_made_anew() {
    visit(Kind::Plain, "", |page| {
        page.open_anew(&format!(
            "#/?pick={}",
            link::encode(&recipe("gan-fashion", [1; 8]))
        ));
        page.wait_text("trouble", "other weights");
        page.click("make-anew");
        page.drawn("detail-picture");
        page.wait("quiet", || page.text("trouble").is_empty().then_some(()));
    });
}

#[test]
fn a_hostile_state_in_the_address_is_brought_into_range() {
    let query = "tool=../x&seed=-1&class=99&temperature=NaN&count=1e9&a=%00&t=inf";
    visit(Kind::Plain, &format!("#/?{query}"), |page| {
        page.drawn("sheet-0");
        assert_eq!(page.value("temperature"), "1");
        page.open_anew(
            "#/workbench?family=x&net=%00&width=99999999&learning_rate=NaN&batch=-5&seed=1e400",
        );
        page.wait("a run that stands", || {
            page.has("workbench-step-count").then_some(())
        });
        page.wait("the first steps", || {
            (page.text("workbench-step-count") != "0").then_some(())
        });
        // A model that is none is named, and another can be chosen.
        page.open_anew("#/?model=..%2f..%2fetc");
        page.wait_text("progress", "../../etc is not here");
        page.click("model-gan-digits");
        page.drawn("sheet-0");
        let strange = |path: &String| path.contains("etc");
        assert!(!page.site.asked().iter().any(strange));
        page.open_anew("#/nowhere/at/all");
        page.drawn("sheet-0");
    });
}

#[test]
fn pngs_without_a_recipe_or_with_a_forged_one_are_explained() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        let grey = vec![90; 784];
        let other =
            lampwork_pictures::single(&grey, Shape::GREY, 1, Some(&recipe("gan-fashion", [9; 8])));
        let bare = lampwork_pictures::single(&grey, Shape::GREY, 1, None);
        // One letter of the recipe's text changed; the chunk's own checksum too.
        let forged = forge(&other);
        for (name, bytes, words) in [
            ("bare.png", bare, "holds none"),
            (
                "cut.png",
                other[..other.len() / 2].to_vec(),
                "cannot be read",
            ),
            (
                "not.png",
                b"GIF89a, or so it says".to_vec(),
                "cannot be read",
            ),
            ("empty.png", vec![], "cannot be read"),
            ("forged.png", forged, "cannot be read"),
            ("other.png", other, "other weights"),
        ] {
            page.drop_file("pictures-drop", name, &bytes);
            page.wait_text("trouble", words);
            page.click("trouble-dismiss");
            page.wait("quiet", || page.text("trouble").is_empty().then_some(()));
        }
        page.drawn("sheet-0");
    });
}

/// The file with one letter of its recipe changed, and checksums that fit.
fn forge(file: &[u8]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    let mut at = 8;
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        let chunk = at + 4..at + 8 + length;
        if bytes[chunk.clone()]
            .windows(15)
            .any(|part| part == b"lampwork:recipe")
        {
            let last = chunk.end - 6;
            bytes[last] = if bytes[last] == b'A' { b'B' } else { b'A' };
            let sum = crc32(&bytes[chunk.clone()]);
            bytes[chunk.end..chunk.end + 4].copy_from_slice(&sum.to_be_bytes());
            return bytes;
        }
        at = chunk.end + 4;
    }
    panic!("no recipe to forge");
}
