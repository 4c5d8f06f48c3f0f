//! Writing, reading and looking things up.

use lampwork_protocol::words::{Command, Event, Keep, Passage, TextEnd, TextPrompt, TextRecipe};
use lampwork_protocol::{DataSet, Writing};
use lampwork_tests::text;

use super::talk::{Talk, base, corpus, passage, quatrain, recipe, texts};

const ALL: Keep = Keep {
    tones: true,
    rhymes: true,
};

#[test]
fn the_same_recipe_gives_the_same_text_whatever_stands_beside_it() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 10);
    let recipes: Vec<_> = (0..4)
        .map(|at| recipe(&info, passage("The "), at))
        .collect();
    let written = talk.texts(&recipes);
    assert_eq!(talk.texts(&recipes), written);
    assert_eq!(talk.texts(&recipes[2..3]), written[2..3]);
    // Another order, and others between them.
    let mixed = [
        recipes[3].clone(),
        recipe(&info, passage("A"), 9),
        recipes[0].clone(),
    ];
    let again = talk.texts(&mixed);
    assert_eq!([&again[0], &again[2]], [&written[3], &written[0]]);
    assert!(
        written[1..].iter().all(|text| *text != written[0]),
        "{written:?}"
    );
    let other_seed = TextRecipe {
        seed: 12,
        ..recipes[0].clone()
    };
    assert_ne!(talk.texts(&[other_seed]), written[..1]);
    // At no strength an adapter changes nothing, whether it is there or not.
    let weak = TextRecipe {
        adapter: Some(lampwork_protocol::words::Adapter {
            hash: [5; 8],
            strength: 0.0,
        }),
        ..recipes[0].clone()
    };
    assert_eq!(talk.texts(&[weak]), written[..1]);
}

#[test]
fn texts_stream_with_the_odds_of_each_token() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 10);
    let recipes: Vec<_> = (0..2)
        .map(|at| recipe(&info, passage("The "), at))
        .collect();
    let answers = talk.command(Command::Write {
        recipes,
        shown: Some(5),
    });
    let mut kept_before = 0;
    let mut tokens = [0; 2];
    for (at, (reply, _)) in answers.iter().enumerate() {
        let Event::Wrote { pieces, kept, done } = &reply.event else {
            panic!("{:?}", reply.event);
        };
        assert_eq!(*done, at + 1 == answers.len());
        assert!(*kept >= kept_before);
        kept_before = *kept;
        for piece in pieces {
            let seen = piece.seen.as_ref().expect("it was asked for");
            assert!(seen.entropy > 0.0 && seen.odds > 0.0 && seen.odds <= 1.0);
            assert!(seen.best.len() <= 5);
            assert!(seen.best.is_sorted_by(|a, b| a.odds >= b.odds));
            let tokens = &mut tokens[piece.row as usize];
            *tokens += 1;
            let full = piece.end == Some(TextEnd::Full);
            assert!(
                !full || *tokens == 40,
                "of 40 tokens at most, or over before"
            );
        }
        assert!(at > 0 || tokens == [1, 1], "the first tokens at once");
    }
    assert!(tokens.iter().all(|&tokens| tokens <= 40) && kept_before > 0);
}

#[test]
fn a_cancelled_text_stops_and_the_next_one_is_written() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 10);
    let write = Command::Write {
        recipes: vec![recipe(&info, passage("The "), 0)],
        shown: None,
    };
    let whole = texts(&talk.command(write.clone()), 1);
    talk.forget();
    let id = talk.send(write.clone(), vec![]);
    talk.work(4);
    let begun = texts(talk.said(), 1);
    assert!(whole[0].starts_with(&begun[0]) && begun[0].len() < whole[0].len());
    talk.send(Command::Cancel { request: id }, vec![]);
    talk.work(9);
    let last: Vec<_> = talk
        .said()
        .iter()
        .rev()
        .take(2)
        .map(|(reply, _)| reply.clone())
        .collect();
    assert_eq!(
        (last[0].request, &last[0].event),
        (Some(id), &Event::Cancelled)
    );
    assert_eq!(last[1].event, Event::Done);
    assert_eq!(texts(&talk.command(write), 1), whole);
}

#[test]
fn a_kept_form_is_kept_always() {
    // Hardly trained: it knows nothing of forms.
    let (mut talk, info) = Talk::with_model(DataSet::Poems, 1);
    let lines = |poem: &str| -> Vec<String> {
        poem.split(['，', '。'])
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut kept = |keep: Option<Keep>, count: u32| {
        let prompt = || TextPrompt::Poem(quatrain(""));
        let recipes: Vec<_> = (0..count)
            .map(|at| TextRecipe {
                keep,
                ..recipe(&info, prompt(), at)
            })
            .collect();
        let checks = talk.texts(&recipes).into_iter().map(|poem| {
            let check = talk.last(Command::CheckForm {
                form: "five-quatrain".to_owned(),
                lines: lines(&poem),
            });
            let Event::FormChecked(check) = check else {
                panic!("{check:?}");
            };
            [
                check.lengths_kept,
                check.lengths_kept && check.tones_kept == Some(true),
                check.lengths_kept && check.rhymes_kept == Some(true),
            ]
        });
        let checks: Vec<_> = checks.collect();
        [0, 1, 2].map(|what| checks.iter().filter(|check| check[what]).count())
    };
    assert_eq!(kept(Some(ALL), 40), [40; 3]);
    let [lengths, tones, _] = kept(Some(Keep::default()), 20);
    assert_eq!(lengths, 20);
    assert!(tones < 20, "tones were not asked for");
    assert!(kept(None, 20)[0] < 20, "nothing was asked for");
}

#[test]
fn an_acrostic_has_its_heads_and_a_hole_is_filled() {
    let (mut talk, info) = Talk::with_model(DataSet::Poems, 4);
    let poem = text::poems();
    let tokens = poem.splits()[0].document(0).to_vec();
    let whole = poem.tokenizer.decode(&tokens);
    let heads: Vec<char> = whole
        .split(['，', '。'])
        .filter_map(|l| l.chars().next())
        .collect();
    let write = |prompt| TextRecipe {
        keep: Some(Keep::default()),
        ..recipe(&info, TextPrompt::Poem(prompt), 0)
    };
    let mut acrostic = quatrain("");
    acrostic.heads = heads.iter().collect();
    let written = &talk.texts(&[write(acrostic)])[0];
    let lines: Vec<_> = written
        .split(['，', '。'])
        .filter(|line| !line.is_empty())
        .collect();
    let found: Vec<_> = lines
        .iter()
        .filter_map(|line| line.chars().next())
        .collect();
    assert_eq!(found, heads);

    // The second line of four is missing.
    let characters: Vec<char> = whole.chars().collect();
    let text = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
    let mut hole = quatrain(&text(0..6));
    hole.after = Some(text(12..24));
    let filled = &talk.texts(&[write(hole)])[0];
    assert_eq!(filled.chars().count(), 6, "{filled}");
    assert!(filled.ends_with('。'));
}

#[test]
fn a_speech_ends_with_an_empty_line_and_long_texts_are_cut_to_what_is_seen() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 60);
    let speech = TextPrompt::Dialogue {
        speaker: "HORATIO".to_owned(),
        so_far: "HAMLET.\nThe rest is silence.\n\n".repeat(20),
    };
    let recipes: Vec<_> = (0..6).map(|at| recipe(&info, speech.clone(), at)).collect();
    for said in talk.texts(&recipes) {
        assert!(
            !said.contains("\n\n") && !said.contains("HAMLET."),
            "{said:?}"
        );
    }
    let hole = TextPrompt::Passage(Passage {
        before: "The night ".repeat(50),
        after: Some(" my lord".repeat(50)),
        ..Passage::default()
    });
    let written = talk.command(Command::Write {
        recipes: vec![recipe(&info, hole, 0)],
        shown: None,
    });
    assert!(matches!(
        &written.last().unwrap().0.event,
        Event::Wrote { done: true, .. }
    ));
}

#[test]
fn what_comes_next_is_the_same_whether_it_was_typed_on_or_not() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 60);
    let next = |before: &str| Command::Next {
        base: base(&info),
        prompt: passage(before),
        shown: 8,
        ghost: 12,
    };
    let first = talk.last(next("The rest is "));
    let typed = talk.last(next("The rest is silence.\n\nHORATIO.\nGood"));
    let back = talk.last(next("The rest is "));
    assert_same(&first, &back);
    let (mut fresh, _) = Talk::with_model(DataSet::Plays, 60);
    assert_same(
        &fresh.last(next("The rest is silence.\n\nHORATIO.\nGood")),
        &typed,
    );
    let Event::Foretold {
        best,
        entropy,
        ghost,
    } = typed
    else {
        panic!("{typed:?}");
    };
    assert!(!best.is_empty() && entropy > 0.0);
    assert!(ghost.starts_with(&best[0].text));
}

#[test]
fn the_likeliest_continuation_is_what_always_taking_the_likeliest_token_writes() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 60);
    // Where a speech begins, no token is begun by what was typed.
    let prompt = TextPrompt::Dialogue {
        speaker: "HORATIO".to_owned(),
        so_far: "HAMLET.\nThe rest is silence.".to_owned(),
    };
    let greedy = TextRecipe {
        writing: Writing::GREEDY,
        most: 12,
        ..recipe(&info, prompt.clone(), 0)
    };
    let ghost = ghost(&talk.last(Command::Next {
        base: base(&info),
        prompt,
        shown: 8,
        ghost: 12,
    }));
    let line = ghost.lines().next().unwrap_or_default();
    assert!(!line.is_empty() && talk.texts(&[greedy])[0].starts_with(line));
}

#[test]
fn a_word_that_is_half_typed_is_gone_on_with() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 120);
    let text = text::plays();
    let split = text.splits()[0];
    let whole = text.tokenizer.decode(split.document(0));
    let next = |before: &str| Command::Next {
        base: base(&info),
        prompt: passage(before),
        shown: 50,
        ghost: 12,
    };
    // After each character of a line that it has learned from.
    let line: String = whole.chars().take(60).collect();
    for (at, _) in line.char_indices().skip(20) {
        let typed = &line[..at];
        let Event::Foretold {
            best,
            entropy,
            ghost,
        } = talk.last(next(typed))
        else {
            panic!("nothing foretold after {typed:?}");
        };
        assert!(ghost.starts_with(&best[0].text), "{ghost:?} {best:?}");
        assert!(best.is_sorted_by(|a, b| a.odds >= b.odds));
        let all: f32 = best.iter().map(|one| one.odds).sum();
        assert!(all <= 1.001 && entropy >= 0.0 && entropy.is_finite());
        // What is said adds to what was typed: a blank is not said twice.
        let likely: f32 = best
            .iter()
            .filter(|one| typed.ends_with(' ') && one.text.starts_with(' '))
            .map(|one| one.odds)
            .sum();
        assert!(likely < 0.2, "{typed:?} {best:?}");
    }
    // What is written begins within a word as well, and is no other word.
    let recipes: Vec<_> = (0..6)
        .map(|at| recipe(&info, passage("The rest is sil"), at))
        .collect();
    let written = talk.texts(&recipes);
    assert_eq!(talk.texts(&recipes[3..4]), written[3..4]);
    let blank = talk.texts(&[recipe(&info, passage("The rest is "), 0)]);
    assert!(!blank[0].starts_with("  "), "{blank:?}");
}

fn ghost(event: &Event) -> String {
    match event {
        Event::Foretold { ghost, .. } => ghost.clone(),
        other => panic!("nothing foretold but {other:?}"),
    }
}

#[test]
fn a_model_says_which_sentences_tell_it_most_and_finds_lines_of_its_own() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 60);
    let summarise = |text: &str| Command::Summarise {
        base: base(&info),
        text: text.to_owned(),
        sentences: 2,
    };
    let text = "The rest is silence. Good night, sweet prince. Is the rest silence? \
        Zq xv jkw uuu ooo. The night is silence, sweet prince.";
    let answers = talk.command(summarise(text));
    let Event::Weighted { sentences, lines } = &answers.last().unwrap().0.event else {
        panic!("{answers:?}");
    };
    assert_eq!(sentences.len(), 2);
    assert!(sentences[0].end <= sentences[1].start);
    for sentence in sentences {
        let said = &text[sentence.start as usize..sentence.end as usize];
        assert!(said.ends_with(['.', '?']), "{said}");
        assert!(
            sentence.rank.is_finite() && !said.starts_with("Zq"),
            "{said}"
        );
    }
    assert!(lines.len() <= 2 && lines.is_sorted_by(|a, b| a.gain >= b.gain));
    // How far it is, one after the other.
    let mut before = 0;
    for (reply, _) in &answers[..answers.len() - 1] {
        let Event::Weighed { done, of } = reply.event else {
            panic!("{:?}", reply.event);
        };
        assert!(done == before + 1 && done <= of);
        before = done;
    }
    assert!(before >= 5);
    assert_eq!(
        &talk.last(summarise(text)),
        &answers.last().unwrap().0.event
    );

    let long = "Good night, sweet prince. ".repeat(2_000);
    let event = talk.last(summarise(&long));
    assert!(matches!(event, Event::Weighted { .. }), "{event:?}");
    let short = talk.fails(summarise("Only this."), vec![]);
    assert!(short.to_string().contains("two sentences"), "{short}");
    let many = talk.fails(summarise(&"Yes. ".repeat(4_000)), vec![]);
    assert!(many.to_string().contains("sentences"), "{many}");
    let (mut poet, poems) = Talk::with_model(DataSet::Poems, 1);
    let refused = poet.fails(
        Command::Summarise {
            base: base(&poems),
            text: text.to_owned(),
            sentences: 1,
        },
        vec![],
    );
    assert!(refused.to_string().contains("poems alone"), "{refused}");
}

/// The same but for the rounding of sums that were taken in other orders.
#[track_caller]
fn assert_same(one: &Event, other: &Event) {
    let parts = |event: &Event| match event {
        Event::Foretold {
            best,
            entropy,
            ghost,
        } => (best.clone(), *entropy, ghost.clone()),
        other => panic!("nothing foretold but {other:?}"),
    };
    let ((one, one_entropy, one_ghost), (other, other_entropy, other_ghost)) =
        (parts(one), parts(other));
    assert_eq!((one_ghost, one.len()), (other_ghost, other.len()));
    assert!((one_entropy - other_entropy).abs() < 1e-4);
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one.text, other.text);
        assert!((one.odds - other.odds).abs() < 1e-5);
    }
}

#[test]
fn a_text_is_read_with_the_loss_and_attention_of_each_token() {
    let (mut talk, info) = Talk::with_model(DataSet::Plays, 60);
    let read = |text: &str, attention| Command::Read {
        base: base(&info),
        prompt: passage(text),
        attention,
        shown: 3,
    };
    let answers = talk.command(read("The rest is silence.", true));
    let mut nats = 0.0;
    let mut text = String::new();
    for (at, (reply, payload)) in answers[..answers.len() - 1].iter().enumerate() {
        let Event::ReadOn {
            text: part, seen, ..
        } = &reply.event
        else {
            panic!("{:?}", reply.event);
        };
        text += part;
        nats -= seen.as_ref().map_or(0.0, |seen| f64::from(seen.odds.ln()));
        let odds: Vec<f32> = payload[0]
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        // Two layers of two heads.
        assert_eq!(odds.len(), 4 * (at + 1));
        for head in odds.chunks_exact(at + 1) {
            assert!((head.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
    assert_eq!(text, "The rest is silence.");
    let Event::ReadThrough {
        characters,
        nats: told,
        cut,
        ..
    } = answers.last().unwrap().0.event.clone()
    else {
        panic!("no end");
    };
    assert_eq!((characters, cut), (20, false));
    assert!((told - nats).abs() < 1e-3);
    // What it has learned is likelier than what it has not.
    let Event::ReadThrough { nats: strange, .. } = talk.last(read("Zq xv jkw uuu ooo ii", false))
    else {
        panic!("no end");
    };
    assert!(told < 0.7 * strange, "{told} and {strange}");
    let long = talk.last(read(&"word ".repeat(100), false));
    assert!(matches!(long, Event::ReadThrough { cut: true, .. }));
}

#[test]
fn sources_and_summaries_are_found() {
    let mut talk = Talk::new();
    let data = DataSet::Poems;
    talk.ask(Command::LoadCorpus { data }, vec![corpus(data)]);
    let poems = text::poems();
    let copied = poems.tokenizer.decode(&poems.splits()[0].document(5)[1..9]);
    let found = talk.last(Command::FindSource {
        data,
        text: copied.clone(),
    });
    let Event::SourceFound {
        run: Some(run),
        among,
    } = found
    else {
        panic!("{found:?}");
    };
    assert_eq!(
        (run.title.as_str(), run.author.as_str(), among),
        ("number 5", "a test", 60)
    );
    assert_eq!((run.length, run.text), (7, copied.clone()));
    assert!(run.document.contains(&copied));
    let none = talk.last(Command::FindSource {
        data,
        text: "مرحبا".to_owned(),
    });
    assert_eq!(
        none,
        Event::SourceFound {
            run: None,
            among: 60
        }
    );

    let text = "The lamp burns oil. A lamp gives light in the night. Cats sleep. The night \
        needs a lamp and its light.";
    let summary = talk.last(Command::Extract {
        text: text.to_owned(),
        sentences: 2,
    });
    let Event::Summarised { sentences } = summary else {
        panic!("{summary:?}");
    };
    assert_eq!(sentences.len(), 2);
    let first = &text[sentences[0].start as usize..sentences[0].end as usize];
    assert!(first.starts_with("A lamp gives light"), "{first}");
}

#[test]
fn the_device_gives_the_known_answers() {
    let Event::SelfTested { checks } = Talk::new().last(Command::SelfTest) else {
        panic!("no test");
    };
    let wrong: Vec<_> = checks
        .iter()
        .filter(|check| check.error > check.tolerance)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(
        checks
            .iter()
            .any(|check| check.name == "reading token by token")
    );
}
