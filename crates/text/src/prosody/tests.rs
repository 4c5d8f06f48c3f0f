use super::*;
use crate::poem::{Form, PoemTokens, specials};
use crate::{Tokenizer, TokenizerForm};

/// Characters with the names of their rhymes.
const READINGS: &str = "白陌 日質 依微 山山 盡軫 黃唐 河歌 入緝 海海 流尤 欲燭 窮東 千先 里止 目屋 更庚 一質 \
層登 樓侯 君文 自至 故暮 鄉陽 來咍 應蒸 知支 事志 綺紙 窗江 前先 寒寒 梅灰 著藥 花麻 未未 看寒看 憂尤 秋尤 \
舟尤 愁尤 遊尤 樓侯 頭侯 浮尤 丘尤 州尤 留尤 收尤 休尤 牛尤 囚尤 謀尤 求尤 仇尤 柔尤 周尤 稠尤 修尤 羞尤 \
悠尤 由尤 油尤 猶尤 侯侯 溝侯 東東 月月 雨麌 水旨 我哿";

fn rhymes() -> Vec<(char, Vec<Rhyme>)> {
    let mut all: Vec<(char, Vec<Rhyme>)> = READINGS
        .split_whitespace()
        .map(|word| {
            let mut characters = word.chars();
            let one = characters.next().unwrap();
            (one, characters.filter_map(Rhyme::from_name).collect())
        })
        .collect();
    all.sort();
    all.dedup_by_key(|entry| entry.0);
    all
}

pub(crate) fn table() -> Readings {
    let tune = Tune {
        name: "小調".to_owned(),
        lines: vec![
            TuneLine {
                length: 3,
                stops: true,
                rhyme: Some(0),
            },
            TuneLine {
                length: 2,
                stops: false,
                rhyme: None,
            },
            TuneLine {
                length: 4,
                stops: true,
                rhyme: Some(0),
            },
        ],
        kept: 3,
        poems: 4,
    };
    let card = ReadingsCard {
        version: ReadingsCard::VERSION,
        title: "A few".to_owned(),
        sources: Vec::new(),
        how: "By hand.".to_owned(),
        checksum: String::new(),
    };
    let simplified = vec![('來', '来'), ('鄉', '乡')];
    Readings::new(&rhymes(), simplified, vec![tune], card).unwrap()
}

fn vocabulary() -> Tokenizer {
    let mut characters = "，。".to_owned();
    characters.extend(rhymes().iter().map(|entry| entry.0));
    Tokenizer::new(TokenizerForm::Characters {
        specials: specials(&["小調"]),
        characters,
    })
    .unwrap()
}

const CLIMBING: [&str; 4] = ["白日依山盡", "黃河入海流", "欲窮千里目", "更上一層樓"];

#[test]
fn a_table_comes_back_and_knows_tones() {
    let table = table();
    let bytes = table.to_bytes();
    let again = Readings::from_bytes(&bytes).unwrap();
    assert_eq!(again, table);
    assert_eq!(again.to_bytes(), bytes);
    assert_eq!(table.tones('山'), (true, false));
    assert_eq!(table.tones('月'), (false, true));
    assert_eq!(table.tones('龘'), (true, true));
    assert_eq!(table.simplify("君自故鄉來，"), "君自故乡来，");
    let mut cut = bytes.clone();
    cut.pop();
    assert!(
        Readings::from_bytes(&cut)
            .unwrap_err()
            .to_string()
            .contains("safetensors")
    );
    let mut changed = bytes;
    let last = changed.len() - 1;
    changed[last - 1] ^= 1;
    assert!(Readings::from_bytes(&changed).is_err());
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let card = table().card;
    let new = |readings: &[(char, Vec<Rhyme>)]| {
        Readings::new(readings, Vec::new(), Vec::new(), card.clone())
    };
    let rhyme = Rhyme::from_number(0).unwrap();
    assert!(
        new(&[('月', vec![rhyme]), ('日', vec![rhyme])])
            .unwrap_err()
            .to_string()
            .contains("out of order")
    );
    assert!(
        new(&[('月', Vec::new())])
            .unwrap_err()
            .to_string()
            .contains("no reading")
    );
}

#[test]
fn a_quatrain_that_keeps_its_form_is_told_from_one_that_does_not() {
    let table = table();
    let kept = report(&CLIMBING, Form::FiveQuatrain, &table).unwrap();
    assert_eq!(kept.pattern, Some("仄起首句不入韻"));
    assert_eq!(
        (kept.lengths_kept(), kept.tones_kept(), kept.rhymes_kept()),
        (true, Some(true), Some(true))
    );
    assert_eq!(kept.group, Some("尤"));
    // 上 is not in the table.
    assert_eq!(kept.lines[3].places[1], Place::Unknown);
    assert_eq!(
        kept.lines[0].places,
        [
            Place::Free,
            Place::Kept,
            Place::Free,
            Place::Kept,
            Place::Kept
        ]
    );
    let broken = report(
        &["白日依山盡", "黃河入海東", "欲窮千里", "更一一層樓"],
        Form::FiveQuatrain,
        &table,
    )
    .unwrap();
    assert_eq!(
        (broken.lengths_kept(), broken.rhymes_kept()),
        (false, Some(false))
    );
    assert_eq!(
        broken
            .lines
            .iter()
            .filter(|line| line.rhymes == Some(true))
            .count(),
        1
    );
    let short = report(&CLIMBING[..3], Form::FiveQuatrain, &table).unwrap();
    assert!(!short.lengths_kept());
    assert!(
        !report(&CLIMBING[..3], Form::FiveOther, &table)
            .unwrap()
            .lengths_kept()
    );
    let other = report(&CLIMBING, Form::FiveOther, &table).unwrap();
    assert_eq!(
        (
            other.lengths_kept(),
            other.tones_kept(),
            other.rhymes_kept()
        ),
        (true, None, None)
    );
    assert_eq!(report(&CLIMBING, Form::Tune(1), &table), None);
}

#[test]
fn the_lines_that_must_rhyme_decide_the_group() {
    let rhyme = |name| Rhyme::from_name(name).unwrap();
    let readings = [
        ('屏', vec![rhyme('清'), rhyme('青')]),
        ('清', vec![rhyme('清')]),
        ('馨', vec![rhyme('青')]),
    ];
    let table = Readings::new(&readings, Vec::new(), Vec::new(), table().card).unwrap();
    let lines = [
        "煙裡梅花別是清",
        "略無風動亦寒馨",
        "如焚古鼎龍涎餅",
        "坐對幽窗水墨屏",
    ];
    let report = report(&lines, Form::SevenQuatrain, &table).unwrap();
    assert_eq!(report.group, Some("青"));
    assert_eq!(
        (report.lines[1].rhymes, report.lines[3].rhymes),
        (Some(true), Some(true))
    );
}

#[test]
fn a_tune_asks_for_lengths_and_rhymes() {
    let table = table();
    let report = |lines: &[&str]| report(lines, Form::Tune(0), &table).unwrap();
    let kept = report(&["山山秋", "花花", "山山山樓"]);
    assert_eq!(
        (kept.lengths_kept(), kept.tones_kept(), kept.rhymes_kept()),
        (true, None, Some(true))
    );
    assert_eq!(
        report(&["山山秋", "花花", "山山山東"]).rhymes_kept(),
        Some(false)
    );
}

/// Walks a constraint, taking allowed tokens as a seed says.
fn walk(constraint: &Constraint, before: &[u16], end: u16, mut seed: u64) -> Vec<u16> {
    let mut poem = before.to_vec();
    for _ in 0..200 {
        let allowed = constraint.allowed(&poem);
        let choices: Vec<usize> = (0..allowed.len()).filter(|&token| allowed[token]).collect();
        assert!(!choices.is_empty(), "nothing may come after {poem:?}");
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let token = choices[(seed >> 33) as usize % choices.len()] as u16;
        if token == end {
            return poem;
        }
        poem.push(token);
    }
    panic!("the poem does not end");
}

#[test]
fn whatever_is_taken_of_what_is_allowed_the_form_is_kept() {
    let (tokenizer, table) = (vocabulary(), table());
    let end = PoemTokens::new(&tokenizer).unwrap().end;
    let keep = Keep {
        tones: true,
        rhymes: true,
    };
    for form in [
        Form::FiveQuatrain,
        Form::SevenQuatrain,
        Form::FiveRegulated,
        Form::SevenRegulated,
        Form::FiveOther,
        Form::Tune(0),
    ] {
        let constraint = Constraint::new(form, keep, &[], &[], &tokenizer, &table).unwrap();
        for seed in 0..40 {
            let poem = tokenizer.decode(&walk(&constraint, &[], end, seed));
            let lines: Vec<&str> = poem
                .split(['，', '。'])
                .filter(|line| !line.is_empty())
                .collect();
            let report = report(&lines, form, &table).unwrap();
            assert!(report.lengths_kept(), "{form:?} {poem}");
            assert!(report.tones_kept() != Some(false), "{form:?} {poem}");
            assert!(
                report.rhymes_kept() != Some(false),
                "{form:?} {poem} {report:?}"
            );
        }
    }
}

#[test]
fn heads_stand_where_they_should() {
    let (tokenizer, table) = (vocabulary(), table());
    let end = PoemTokens::new(&tokenizer).unwrap().end;
    let keep = Keep {
        tones: true,
        rhymes: true,
    };
    let heads = tokenizer.encode("花秋我東");
    let constraint =
        Constraint::new(Form::SevenQuatrain, keep, &heads, &[], &tokenizer, &table).unwrap();
    for seed in 0..20 {
        let poem = tokenizer.decode(&walk(&constraint, &[], end, seed));
        let first: String = poem
            .split(['，', '。'])
            .filter_map(|line| line.chars().next())
            .collect();
        assert_eq!(first, "花秋我東");
    }
}

#[test]
fn missing_lines_are_filled_in_to_what_stands_around_them() {
    let (tokenizer, table) = (vocabulary(), table());
    let end = PoemTokens::new(&tokenizer).unwrap().end;
    let keep = Keep {
        tones: true,
        rhymes: true,
    };
    let before = tokenizer.encode("白日依山盡，");
    let after = tokenizer.encode("欲窮千里目，更一一層樓。");
    let constraint =
        Constraint::new(Form::FiveQuatrain, keep, &[], &after, &tokenizer, &table).unwrap();
    for seed in 0..20 {
        let poem = walk(&constraint, &before, end, seed);
        assert_eq!(poem.len(), 12);
        let whole = tokenizer.decode(&[poem, after.clone()].concat());
        let lines: Vec<&str> = whole
            .split(['，', '。'])
            .filter(|line| !line.is_empty())
            .collect();
        let report = report(&lines, Form::FiveQuatrain, &table).unwrap();
        assert!(report.rhymes_kept() == Some(true), "{whole}");
        assert!(
            report.lines[1]
                .places
                .iter()
                .all(|&place| place != Place::Broken),
            "{whole}"
        );
    }
    let four = [before, after].concat();
    let message = Constraint::new(
        Form::FiveQuatrain,
        keep,
        &[],
        &[&*four, &four].concat(),
        &tokenizer,
        &table,
    );
    assert!(message.unwrap_err().to_string().contains("6 lines"));
}

#[test]
fn what_was_given_need_not_keep_the_form() {
    let (tokenizer, table) = (vocabulary(), table());
    let end = PoemTokens::new(&tokenizer).unwrap().end;
    let keep = Keep {
        tones: true,
        rhymes: true,
    };
    let constraint =
        Constraint::new(Form::FiveQuatrain, keep, &[], &[], &tokenizer, &table).unwrap();
    // Too long, without a mark, of one tone, with a mark at the beginning.
    for given in [
        "山山山山山山山山",
        "，山山",
        "山山山山山，山山山山山。月月月月月，月月",
    ] {
        let poem = tokenizer.decode(&walk(&constraint, &tokenizer.encode(given), end, 7));
        assert_eq!(
            poem.split(['，', '。'])
                .filter(|line| !line.is_empty())
                .count(),
            4,
            "{poem}"
        );
    }
}
