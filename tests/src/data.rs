//! A data set small enough for a test.

use lampwork_datasets::split::Splits;
use lampwork_datasets::{Examples, Packed, sources};
use lampwork_models::Noise;
use lampwork_protocol::{DataSet, PICTURE_PIXELS, PICTURE_SIDE};

/// Training, validation and test examples of [`packed`].
pub const COUNTS: [usize; 3] = [40, 20, 20];

/// Ten kinds of pictures: a bright bar at a place of the kind's own, with noise.
pub fn packed(data: DataSet) -> Packed {
    let mut noise = Noise::new(1, 0);
    let [train, validation, test] = COUNTS.map(|count| bars(count, &mut noise));
    let splits = Splits {
        train,
        validation,
        test,
    };
    Packed::new(splits, sources::card(data, "Bars, for tests."))
}

fn bars(count: usize, noise: &mut Noise) -> Examples {
    let mut examples = Examples::default();
    for index in 0..count {
        let class = index % 10;
        let shades = noise.uniform(PICTURE_PIXELS);
        for (place, shade) in shades.iter().enumerate() {
            let row = place / PICTURE_SIDE;
            let bright = (2 * class + 3..2 * class + 7).contains(&row);
            let base = if bright { 180.0 } else { 0.0 };
            examples.pictures.push((base + 60.0 * shade) as u8);
        }
        examples.labels.push(class as u8);
    }
    examples
}
