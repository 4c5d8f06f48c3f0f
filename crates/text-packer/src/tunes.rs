//! What the poems to a tune have in common.

use std::collections::HashMap;

use lampwork_text::prosody::{Rhyme, Tone, Tune, TuneLine};

use crate::Text;

/// How many tunes are kept.
const TUNES: usize = 30;

/// Part of the poems in which two lines must rhyme, in percent.
const RHYMES: usize = 50;

/// The tunes to which most poems keep the commonest line lengths, and those poems:
/// for each the tune's place and its lines with the tune's marks.
///
/// `of` gives the rhymes of a character.
pub fn learn(poems: &[Text], of: &dyn Fn(char) -> Vec<Rhyme>) -> (Vec<Tune>, Vec<(usize, Text)>) {
    let mut by_tune: HashMap<&str, Vec<&Text>> = HashMap::new();
    for poem in poems {
        by_tune.entry(&poem.title).or_default().push(poem);
    }
    let mut found: Vec<(Vec<usize>, Vec<&Text>, usize, &str)> = by_tune
        .into_iter()
        .map(|(name, poems)| {
            let mut shapes: HashMap<Vec<usize>, Vec<&Text>> = HashMap::new();
            for poem in &poems {
                shapes.entry(lengths(&poem.body)).or_default().push(poem);
            }
            let best = shapes
                .into_iter()
                .max_by_key(|(shape, kept)| (kept.len(), std::cmp::Reverse(shape.clone())));
            let (shape, kept) = best.unwrap_or_default();
            (shape, kept, poems.len(), name)
        })
        .collect();
    found.sort_by_key(|(_, kept, _, name)| (std::cmp::Reverse(kept.len()), *name));
    found.truncate(TUNES);

    let mut tunes = Vec::new();
    let mut texts = Vec::new();
    for (shape, kept, all, name) in found {
        let tune = Tune {
            name: name.to_owned(),
            lines: lines(&shape, &kept, of),
            kept: kept.len() as u32,
            poems: all as u32,
        };
        for poem in kept {
            texts.push((tunes.len(), marked(poem, &tune)));
        }
        tunes.push(tune);
    }
    (tunes, texts)
}

/// The lines of a text, without marks.
fn split(body: &str) -> Vec<&str> {
    body.split(['，', '。'])
        .filter(|line| !line.is_empty())
        .collect()
}

fn lengths(body: &str) -> Vec<usize> {
    split(body)
        .iter()
        .map(|line| line.chars().count())
        .collect()
}

/// What rhymes: parts of the Cilin Zhengyun, by kind of tone (level; rising and
/// departing; entering).
fn sounds(one: char, of: &dyn Fn(char) -> Vec<Rhyme>) -> [u32; 3] {
    let mut parts = [0; 3];
    for rhyme in of(one) {
        let kind = match rhyme.tone() {
            Tone::Level => 0,
            Tone::Rising | Tone::Departing => 1,
            Tone::Entering => 2,
        };
        parts[kind] |= rhyme.parts();
    }
    parts
}

fn lines(shape: &[usize], poems: &[&Text], of: &dyn Fn(char) -> Vec<Rhyme>) -> Vec<TuneLine> {
    let count = shape.len();
    let ends: Vec<Vec<[u32; 3]>> = poems
        .iter()
        .map(|poem| {
            let last = |line: &&str| sounds(line.chars().next_back().unwrap_or(' '), of);
            split(&poem.body).iter().map(last).collect()
        })
        .collect();
    let rhyme = |a: usize, b: usize| {
        let both = |ends: &&Vec<[u32; 3]>| (0..3).any(|kind| ends[a][kind] & ends[b][kind] != 0);
        100 * ends.iter().filter(both).count() > RHYMES * ends.len()
    };
    // Lines that rhyme with one that rhymes belong together.
    let mut class: Vec<Option<u8>> = vec![None; count];
    let mut next = 0;
    for line in 0..count {
        if class[line].is_some() {
            continue;
        }
        let mut members = vec![line];
        let mut at = 0;
        while at < members.len() {
            let from = members[at];
            let more: Vec<usize> = (0..count)
                .filter(|&to| !members.contains(&to) && class[to].is_none() && rhyme(from, to))
                .collect();
            members.extend(more);
            at += 1;
        }
        if members.len() > 1 {
            for member in members {
                class[member] = Some(next);
            }
            next += 1;
        }
    }
    let stops = |line: usize| {
        let marks = poems.iter().filter(|poem| {
            let mark = poem
                .body
                .chars()
                .filter(|one| "，。".contains(*one))
                .nth(line);
            mark == Some('。')
        });
        line + 1 == count || 2 * marks.count() > poems.len()
    };
    (0..count)
        .map(|line| TuneLine {
            length: shape[line] as u8,
            stops: stops(line),
            rhyme: class[line],
        })
        .collect()
}

/// A poem with the marks of its tune.
fn marked(poem: &Text, tune: &Tune) -> Text {
    let mut body = String::new();
    for (line, about) in split(&poem.body).into_iter().zip(&tune.lines) {
        body.push_str(line);
        body.push(if about.stops { '。' } else { '，' });
    }
    Text {
        body,
        ..poem.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(one: char) -> Vec<Rhyme> {
        let name = match one {
            '東' | '紅' => '東',
            '江' | '邦' => '江',
            _ => return Vec::new(),
        };
        vec![Rhyme::from_name(name).unwrap()]
    }

    #[test]
    fn most_poems_decide_lengths_marks_and_rhymes() {
        let poem = |body: &str| Text {
            title: "調".to_owned(),
            body: body.to_owned(),
            ..Text::default()
        };
        let poems = [
            poem("一東。二三江。四五，六紅。七八邦。"),
            poem("一紅，二三邦。四五，六東，七八江。"),
            poem("一東。二三江。四東，六紅。七八邦。"),
            poem("一東。二三江。"),
        ];
        let (tunes, texts) = learn(&poems, &of);
        assert_eq!((tunes.len(), tunes[0].kept, tunes[0].poems), (1, 3, 4));
        let rhymes: Vec<_> = tunes[0].lines.iter().map(|line| line.rhyme).collect();
        assert_eq!(rhymes, [Some(0), Some(1), None, Some(0), Some(1)]);
        let lengths: Vec<_> = tunes[0].lines.iter().map(|line| line.length).collect();
        assert_eq!(lengths, [2, 3, 2, 2, 3]);
        assert_eq!(texts[1].1.body, "一紅。二三邦。四五，六東。七八江。");
    }
}
