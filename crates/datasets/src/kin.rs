//! Which pictures look most alike.

/// Side, in pixels, of the squares whose means are compared.
const COARSE: usize = 4;

/// Of each picture, `[side, side]`, the numbers of the `count` others that look most like
/// it, by the cosine of coarse pictures less their mean.
pub fn kin(pictures: &[&[u8]], side: usize, count: usize) -> Vec<Vec<u32>> {
    let coarse: Vec<Vec<f32>> = pictures
        .iter()
        .map(|picture| coarse(picture, side))
        .collect();
    let alike = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    coarse
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let others = coarse.iter().enumerate().filter(|(other, _)| *other != at);
            let mut all: Vec<(f32, u32)> = others
                .map(|(other, two)| (alike(one, two), other as u32))
                .collect();
            let by_likeness = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0);
            if all.len() > count && count > 0 {
                all.select_nth_unstable_by(count - 1, by_likeness);
                all.truncate(count);
            }
            all.sort_by(by_likeness);
            all.into_iter().map(|(_, other)| other).collect()
        })
        .collect()
}

/// The means of squares, less their own mean, of length one.
fn coarse(picture: &[u8], side: usize) -> Vec<f32> {
    let cells = side / COARSE;
    let mut means = vec![0.0; cells * cells];
    for (at, &value) in picture.iter().enumerate() {
        let (row, column) = (at / side / COARSE, at % side / COARSE);
        if row < cells && column < cells {
            means[row * cells + column] += f32::from(value);
        }
    }
    let mean = means.iter().sum::<f32>() / means.len().max(1) as f32;
    means.iter_mut().for_each(|value| *value -= mean);
    let length = means.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
    means.iter_mut().for_each(|value| *value /= length);
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kin_are_those_that_look_most_alike() {
        let bar = |column: usize| -> Vec<u8> {
            (0..144)
                .map(|at| {
                    if at % 12 / 4 == column {
                        255
                    } else {
                        (at / 12 * 9) as u8
                    }
                })
                .collect()
        };
        let (a, b) = (bar(0), bar(2));
        let mut like_a = a.clone();
        like_a[3] = 0;
        let kin = kin(&[&a, &b, &like_a], 12, 1);
        assert_eq!(kin[0], [2]);
        assert_eq!(kin[2], [0]);
    }
}
