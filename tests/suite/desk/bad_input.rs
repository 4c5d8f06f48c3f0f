//! Files and wishes that cannot be: each is refused in plain words, and the desk goes on
//! as before.

use expect_test::expect;
use lampwork_protocol::words::{
    Adapter, Charset, Command, Event, Keep, MAX_FILE, Poem, RunOrder, Source, TextPrompt,
    TextRecipe,
};
use lampwork_protocol::{DataSet, ModelConfig};
use lampwork_tests::text;

use super::talk::{Talk, base, corpus, order, passage, quatrain, recipe, trained};

#[test]
fn files_that_are_no_text_are_refused() {
    let mut talk = Talk::new();
    let cases: [(&str, Vec<u8>); 8] = [
        ("empty", vec![]),
        ("blank", b" \n\t\n".to_vec()),
        ("huge", vec![b'a'; MAX_FILE + 1]),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("zeros", vec![0; 64]),
        ("half of UTF-16", vec![0xFF, 0xFE, 0x61]),
        (
            "one byte a letter",
            b"caf\xE9 na\xEFve, and all the rest of it".to_vec(),
        ),
        ("GB 18030", vec![0xB4, 0xB2, 0xC7, 0xB0, 0xC3, 0xF7]),
    ];
    let mut said = String::new();
    for (name, bytes) in cases {
        let failure = talk.fails(Command::OpenText, vec![bytes]);
        said += &format!("{name}: {failure}\n");
    }
    expect![[r#"
        empty: this text cannot be read: it is empty
        blank: this text cannot be read: it is blank
        huge: the file is too large: 4194305 bytes, and at most 4194304 are taken
        a picture: this text cannot be read: it is a binary file and no text
        zeros: this text cannot be read: it is a binary file and no text
        half of UTF-16: this text cannot be read: its UTF-16 is broken
        one byte a letter: this text cannot be read: it is a binary file, or in an encoding that is not known here
        GB 18030: this text cannot be read: it is in GB 18030, and nobody has made UTF-8 of it
    "#]]
    .assert_eq(&said);

    let strange = "🌙 emoji, مرحبا right to left, a\u{301} joined,\r\nand \u{202E}turned.";
    let answers = talk.ask(Command::OpenText, vec![strange.as_bytes().to_vec()]);
    let Event::TextOpened(opened) = &answers[0].0.event else {
        panic!("{answers:?}");
    };
    assert_eq!((opened.charset, opened.lines), (Charset::Utf8, 2));
    let wide: Vec<u8> = strange.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let answers = talk.ask(Command::OpenText, vec![wide]);
    let Event::TextOpened(again) = &answers[0].0.event else {
        panic!("{answers:?}");
    };
    assert_eq!(
        (again.charset, again.characters),
        (Charset::Utf16Le, opened.characters)
    );
}

#[test]
fn files_that_are_no_models_are_refused() {
    let (file, _) = trained(DataSet::Plays, 1);
    let (mut talk, info) = Talk::with_model(DataSet::Poems, 1);
    let written = talk.texts(&[recipe(&info, TextPrompt::Poem(quatrain("")), 0)]);
    let load = || Command::LoadModel { card: None };
    let cut = file[..file.len() - 1].to_vec();
    let (named, mut metadata) = lampwork_weights::read(&file).expect("a file of ours");
    metadata.remove("lampwork.tokenizer");
    let write = |metadata: &_| {
        lampwork_weights::write(&named, metadata, lampwork_weights::Precision::Half)
            .expect("a file")
    };
    let bare = write(&metadata);
    metadata.insert(
        "lampwork.tokenizer".to_owned(),
        text::poems().tokenizer.to_json(),
    );
    let other = write(&metadata);
    let mut said = String::new();
    for (name, bytes) in [
        ("cut", cut),
        ("no tokenizer", bare),
        ("another tokenizer", other),
        ("a corpus", corpus(DataSet::Plays)),
        ("text", b"a poem".to_vec()),
    ] {
        said += &format!("{name}: {}\n", talk.fails(load(), vec![bytes]));
    }
    for (name, command) in [
        ("readings", Command::LoadReadings),
        (
            "poems",
            Command::LoadCorpus {
                data: DataSet::Poems,
            },
        ),
        (
            "pictures",
            Command::LoadCorpus {
                data: DataSet::Digits,
            },
        ),
    ] {
        said += &format!(
            "{name}: {}\n",
            talk.fails(command, vec![corpus(DataSet::Plays)])
        );
    }
    expect![[r#"
        cut: this weights file cannot be read: this is not a whole safetensors file: incomplete metadata, file not fully covered
        no tokenizer: this weights file cannot be read: there is no tokenizer in it, so its tokens mean nothing
        another tokenizer: this weights file cannot be read: its tokenizer has 117 tokens, and its net 269
        a corpus: this weights file cannot be read: the tensor "train.starts" is of type U32, and only F16 and F32 are read
        text: this weights file cannot be read: this is not a whole safetensors file: it is only 6 bytes long
        readings: this data set cannot be read: there is no tensor counts of bytes; pack the text anew with `cargo xtask data`
        poems: this data set cannot be read: this is the corpus plays, and poems was asked for
        pictures: this data set cannot be read: digits holds pictures and no text
    "#]].assert_eq(&said);
    let again = talk.texts(&[recipe(&info, TextPrompt::Poem(quatrain("")), 0)]);
    assert_eq!(again, written);
}

#[test]
fn recipes_that_cannot_be_are_refused_before_anything_is_written() {
    let (mut talk, info) = Talk::with_model(DataSet::Poems, 1);
    let poem = |change: &dyn Fn(&mut Poem)| {
        let mut poem = quatrain("");
        change(&mut poem);
        recipe(&info, TextPrompt::Poem(poem), 0)
    };
    let good = poem(&|_| {});
    let with = |change: &dyn Fn(&mut TextRecipe)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed
    };
    let cases: Vec<(&str, TextRecipe)> = vec![
        ("model", with(&|r| r.model = "none".to_owned())),
        ("weights", with(&|r| r.weights = [0; 8])),
        (
            "adapter",
            with(&|r| {
                r.adapter = Some(Adapter {
                    hash: [1; 8],
                    strength: 1.0,
                });
            }),
        ),
        (
            "temperature",
            with(&|r| r.writing.temperature = f32::INFINITY),
        ),
        ("most", with(&|r| r.most = 0)),
        ("a passage", recipe(&info, passage("To be"), 0)),
        ("a tune", poem(&|p| p.form = Some("如夢令".to_owned()))),
        ("a form", poem(&|p| p.form = Some("sonnet".to_owned()))),
        ("emoji as heads", poem(&|p| p.heads = "🌙🌙".to_owned())),
        ("too long", poem(&|p| p.before = "一".repeat(100))),
        (
            "lines behind",
            with(&|r| {
                r.keep = Some(Keep::default());
                r.prompt = TextPrompt::Poem(Poem {
                    after: Some("一，一。一，一。一。".to_owned()),
                    ..quatrain("")
                });
            }),
        ),
    ];
    let mut said = String::new();
    for (name, bad) in cases {
        let recipes = vec![good.clone(), bad];
        let failure = talk.fails(
            Command::Write {
                recipes,
                shown: None,
            },
            vec![],
        );
        said += &format!("{name}: {failure}\n");
    }
    let many = vec![good.clone(); 65];
    let failure = talk.fails(
        Command::Write {
            recipes: many,
            shown: None,
        },
        vec![],
    );
    said += &format!("many: {failure}\n");
    let failure = talk.fails(
        Command::Write {
            recipes: vec![],
            shown: Some(51),
        },
        vec![],
    );
    said += &format!("shown: {failure}\n");
    expect![[r#"
        model: the model none is not loaded
        weights: this recipe was made with other weights of yours
        adapter: what this recipe's model learned besides is not loaded
        temperature: this recipe cannot be read: its temperature is inf, and goes from 0 to 5
        most: this recipe cannot be read: a text has 1 to 2048 tokens, not 0
        a passage: yours cannot do this: it has learned poems alone
        a tune: form is out of range: this model knows no 如夢令
        a form: this recipe cannot be read: its form is none that there is
        emoji as heads: no word of "🌙🌙" is known
        too long: this recipe cannot be read: it gives the model 103 tokens, and 64 are all it sees
        lines behind: this recipe cannot be read: 5 lines stand behind the missing part, and the form has 4; take some away
        many: texts is out of range: it is 65, and at most 64
        shown: shown is out of range: it is 51, and at most 50
    "#]].assert_eq(&said);

    // What the vocabulary lacks is not known, which is no failure.
    let strange = poem(&|p| p.before = "🌙مرحبا，".to_owned());
    assert_eq!(talk.texts(&[strange]).len(), 1);
    assert_eq!(talk.texts(&[good]).len(), 1);
    let mut bare = Talk::new();
    let failure = bare.fails(
        Command::CheckForm {
            form: "five-quatrain".to_owned(),
            lines: vec![],
        },
        vec![],
    );
    assert_eq!(failure, lampwork_protocol::Failure::NoReadings);
}

#[test]
fn passages_of_any_characters_are_written_on() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 1);
    for before in [
        "",
        "🌙",
        "مرحبا \u{202E}",
        "床前明月光",
        "a\0b",
        &"x".repeat(8000),
    ] {
        assert_eq!(
            talk.texts(&[recipe(&info, passage(before), 0)]).len(),
            1,
            "{before}"
        );
    }
}

#[test]
fn runs_that_cannot_be_are_refused_and_the_one_before_stays() {
    let (file, mut talk) = trained(DataSet::Plays, 2);
    let info = talk.load(file);
    let run = |change: &dyn Fn(&mut RunOrder)| {
        let mut order = order(DataSet::Plays);
        change(&mut order);
        Command::StartRun { order }
    };
    let own = |held_out| Source::Own { held_out, of: None };
    let mut said = String::new();
    let mut refused = |talk: &mut Talk, name: &str, command| {
        said += &format!("{name}: {}\n", talk.fails(command, vec![]));
    };
    refused(
        &mut talk,
        "no corpus",
        run(&|o| o.recipe.data = DataSet::Poems),
    );
    refused(
        &mut talk,
        "pictures",
        run(&|o| o.recipe.data = DataSet::Digits),
    );
    refused(&mut talk, "no text", run(&|o| o.source = own(0.2)));
    refused(
        &mut talk,
        "batch",
        run(&|o| {
            o.recipe.batch = 400;
            o.recipe.micro_batch = 100;
        }),
    );
    refused(
        &mut talk,
        "vocabulary",
        run(&|o| {
            if let ModelConfig::Transformer(config) = &mut o.recipe.model {
                config.vocabulary = 9;
            }
        }),
    );
    refused(
        &mut talk,
        "context",
        run(&|o| {
            if let ModelConfig::Transformer(config) = &mut o.recipe.model {
                config.context = 8;
            }
        }),
    );
    refused(
        &mut talk,
        "base",
        run(&|o| {
            o.base = Some(lampwork_protocol::words::Base {
                weights: [0; 8],
                ..base(&info)
            });
        }),
    );
    talk.ask(Command::OpenText, vec![b"Too short.\n\nBy far.".to_vec()]);
    refused(&mut talk, "short", run(&|o| o.source = own(0.2)));
    refused(&mut talk, "all held out", run(&|o| o.source = own(1.0)));
    refused(
        &mut talk,
        "none held out",
        run(&|o| o.source = own(f32::NAN)),
    );
    let bad = Command::RestoreRun {
        order: order(DataSet::Plays),
    };
    said += &format!("a snapshot: {}\n", talk.fails(bad, vec![b"none".to_vec()]));
    expect![[r#"
        no corpus: the data set poems is not loaded
        pictures: data is out of range: digits holds pictures
        no text: no text of your own is open
        batch: batch is out of range: it is 400, and 52 texts fit the context
        vocabulary: vocabulary is out of range: it is 9, and the text has 269 tokens; 0 takes them
        context: context is out of range: it must be 16 or more
        base: this recipe was made with other weights of yours
        short: this text is too short: it has a single part, and none would be left to measure on
        all held out: held_out is out of range: it goes from 0 to 0.5
        none held out: held_out is out of range: it goes from 0 to 0.5
        a snapshot: this weights file cannot be read: this is not a whole safetensors file: it is only 4 bytes long
    "#]].assert_eq(&said);
    let Event::Run(status) = talk.last(Command::Pause) else {
        panic!("no run");
    };
    assert_eq!(status.step, 2);

    let (poems, _) = trained(DataSet::Poems, 1);
    let mut talk = Talk::new();
    let info = talk.load(poems);
    talk.ask(Command::OpenText, vec![text::own().into_bytes()]);
    let failure = talk.fails(
        run(&|o| {
            o.recipe.data = DataSet::Poems;
            o.source = own(0.2);
            o.base = Some(base(&info));
        }),
        vec![],
    );
    assert!(failure.to_string().contains("not at all"), "{failure}");
    assert_eq!(
        Talk::new().fails(Command::Play, vec![]),
        lampwork_protocol::Failure::NoRun
    );
}
