//! The form that a poem keeps.

/// What a poem looks like: so many lines of so many characters, or a tune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// 五絕: four lines of five characters, one level-tone rhyme.
    FiveQuatrain,
    /// 七絕: four lines of seven characters, one level-tone rhyme.
    SevenQuatrain,
    /// 五律: eight lines of five characters, one level-tone rhyme.
    FiveRegulated,
    /// 七律: eight lines of seven characters, one level-tone rhyme.
    SevenRegulated,
    /// Any other verse in lines of five characters.
    FiveOther,
    /// Any other verse in lines of seven characters.
    SevenOther,
    /// A ci to a tune: its place in the list of tunes.
    Tune(u8),
}

/// The forms of shi, by their numbers.
pub const SHI_FORMS: [Form; 6] = [
    Form::FiveQuatrain,
    Form::SevenQuatrain,
    Form::FiveRegulated,
    Form::SevenRegulated,
    Form::FiveOther,
    Form::SevenOther,
];

/// Their names, in English and in Chinese. The English ones name special tokens.
pub const SHI_NAMES: [[&str; 2]; 6] = [
    ["five-quatrain", "五絕"],
    ["seven-quatrain", "七絕"],
    ["five-regulated", "五律"],
    ["seven-regulated", "七律"],
    ["five-other", "五言"],
    ["seven-other", "七言"],
];

impl Form {
    /// Most tunes that can be told apart.
    pub const MAX_TUNES: usize = 64;

    /// The number by which a corpus knows it: forms of shi first, then tunes.
    pub fn number(self) -> u8 {
        match self {
            Form::Tune(tune) => SHI_FORMS.len() as u8 + tune,
            shi => SHI_FORMS.iter().position(|form| *form == shi).unwrap_or(0) as u8,
        }
    }

    /// The form of a number, of which `tunes` are tunes.
    pub fn from_number(number: u8, tunes: usize) -> Option<Self> {
        let at = usize::from(number);
        match SHI_FORMS.get(at) {
            Some(form) => Some(*form),
            None => {
                (at - SHI_FORMS.len() < tunes).then(|| Form::Tune((at - SHI_FORMS.len()) as u8))
            }
        }
    }

    /// Lines and characters in each, where the form says how many.
    pub fn shape(self) -> Option<(usize, usize)> {
        match self {
            Form::FiveQuatrain => Some((4, 5)),
            Form::SevenQuatrain => Some((4, 7)),
            Form::FiveRegulated => Some((8, 5)),
            Form::SevenRegulated => Some((8, 7)),
            Form::FiveOther | Form::SevenOther | Form::Tune(_) => None,
        }
    }

    /// Characters in a line, where all have as many.
    pub fn width(self) -> Option<usize> {
        match self {
            Form::FiveQuatrain | Form::FiveRegulated | Form::FiveOther => Some(5),
            Form::SevenQuatrain | Form::SevenRegulated | Form::SevenOther => Some(7),
            Form::Tune(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for number in 0..=255 {
            match Form::from_number(number, 3) {
                Some(form) => assert_eq!(form.number(), number),
                None => assert!(number >= 9),
            }
        }
        assert_eq!(Form::from_number(8, 3), Some(Form::Tune(2)));
        assert_eq!(Form::from_number(9, 3), None);
    }
}
