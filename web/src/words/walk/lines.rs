//! Verses to begin with, and how a verse is set.

/// Couplets of the Tang that many know by heart, in traditional characters.
pub const SAMPLES: [&str; 12] = [
    "夜來風雨聲，花落知多少。",
    "春眠不覺曉，處處聞啼鳥。",
    "白日依山盡，黃河入海流。",
    "千山鳥飛絕，萬徑人蹤滅。",
    "空山不見人，但聞人語響。",
    "野火燒不盡，春風吹又生。",
    "海上生明月，天涯共此時。",
    "大漠孤煙直，長河落日圓。",
    "國破山河在，城春草木深。",
    "月落烏啼霜滿天，江楓漁火對愁眠。",
    "朝辭白帝彩雲間，千里江陵一日還。",
    "秦時明月漢時關，萬里長征人未還。",
];

/// The lines of a verse, each with the marks behind it.
pub fn lines_of(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut ended = false;
    for one in text.chars().filter(|one| !one.is_whitespace()) {
        let mark = matches!(one, '，' | '。' | '？' | '！' | '；' | '、');
        // Marks in a row, as a net writes them that is lost, make no lines.
        if ended && !mark {
            lines.push(std::mem::take(&mut line));
            ended = false;
        }
        ended |= matches!(one, '。' | '？' | '！');
        line.push(one);
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_with_its_sentence() {
        assert_eq!(
            lines_of("一二，三四。五六？七"),
            ["一二，三四。", "五六？", "七"]
        );
        assert!(lines_of("").is_empty());
        assert_eq!(lines_of("。。，。一。。"), ["。。，。", "一。。"]);
    }

    #[test]
    fn samples_are_couplets() {
        for sample in SAMPLES {
            assert_eq!(lines_of(sample).len(), 1);
            let parts: Vec<usize> = sample
                .trim_end_matches('。')
                .split('，')
                .map(|part| part.chars().count())
                .collect();
            assert!(parts == [5, 5] || parts == [7, 7], "{sample}");
        }
    }
}
