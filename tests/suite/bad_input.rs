//! Files and wishes that cannot be: each is refused in plain words, and the
//! studio goes on as before.

use std::collections::BTreeMap;

use expect_test::expect;
use lampwork_models::Noise;
use lampwork_protocol::{
    Command, DataSet, Failure, ModelCard, ModelConfig, NetKind, RunRecipe, Sheet,
};
use lampwork_weights::{MAX_BYTES, Named, Precision};

use crate::talk::{Talk, pictures, trained};
use lampwork_tests::{data, recipes};

fn load(card: &ModelCard) -> Command {
    Command::LoadModel {
        card: Some(card.clone()),
    }
}

/// The file with its tensors or metadata changed.
fn changed(
    bytes: &[u8],
    change: impl FnOnce(&mut Vec<Named>, &mut BTreeMap<String, String>),
) -> Vec<u8> {
    let (mut named, mut metadata) = lampwork_weights::read(bytes).expect("a file of ours");
    change(&mut named, &mut metadata);
    lampwork_weights::write(&named, &metadata, Precision::Full).expect("a file")
}

#[test]
fn weights_that_are_none_are_refused_and_the_model_before_stays() {
    let (bytes, card) = trained(&recipes::gan(NetKind::Mlp), "tiny");
    let mut talk = Talk::with_data();
    let info = talk.load(&bytes, Some(card.clone()));
    let sheet = Sheet {
        model: "tiny".to_owned(),
        weights: info.weights,
        seed: 1,
        class: Some(0),
        temperature: 1.0,
        count: 1,
        words: None,
        sampling: None,
    };
    let make = Command::Make {
        recipes: sheet.recipes(),
    };
    let before = pictures(&talk.command(make.clone()));

    let kinds: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("cut in the header", bytes[..100].to_vec()),
        ("cut by one byte", bytes[..bytes.len() - 1].to_vec()),
        ("more at its end", [bytes.as_slice(), &[0]].concat()),
        (
            "a huge header",
            [&u64::MAX.to_le_bytes(), &bytes[8..]].concat(),
        ),
        ("too large", vec![0; MAX_BYTES + 1]),
        (
            "a tensor of another shape",
            changed(&bytes, |named, _| {
                let tensor = &mut named[0];
                tensor.values.extend(tensor.values.clone());
                tensor.shape[0] *= 2;
            }),
        ),
        (
            "a tensor less",
            changed(&bytes, |named, _| {
                named.pop();
            }),
        ),
        (
            "a tensor more",
            changed(&bytes, |named, _| {
                named.push(Named {
                    name: "extra".to_owned(),
                    shape: vec![1],
                    values: vec![0.0],
                });
            }),
        ),
        ("a VAE's", trained(&recipes::vae(NetKind::Mlp, 10), "vae").0),
        (
            "a DCGAN's",
            trained(&recipes::gan(NetKind::Conv), "dcgan").0,
        ),
        ("a data set", data::packed(DataSet::Digits).to_bytes()),
    ];
    let mut said = String::new();
    for (kind, file) in kinds {
        let failure = talk.fails(load(&card), vec![file]);
        said += &format!("{kind}: {failure}\n");
    }
    // Not a number: `write` refuses it, so it is put into the bytes.
    let mut not_a_number = bytes.clone();
    let end = not_a_number.len();
    not_a_number[end - 2..].copy_from_slice(&0x7e00_u16.to_le_bytes());
    let failure = talk.fails(load(&card), vec![not_a_number]);
    said += &format!("not a number: {failure}\n");
    expect![[r#"
        nothing: this weights file cannot be read: this is not a whole safetensors file: it is only 0 bytes long
        cut in the header: this weights file cannot be read: this is not a whole safetensors file: its header claims 1416 bytes, and only 92 follow
        cut by one byte: this weights file cannot be read: this is not a whole safetensors file: incomplete metadata, file not fully covered
        more at its end: this weights file cannot be read: this is not a whole safetensors file: incomplete metadata, file not fully covered
        a huge header: this weights file cannot be read: this is not a whole safetensors file: its header claims 18446744073709551615 bytes, and at most 1048576 are taken
        too large: the file is too large: 67108865 bytes, and at most 67108864 are taken
        a tensor of another shape: these weights are for another net: "input.weight" has the shape [8, 4], and the net's is [4, 4]
        a tensor less: these weights are for another net: the net's "layers.1.bias" is missing
        a tensor more: these weights are for another net: the net has no "extra"
        a VAE's: these weights are for another net: the net's "input.weight" is missing (and 7 more)
        a DCGAN's: these weights are for another net: the net's "layers.0.weight" is missing (and 3 more)
        a data set: this weights file cannot be read: the tensor "test.labels" is of type U8, and only F16 and F32 are read
        not a number: this weights file cannot be read: the tensor "layers.1.bias" has NaN at place 783, and only finite numbers are weights
    "#]].assert_eq(&said);

    assert_eq!(pictures(&talk.command(make)), before);
}

#[test]
fn random_bytes_are_refused() {
    let (bytes, card) = trained(&recipes::vae(NetKind::Mlp, 0), "tiny");
    let mut talk = Talk::new();
    for round in 0..200 {
        let mut noise = Noise::new(round, 0);
        let random: Vec<u8> = (0..noise.below(600))
            .map(|_| noise.below(256) as u8)
            .collect();
        talk.fails(load(&card), vec![random]);
        // And a file of ours with one byte of its header changed: refused, or as
        // good as it was where the byte is of the card alone.
        let mut bent = bytes.clone();
        let header = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"));
        let at = 8 + noise.below(header as u32) as usize;
        bent[at] = noise.below(256) as u8;
        talk.ask(load(&card), vec![bent]);
    }
    let sound = talk.load(&bytes, Some(card));
    assert_eq!(sound.card.name, "tiny");
}

#[test]
fn a_dropped_file_without_a_card_or_with_a_bad_one_is_refused() {
    let (bytes, card) = trained(&recipes::gan(NetKind::Mlp), "tiny");
    let with = |json: Option<String>| {
        changed(&bytes, |_, metadata| match json {
            Some(json) => {
                metadata.insert(ModelCard::METADATA_KEY.to_owned(), json);
            }
            None => metadata.clear(),
        })
    };
    let json = |card: &ModelCard| serde_json::to_string(card).expect("a card");
    let mut wide = card.clone();
    if let ModelConfig::Gan(config) = &mut wide.recipe.model {
        config.width = 1_000_000;
    }
    let mut zero = card.clone();
    if let ModelConfig::Gan(config) = &mut zero.recipe.model {
        config.latent = 0;
    }
    let kinds = [
        ("none", None),
        ("not JSON", Some("{".to_owned())),
        (
            "newer",
            Some(json(&ModelCard {
                version: 2,
                ..card.clone()
            })),
        ),
        (
            "a name of a path",
            Some(json(&ModelCard {
                name: "../a".to_owned(),
                ..card.clone()
            })),
        ),
        ("a giant", Some(json(&wide))),
        ("a latent of nothing", Some(json(&zero))),
        (
            "of a VAE",
            Some(json(&ModelCard {
                recipe: recipes::vae(NetKind::Mlp, 0),
                ..card.clone()
            })),
        ),
    ];
    let mut said = String::new();
    let mut talk = Talk::new();
    for (kind, json) in kinds {
        let failure = talk.fails(Command::LoadModel { card: None }, vec![with(json)]);
        said += &format!("{kind}: {failure}\n");
    }
    expect![[r#"
        none: this weights file cannot be read: the file has no model card, so it does not say which net it is for
        not JSON: this weights file cannot be read: the file's model card cannot be read: EOF while parsing an object at line 1 column 1
        newer: this weights file cannot be read: the file's model card is of version 2, and this Lampwork reads up to 1: update it
        a name of a path: this weights file cannot be read: the file's model card cannot be read: the name may have letters, digits and hyphens only
        a giant: width is out of range: it is 1000000 and must be from 1 to 4096
        a latent of nothing: latent is out of range: it is 0 and must be from 1 to 256
        of a VAE: these weights are for another net: the net's "encoder.layers.0.weight" is missing (and 11 more)
    "#]].assert_eq(&said);
}

#[test]
fn a_run_is_not_lost_to_a_bad_file_or_wish() {
    let recipe = recipes::gan(NetKind::Mlp);
    let mut talk = Talk::with_run(&recipe);
    talk.command(Command::Step { steps: 2 });
    let before = talk.snapshot();
    let vae = recipes::vae(NetKind::Mlp, 10);
    let (vae_file, _) = trained(&vae, "vae");
    let restore = |recipe: &RunRecipe| Command::RestoreRun {
        recipe: recipe.clone(),
    };
    let mut said = String::new();
    let mut fail = |kind: &str, command: Command, payload: Vec<Vec<u8>>| {
        let failure = talk.fails(command, payload);
        said += &format!("{kind}: {failure}\n");
    };
    fail("no file", restore(&recipe), vec![]);
    fail(
        "a cut file",
        restore(&recipe),
        vec![before[..before.len() / 2].to_vec()],
    );
    fail("of another family", restore(&recipe), vec![vae_file]);
    fail("another family's wish", restore(&vae), vec![before.clone()]);
    let no_data = RunRecipe {
        data: DataSet::Fashion,
        ..recipe.clone()
    };
    fail("no data", Command::StartRun { recipe: no_data }, vec![]);
    for (kind, batch, micro_batch) in [
        ("a large batch", 41, 41),
        ("no batch", 0, 0),
        ("odd slices", 8, 3),
        ("no slice", 8, 0),
    ] {
        let recipe = RunRecipe {
            batch,
            micro_batch,
            ..recipe.clone()
        };
        fail(kind, Command::StartRun { recipe }, vec![]);
    }
    let mut giant = recipe.clone();
    if let ModelConfig::Gan(config) = &mut giant.model {
        config.width = usize::MAX;
    }
    fail("a giant", Command::StartRun { recipe: giant }, vec![]);
    expect![[r#"
        no file: something broke inside Lampwork: the command came without a weights file
        a cut file: this weights file cannot be read: this is not a whole safetensors file: incomplete metadata, file not fully covered
        of another family: these weights are for another net: the net's "input.weight" is missing (and 7 more)
        another family's wish: these weights are for another net: the net's "encoder.layers.0.weight" is missing (and 17 more)
        no data: the data set fashion is not loaded
        a large batch: batch is out of range: the training split has 40 examples
        no batch: batch is out of range: the training split has 40 examples
        odd slices: micro_batch is out of range: it must divide the batch of 8 into at most 64 slices
        no slice: micro_batch is out of range: it is 0 and must be from 1 to 8
        a giant: width is out of range: it is 18446744073709551615 and must be from 1 to 4096
    "#]].assert_eq(&said);
    assert_eq!(talk.snapshot(), before);
}

#[test]
fn a_bad_data_set_is_refused_and_the_one_before_stays() {
    let mut talk = Talk::with_data();
    let bytes = data::packed(DataSet::Digits).to_bytes();
    let digits = Command::LoadData {
        data: DataSet::Digits,
    };
    let kinds: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("a cut file", bytes[..bytes.len() / 2].to_vec()),
        (
            "a web page",
            b"<!doctype html><title>404</title>".repeat(20),
        ),
        ("another set", data::packed(DataSet::Fashion).to_bytes()),
        ("a changed pixel", {
            let mut bent = bytes.clone();
            let end = bent.len() - 1000;
            bent[end] ^= 1;
            bent
        }),
    ];
    let mut said = String::new();
    for (kind, file) in kinds {
        let failure = talk.fails(digits.clone(), vec![file]);
        assert!(
            matches!(failure, Failure::BadData { .. }),
            "{kind}: {failure}"
        );
        said += &format!("{kind}: {failure}\n");
    }
    expect![[r#"
        nothing: this data set cannot be read: not a safetensors file: header too small
        a cut file: this data set cannot be read: not a safetensors file: incomplete metadata, file not fully covered
        a web page: this data set cannot be read: not a safetensors file: header too large
        another set: this data set cannot be read: this is the data set fashion, and digits was asked for
        a changed pixel: this data set cannot be read: the contents do not match the card's checksum; fetch or pack the file anew
    "#]].assert_eq(&said);
    talk.command(Command::StartRun {
        recipe: recipes::vae(NetKind::Mlp, 0),
    });
    assert_eq!(talk.status().step, 0);
}
