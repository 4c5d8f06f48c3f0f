//! The lines of a poem, and what is missing where some are written anew.

use std::collections::BTreeSet;
use std::ops::Range;

/// The marks behind which a line ends.
const MARKS: [char; 6] = ['，', '。', '？', '！', '；', '、'];

/// Most characters of a line that is typed.
pub const MOST_LINE: usize = 16;

/// Whether a line ends behind this.
pub fn is_mark(one: char) -> bool {
    MARKS.contains(&one)
}

/// A line and the mark behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Its characters.
    pub text: String,
    /// The mark; none behind a line that is not over.
    pub mark: Option<char>,
}

/// The lines of a poem.
pub fn lines(poem: &str) -> Vec<Line> {
    let mut all = Vec::new();
    let mut line = Line::default();
    for one in poem.chars().filter(|one| !one.is_whitespace()) {
        if is_mark(one) {
            if !line.text.is_empty() {
                line.mark = Some(one);
                all.push(std::mem::take(&mut line));
            }
        } else {
            line.text.push(one);
        }
    }
    if !line.text.is_empty() {
        all.push(line);
    }
    all
}

/// The poem of lines; a line without a mark gets the one of its place.
pub fn join(lines: &[Line]) -> String {
    let marked = lines.iter().enumerate().flat_map(|(at, line)| {
        let usual = if at.is_multiple_of(2) { '，' } else { '。' };
        line.text.chars().chain([line.mark.unwrap_or(usual)])
    });
    marked.collect()
}

/// What comes before and behind lines that are missing. `first` is what the poem was
/// asked to begin with: the first line begins so again.
pub fn around(all: &[Line], gap: Range<usize>, first: &str) -> (String, Option<String>) {
    // A mark that is missing is that of its place in the whole poem.
    let all = lines(&join(all));
    let mut before = join(&all[..gap.start]);
    let begins = |line: &Line| line.text.starts_with(first) && line.text != first;
    if gap.start == 0 && all.first().is_some_and(begins) {
        before.push_str(first);
    }
    let behind = &all[gap.end..];
    (before, (!behind.is_empty()).then(|| join(behind)))
}

/// The lines of a poem that is being written, in their places: what stands behind the
/// missing part ends with the last of `count` lines.
pub fn placed(until: &str, after: &str, count: usize) -> Vec<Line> {
    let mut all = lines(until);
    let behind = lines(after);
    if !behind.is_empty() {
        all.resize(
            (count - behind.len().min(count)).max(all.len()),
            Line::default(),
        );
    }
    all.extend(behind);
    all
}

/// Where the characters of a run stand: line and place in it. Marks do not count.
pub fn places_of(run: &str, lines: &[Line]) -> BTreeSet<(usize, usize)> {
    let run: Vec<char> = run.chars().filter(|one| !is_mark(*one)).collect();
    let all: Vec<((usize, usize), char)> = lines
        .iter()
        .enumerate()
        .flat_map(|(line, text)| {
            let characters = text.text.chars().enumerate();
            characters.map(move |(at, one)| ((line, at), one))
        })
        .collect();
    if run.is_empty() {
        return BTreeSet::new();
    }
    let stands =
        |part: &&[((usize, usize), char)]| part.iter().map(|one| one.1).eq(run.iter().copied());
    let found = all.windows(run.len()).find(stands);
    found.map_or_else(BTreeSet::new, |part| part.iter().map(|one| one.0).collect())
}

/// The runs of lines that are not kept, in order.
pub fn gaps(count: usize, kept: &BTreeSet<usize>) -> Vec<Range<usize>> {
    let mut gaps: Vec<Range<usize>> = Vec::new();
    for at in (0..count).filter(|at| !kept.contains(at)) {
        match gaps.last_mut() {
            Some(gap) if gap.end == at => gap.end += 1,
            _ => gaps.push(at..at + 1),
        }
    }
    gaps
}

/// A poem in which one line is another; `None` if there is no such line. What was typed
/// must be without marks.
pub fn with_line(poem: &str, at: usize, text: &str) -> Option<String> {
    let mut all = lines(poem);
    text.clone_into(&mut all.get_mut(at)?.text);
    Some(join(&all))
}

/// First characters of the lines.
pub fn heads(poem: &str) -> String {
    lines(poem)
        .iter()
        .filter_map(|line| line.text.chars().next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POEM: &str = "春眠不覺曉，處處聞啼鳥。夜來風雨聲，花落知多少？";

    #[test]
    fn a_poem_is_its_lines() {
        let all = lines(POEM);
        assert_eq!(all.len(), 4);
        assert_eq!(all[3].text, "花落知多少");
        assert_eq!(all[3].mark, Some('？'));
        assert_eq!(join(&all), POEM);
        assert_eq!(
            lines(" 春 眠\n"),
            [Line {
                text: "春眠".to_owned(),
                mark: None
            }]
        );
        assert_eq!(lines("，。，"), []);
        assert_eq!(join(&lines("春眠不覺曉，處處")), "春眠不覺曉，處處。");
        assert_eq!(heads(POEM), "春處夜花");
        assert_eq!(heads(""), "");
    }

    #[test]
    fn what_is_around_a_gap_and_the_gap_make_the_poem() {
        let all = lines(POEM);
        let around = |gap, first| around(&all, gap, first);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            around(1..3, ""),
            ("春眠不覺曉，".to_owned(), text("花落知多少？"))
        );
        assert_eq!(
            around(0..1, "春眠"),
            (
                "春眠".to_owned(),
                text("處處聞啼鳥。夜來風雨聲，花落知多少？")
            )
        );
        assert_eq!(around(0..1, "明月").0, "");
        // A whole line that was asked for is written anew all the same.
        assert_eq!(around(0..1, "春眠不覺曉").0, "");
        assert_eq!(
            around(3..4, "春"),
            ("春眠不覺曉，處處聞啼鳥。夜來風雨聲，".to_owned(), None)
        );
        assert_eq!(around(0..4, ""), (String::new(), None));
    }

    #[test]
    fn lines_behind_a_gap_stand_in_their_places() {
        let texts = |until: &str, after: &str, count| -> Vec<String> {
            let all = placed(until, after, count);
            all.into_iter().map(|line| line.text).collect()
        };
        assert_eq!(texts("春，夏", "秋，冬。", 4), ["春", "夏", "秋", "冬"]);
        assert_eq!(texts("春，", "冬。", 4), ["春", "", "", "冬"]);
        assert_eq!(texts("春，夏", "", 4), ["春", "夏"]);
        assert_eq!(texts("春，夏。秋", "冬。", 2), ["春", "夏", "秋", "冬"]);
    }

    #[test]
    fn a_run_is_found_across_lines() {
        let all = lines(POEM);
        let places: Vec<_> = places_of("鳥。夜來", &all).into_iter().collect();
        assert_eq!(places, [(1, 4), (2, 0), (2, 1)]);
        assert!(places_of("明月", &all).is_empty());
        assert!(places_of("，", &all).is_empty());
    }

    #[test]
    fn gaps_lie_between_kept_lines() {
        let gaps = |kept: &[usize]| gaps(4, &kept.iter().copied().collect());
        assert_eq!(gaps(&[]), [0..4]);
        assert_eq!(gaps(&[1]), [0..1, 2..4]);
        assert_eq!(gaps(&[0, 3, 9]), [1..3]);
        assert!(gaps(&[0, 1, 2, 3]).is_empty());
    }

    #[test]
    fn a_line_is_exchanged_and_keeps_its_mark() {
        let changed = with_line(POEM, 3, "月落知多少").unwrap();
        assert_eq!(changed, "春眠不覺曉，處處聞啼鳥。夜來風雨聲，月落知多少？");
        assert_eq!(with_line(POEM, 4, "月"), None);
    }
}
