//! A small picture in few bytes.
//!
//! A link carries the picture that a recipe begins with, and 3,072 bytes would be
//! 4,096 letters. Each value is foretold from its neighbours (the median predictor
//! of LOCO-I, Weinberger 2000) and from what was wrong in the channel before; what
//! is still wrong goes through an adaptive binary arithmetic coder (as in Mahoney's
//! lpaq). A test picture takes 946 bytes of emoji, 790 of faces, 909 of pixel art, 388
//! of fashion and 181 of digits; deflate by zlib takes 967, 745, 509, 454 and 194, and
//! would be most of the protocol's code. Unlike deflate, it has one form of a picture.

use crate::{Shape, Start};

/// Coded bytes of the largest picture and its mask, with room for one that is all
/// noise.
pub(super) const MAX_CODED: usize = 4 << 10;

/// A picture and its mask as bytes; there is one form of each.
pub(super) fn squeeze(picture: &[u8], mask: Option<&[u8]>, shape: Shape) -> Vec<u8> {
    let mut coder = Coder::writing();
    let mut picture = picture.to_vec();
    let mut mask = mask.map(<[u8]>::to_vec);
    pass(&mut coder, &mut picture, mask.as_deref_mut(), shape);
    coder.finish()
}

/// The picture and the mask of what [`squeeze`] gave; `None` for other bytes.
pub(super) fn expand(
    bytes: &[u8],
    masked: bool,
    shape: Shape,
) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let mut coder = Coder::reading(bytes);
    let mut picture = vec![0; shape.values()];
    let mut mask = masked.then(|| vec![0; Start::mask_bytes(shape)]);
    pass(&mut coder, &mut picture, mask.as_deref_mut(), shape);
    // An arithmetic coder reads anything as something: only what it would have
    // written itself counts.
    (squeeze(&picture, mask.as_deref(), shape) == bytes).then_some((picture, mask))
}

/// Goes over all values, the same way in both directions: where the coder writes,
/// they are left as they are; where it reads, they are filled in.
fn pass(coder: &mut Coder<'_>, picture: &mut [u8], mask: Option<&mut [u8]>, shape: Shape) {
    let Shape { side, channels } = shape;
    let mut models = Models::new(channels);
    // What was wrong, value by value, folded so that small is near zero.
    let mut wrong = vec![0_u8; picture.len()];
    for at in 0..picture.len() {
        let (channel, x) = (at % channels, at / channels % side);
        let back = |steps: usize, there: bool, of: &[u8]| if there { of[at - steps] } else { 0 };
        let row = side * channels;
        let (left, up) = (x > 0, at >= row);
        let west = back(channels, left, picture);
        let north = back(row, up, picture);
        let corner = back(row + channels, left && up, picture);
        let before = back(1, channel > 0, &wrong);
        let guess = median(west, north, corner).wrapping_add(unfolded(before));
        let still = usize::from(before == 0)
            | (usize::from(back(channels, left, &wrong) == 0) << 1)
            | (usize::from(back(row, up, &wrong) == 0) << 2);
        let symbol = folded(picture[at].wrapping_sub(guess));
        let symbol = models.symbol(coder, channel, still, symbol);
        wrong[at] = symbol;
        picture[at] = guess.wrapping_add(unfolded(symbol));
    }
    let Some(mask) = mask else {
        return;
    };
    let mut odds = [EVEN; 16];
    for at in 0..side * side {
        let bit = |mask: &[u8], back: usize, there: bool| {
            usize::from(there && mask[(at - back) / 8] & (0x80 >> ((at - back) % 8)) != 0)
        };
        let (x, up) = (at % side, at >= side);
        let around = bit(mask, 1, x > 0)
            | (bit(mask, side, up) << 1)
            | (bit(mask, side + 1, up && x > 0) << 2)
            | (bit(mask, side.saturating_sub(1), up && x + 1 < side) << 3);
        let set = coder.bit(&mut odds[around], bit(mask, 0, true) == 1);
        if set {
            mask[at / 8] |= 0x80 >> (at % 8);
        }
    }
}

/// LOCO-I: the middle one of west, north and the plane through all three.
fn median(west: u8, north: u8, corner: u8) -> u8 {
    let (low, high) = (west.min(north), west.max(north));
    if corner >= high {
        low
    } else if corner <= low {
        high
    } else {
        // Between the two, so nothing overflows at the end.
        west.wrapping_add(north).wrapping_sub(corner)
    }
}

/// 0, -1, 1, -2, 2, ... as 0, 1, 2, 3, 4, ...
fn folded(difference: u8) -> u8 {
    (difference << 1) ^ (difference as i8 >> 7) as u8
}

fn unfolded(symbol: u8) -> u8 {
    (symbol >> 1) ^ (symbol & 1).wrapping_neg()
}

/// An even chance, of 2^16.
const EVEN: u16 = 1 << 15;

/// Odds of what is wrong, by channel.
struct Models {
    /// That nothing is, by whether nothing was around.
    zero: Vec<[u16; 8]>,
    /// Bits of what is, as a tree.
    tree: Vec<[u16; 256]>,
}

impl Models {
    fn new(channels: usize) -> Models {
        Models {
            zero: vec![[EVEN; 8]; channels],
            tree: vec![[EVEN; 256]; channels],
        }
    }

    fn symbol(&mut self, coder: &mut Coder<'_>, channel: usize, still: usize, symbol: u8) -> u8 {
        if coder.bit(&mut self.zero[channel][still], symbol == 0) {
            return 0;
        }
        let mut node = 1_usize;
        for place in (0..8).rev() {
            let bit = coder.bit(&mut self.tree[channel][node], (symbol >> place) & 1 == 1);
            node = (node << 1) | usize::from(bit);
        }
        // Zero has a sign of its own, so here it stands for nothing that was written.
        node as u8
    }
}

/// A binary arithmetic coder, in either direction.
struct Coder<'a> {
    low: u32,
    high: u32,
    way: Way<'a>,
}

enum Way<'a> {
    Write(Vec<u8>),
    Read { code: u32, rest: &'a [u8] },
}

impl<'a> Coder<'a> {
    fn writing() -> Coder<'a> {
        Coder {
            low: 0,
            high: u32::MAX,
            way: Way::Write(vec![]),
        }
    }

    fn reading(bytes: &'a [u8]) -> Coder<'a> {
        let mut rest = bytes;
        let code = (0..4).fold(0, |code, _| (code << 8) | u32::from(next(&mut rest)));
        Coder {
            low: 0,
            high: u32::MAX,
            way: Way::Read { code, rest },
        }
    }

    /// Writes `bit`, or reads one and takes no notice of it; which it was.
    fn bit(&mut self, odds: &mut u16, bit: bool) -> bool {
        let range = u64::from(self.high - self.low);
        let middle = self.low + ((range * u64::from(*odds)) >> 16) as u32;
        let bit = match &self.way {
            Way::Write(_) => bit,
            Way::Read { code, .. } => *code <= middle,
        };
        if bit {
            self.high = middle;
            *odds += (u16::MAX - *odds) >> 4;
        } else {
            self.low = middle + 1;
            *odds -= *odds >> 4;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            match &mut self.way {
                Way::Write(bytes) => bytes.push((self.high >> 24) as u8),
                Way::Read { code, rest } => *code = (*code << 8) | u32::from(next(rest)),
            }
            self.low <<= 8;
            self.high = (self.high << 8) | 255;
        }
        bit
    }

    /// What was written. After the last byte a reader sees zeros.
    fn finish(self) -> Vec<u8> {
        let Way::Write(mut bytes) = self.way else {
            return vec![];
        };
        if self.low > 0 {
            // The shortest that lies between the two, whatever follows it.
            bytes.push(((self.low >> 24) + 1) as u8);
        }
        bytes
    }
}

fn next(rest: &mut &[u8]) -> u8 {
    match rest.split_first() {
        Some((&byte, after)) => {
            *rest = after;
            byte
        }
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn comes_back(picture: &[u8], mask: Option<&[u8]>, shape: Shape) -> usize {
        let bytes = squeeze(picture, mask, shape);
        let expected = Some((picture.to_vec(), mask.map(<[u8]>::to_vec)));
        assert_eq!(expand(&bytes, mask.is_some(), shape), expected);
        bytes.len()
    }

    #[test]
    fn plain_pictures_take_next_to_nothing() {
        assert!(comes_back(&[0; 784], None, Shape::GREY) < 40);
        assert!(comes_back(&[255; 3072], Some(&[255; 128]), Shape::COLOUR) < 80);
    }

    #[test]
    fn a_drawing_takes_a_fraction() {
        // A yellow disc with an edge, as an emoji has.
        let disc = (0..1024).flat_map(|at| {
            let (x, y) = ((at % 32) as f32 - 15.5, (at / 32) as f32 - 15.5);
            let inside = (14.5 - x.hypot(y)).clamp(0.0, 1.0);
            [255.0, 255.0 - 51.0 * inside, 255.0 - 205.0 * inside].map(|value| value as u8)
        });
        let bytes = comes_back(&disc.collect::<Vec<_>>(), None, Shape::COLOUR);
        assert!(bytes < 500, "{bytes} bytes");
    }

    proptest! {
        #[test]
        fn noise_comes_back_within_the_limit(
            picture in prop::collection::vec(any::<u8>(), 3072),
            mask in prop::option::of(prop::collection::vec(any::<u8>(), 128)),
        ) {
            prop_assert!(comes_back(&picture, mask.as_deref(), Shape::COLOUR) <= MAX_CODED);
        }

        #[test]
        fn few_shades_come_back(picture in prop::collection::vec(prop::sample::select(vec![0_u8, 1, 128, 255]), 784)) {
            comes_back(&picture, None, Shape::GREY);
        }

        #[test]
        fn other_bytes_are_refused_or_have_the_one_form(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Some((picture, mask)) = expand(&bytes, true, Shape::GREY) {
                prop_assert_eq!(squeeze(&picture, mask.as_deref(), Shape::GREY), bytes);
            }
        }
    }
}
