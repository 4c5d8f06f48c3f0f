//! Nets from picture to picture: their sizes, their tiles, what is transparent, and
//! what they are taught by.

use burn::tensor::{Device, Int, Tensor, TensorData};
use futures::executor::block_on;
use lampwork_models::Noise;
use lampwork_models::blocks::init::{Spread, initialise};
use lampwork_models::translate::{
    Generator, InstanceNorm, Pixels, Translating, distance, noisy, psnr, scratched, shrunk, spoiled,
};
use lampwork_protocol::{Distance, Edges, Shape, Spoil, TranslateConfig};

fn config() -> TranslateConfig {
    TranslateConfig {
        spoil: Spoil {
            shrink: 2,
            noise: 0.0,
            scratches: 0.0,
        },
        width: 8,
        blocks: 2,
        gather: 1,
        halvings: 0,
        kernel: 3,
        edges: Edges::Zeros,
        styles: 0,
        residual: true,
        leak: 0.0,
        distance: Distance::Charbonnier,
        colour: true,
        sources: vec![],
        piece: 0,
        restyle: None,
    }
}

fn repairs() -> TranslateConfig {
    TranslateConfig {
        spoil: Spoil {
            shrink: 1,
            noise: 0.2,
            scratches: 0.5,
        },
        gather: 2,
        ..config()
    }
}

/// A net all of whose weights say something: none begins at zero.
fn net(config: &TranslateConfig) -> Generator {
    let device = Device::flex();
    let net = Generator::new(config, &device);
    // Shipped under other names, so that no layer is one that starts at zero.
    let drawn = initialise(net, Spread::Fixed(0.1), &mut Noise::new(1, 0), &device);
    let mut noise = Noise::new(2, 0);
    let mut named = block_on(lampwork_weights::collect(&drawn)).unwrap();
    for weights in &mut named {
        if weights.name.contains("zero_") {
            let drawn = noise.normal(weights.values.len());
            weights.values = drawn.iter().map(|value| 0.05 * value).collect();
        }
    }
    lampwork_weights::fill(drawn, &named, &device).unwrap()
}

fn picture(width: usize, height: usize, channels: usize) -> Pixels {
    let values = Noise::new(3, 0).uniform(width * height * channels);
    Pixels {
        width,
        height,
        channels,
        values: values.iter().map(|value| (value * 255.0) as u8).collect(),
    }
}

fn made(net: &Generator, picture: &Pixels, times: u32, side: usize) -> (Pixels, u64) {
    let device = Device::flex();
    let mut translating = Translating::new(net.clone(), vec![], picture, times, side);
    loop {
        if let Some(made) = block_on(translating.advance(&device)).unwrap() {
            let (done, total) = translating.progress();
            assert_eq!(done, total, "as many pieces as were foretold");
            return (made, total);
        }
    }
}

/// Largest difference of two pictures, in levels of 255.
fn apart(a: &Pixels, b: &Pixels) -> u8 {
    assert_eq!(
        (a.width, a.height, a.channels),
        (b.width, b.height, b.channels)
    );
    let levels = a.values.iter().zip(&b.values);
    levels.map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn tiles_make_the_whole_picture_to_a_level() {
    let halved = TranslateConfig {
        halvings: 1,
        edges: Edges::Reflected,
        kernel: 5,
        ..repairs()
    };
    for config in [config(), repairs(), halved] {
        let net = net(&config);
        for (width, height, channels) in [(101, 67, 3), (90, 128, 1), (70, 70, 4)] {
            let picture = picture(width, height, channels);
            let (whole, one) = made(&net, &picture, 1, 1000);
            let (tiled, many) = made(&net, &picture, 1, 16);
            assert_eq!(one, 1);
            assert!(many > 10, "{many} tiles");
            assert!(apart(&whole, &tiled) <= 1, "{config:?}");
            assert_eq!(whole.width, width * config.factor());
            // It says something: it is not the input, enlarged.
            let least = whole.values.iter().min().unwrap();
            assert!(whole.values.iter().any(|value| value != least));
        }
    }
}

#[test]
fn a_tile_that_is_shown_too_little_would_differ() {
    // The reach is no larger than it has to be by more than a few pixels: with a net
    // that looks nowhere else, a picture's far side changes nothing.
    for config in [config(), repairs()] {
        let net = net(&config);
        let reach = net.reach().unwrap();
        let side = 3 * reach + 8;
        let mut picture = picture(side - side % 2, 16, 3);
        let (before, _) = made(&net, &picture, 1, 1000);
        // The first column of pixels.
        let width = picture.width;
        for row in picture.values.chunks_exact_mut(3 * width) {
            let other = 255 - row[0];
            row[..3].fill(other);
        }
        let (after, _) = made(&net, &picture, 1, 1000);
        let furthest = (0..before.values.len())
            .filter(|at| before.values[*at] != after.values[*at])
            .map(|at| at / 3 % before.width / config.factor())
            .max()
            .unwrap();
        assert!(furthest <= reach, "{furthest} is further than {reach}");
        assert!(
            furthest + 4 * config.gather + 4 >= reach,
            "{furthest} of {reach}"
        );
    }
}

#[test]
fn odd_sizes_down_to_one_pixel_go_through_and_keep_their_size() {
    let reflected = TranslateConfig {
        edges: Edges::Reflected,
        kernel: 9,
        halvings: 2,
        styles: 3,
        residual: false,
        ..config()
    };
    for config in [config(), repairs(), reflected] {
        let net = net(&config);
        for (width, height) in [(1, 1), (1, 9), (33, 2), (17, 31)] {
            for channels in [1, 3, 4] {
                let picture = picture(width, height, channels);
                let (made, _) = made(&net, &picture, 1, 48);
                let by = config.factor();
                assert_eq!((made.width, made.height), (width * by, height * by));
                assert_eq!(made.values.len(), made.width * made.height * channels);
            }
        }
    }
}

/// Each layer sees all of the one before, so there is no tile and no seam: layer by layer
/// it is what the net makes at once.
#[test]
fn a_picture_with_styles_goes_through_whole_layer_by_layer() {
    let device = Device::flex();
    let config = TranslateConfig {
        edges: Edges::Reflected,
        kernel: 5,
        halvings: 2,
        styles: 3,
        residual: false,
        colour: true,
        spoil: repairs().spoil,
        gather: 1,
        ..config()
    };
    let net = net(&config);
    let picture = picture(40, 28, 3);
    let blend = vec![0.5, 0.2, 0.3];
    let mut translating = Translating::new(net.clone(), blend.clone(), &picture, 1, 16);
    let (mut pieces, mut before) = (0, 0);
    let layered = loop {
        let there = block_on(translating.advance(&device)).unwrap();
        let (done, total) = translating.progress();
        assert!(before < done && done <= total);
        (pieces, before) = (pieces + 1, done);
        if let Some(made) = there {
            assert_eq!(done, total);
            break made;
        }
    };
    assert_eq!(pieces, 2 + 2 * config.halvings + config.blocks);
    let values: Vec<f32> = picture
        .values
        .iter()
        .map(|&v| f32::from(v) / 255.0)
        .collect();
    let shown = Tensor::<1>::from_floats(&values[..], &device);
    let shown = shown.reshape([1, 28, 40, 3]).permute([0, 3, 1, 2]);
    let styles = Tensor::<1>::from_floats(&blend[..], &device).reshape([1, 3]);
    let made = net.forward(shown, Some(&styles)).permute([0, 2, 3, 1]);
    let made: Vec<f32> = made.into_data().try_into_vec().unwrap();
    for (layered, made) in layered.values.iter().zip(made) {
        assert!(
            (f32::from(*layered) - 255.0 * made).abs() <= 0.51,
            "{layered}, {made}"
        );
    }
}

#[test]
fn twice_in_a_row_is_once_and_once_more() {
    let net = net(&config());
    let picture = picture(20, 12, 3);
    let (once, _) = made(&net, &picture, 1, 48);
    let (again, _) = made(&net, &once, 1, 48);
    let (twice, pieces) = made(&net, &picture, 2, 48);
    assert_eq!((twice.width, twice.height, pieces), (80, 48, 2));
    // Between the two a picture was rounded to bytes.
    assert!(apart(&again, &twice) <= 3);
}

#[test]
fn what_is_opaque_is_as_without_opacity_and_what_is_not_stays_so() {
    for config in [config(), repairs()] {
        let net = net(&config);
        let plain = picture(24, 24, 3);
        let with = |alpha: &dyn Fn(usize) -> u8| {
            let values = plain.values.chunks_exact(3).enumerate();
            Pixels {
                channels: 4,
                values: values
                    .flat_map(|(at, rgb)| [rgb[0], rgb[1], rgb[2], alpha(at)])
                    .collect(),
                ..plain
            }
        };
        let (colours, _) = made(&net, &plain, 1, 48);
        let (opaque, _) = made(&net, &with(&|_| 255), 1, 48);
        let seen: Vec<u8> = opaque
            .values
            .chunks_exact(4)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .collect();
        assert_eq!(seen, colours.values);
        assert!(opaque.values.chunks_exact(4).all(|pixel| pixel[3] == 255));
        // Where all is transparent, nothing of what lies beneath is seen.
        let (nothing, _) = made(&net, &with(&|_| 0), 1, 48);
        let opacities: Vec<u8> = nothing.values.chunks_exact(4).map(|p| p[3]).collect();
        if config.factor() == 1 {
            assert!(opacities.iter().all(|alpha| *alpha == 0));
            // What repairs leaves the opacity alone to the byte.
            let half = with(&|at| (at % 251) as u8);
            let (kept, _) = made(&net, &half, 1, 48);
            for (kept, was) in kept.values.chunks_exact(4).zip(half.values.chunks_exact(4)) {
                assert_eq!(kept[3], was[3]);
            }
        }
    }
}

#[test]
fn a_net_of_grey_pictures_makes_each_colour_by_itself() {
    let net = net(&TranslateConfig {
        colour: false,
        ..config()
    });
    let colours = picture(16, 16, 3);
    let (together, _) = made(&net, &colours, 1, 48);
    for channel in 0..3 {
        let of = |pixels: &Pixels| Pixels {
            channels: 1,
            values: pixels
                .values
                .iter()
                .skip(channel)
                .step_by(3)
                .copied()
                .collect(),
            ..*pixels
        };
        let (alone, _) = made(&net, &of(&colours), 1, 48);
        assert!(apart(&alone, &of(&together)) <= 1);
    }
}

#[test]
fn a_fresh_net_leaves_a_picture_as_it_is() {
    let device = Device::flex();
    let net = Generator::new(&repairs(), &device);
    let net = initialise(net, Spread::He, &mut Noise::new(1, 0), &device);
    let picture = picture(20, 20, 3);
    assert_eq!(made(&net, &picture, 1, 48).0, picture);
}

/// By the definition of Dumoulin 2017, eq. 4, from plain sums.
#[test]
fn a_rectifier_that_leaves_all_is_none() {
    let device = Device::flex();
    let bends = |leak: f32| {
        let net = net(&TranslateConfig { leak, ..config() });
        let [one, other] = [1.0_f32, 2.0].map(|seed| {
            let values = Tensor::<1, Int>::arange(0..192, &device).float() * seed;
            (values.sin() * 0.5 + 0.5).reshape([1, 3, 8, 8])
        });
        let between = net.forward((one.clone() + other.clone()) * 0.5, None);
        let mean = (net.forward(one, None) + net.forward(other, None)) * 0.5;
        (between - mean).abs().max().into_scalar::<f32>()
    };
    // What is a straight line between two pictures stays one where nothing is cut off.
    assert!(bends(1.0) < 1e-4, "{}", bends(1.0));
    assert!(bends(0.2) > 1e-3, "{}", bends(0.2));
    assert!(bends(0.0) > bends(0.2));
}

#[test]
fn instance_norm_is_scaled_and_shifted_by_its_styles() {
    let device = Device::flex();
    let norm = InstanceNorm::new(2, 3, &device);
    let mut named = block_on(lampwork_weights::collect(&norm)).unwrap();
    for weights in &mut named {
        weights.values = Noise::new(5, weights.name.len() as u64).normal(6);
    }
    let of = |name: &str| {
        let found = named.iter().find(|weights| weights.name == name);
        found.unwrap().values.clone()
    };
    let (gamma, beta) = (of("gamma"), of("beta"));
    let norm = lampwork_weights::fill(norm, &named, &device).unwrap();
    let values = Noise::new(6, 0).normal(2 * 3 * 20);
    let data = TensorData::new(values.clone(), [2, 3, 4, 5]);
    let styles = [[0.0, 1.0], [0.25, 0.75]];
    let told = Tensor::from_floats(styles, &device);
    let out: Vec<f32> = norm
        .forward(Tensor::from_data(data, &device), Some(&told))
        .into_data()
        .try_to_vec()
        .unwrap();
    for (instance, (values, out)) in values.chunks(20).zip(out.chunks(20)).enumerate() {
        let (picture, channel) = (instance / 3, instance % 3);
        let mean = values.iter().sum::<f32>() / 20.0;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / 20.0;
        let [first, second] = styles[picture];
        let blend = |table: &[f32]| first * table[channel] + second * table[3 + channel];
        for (value, out) in values.iter().zip(out) {
            let normal = (value - mean) / (variance + 1e-5).sqrt();
            // Of several styles what is learned counts eight times, away from one and
            // from zero.
            let (scale, shift) = (1.0 + 8.0 * (blend(&gamma) - 1.0), 8.0 * blend(&beta));
            let wanted = normal * scale + shift;
            assert!((out - wanted).abs() < 1e-3, "{out} is not {wanted}");
        }
    }
}

#[test]
fn shrinking_takes_means_of_squares_and_noise_and_scratches_stay_pictures() {
    let shape = Shape {
        side: 4,
        channels: 1,
    };
    let ramp: Vec<f32> = (0..16).map(|v| v as f32 / 15.0).collect();
    let small = shrunk(&ramp, shape, 2);
    // The mean of 0, 1, 4 and 5 fifteenths, as 8 bits hold it.
    assert!((small[0] - 2.5 / 15.0).abs() <= 0.5 / 255.0);
    assert_eq!(small.len(), 4);
    let colour = Shape {
        side: 32,
        channels: 3,
    };
    let plain = vec![0.5; colour.values()];
    let mut grainy = plain.clone();
    noisy(&mut grainy, 0.1, &mut Noise::new(1, 0));
    let variance = grainy.iter().map(|v| (v - 0.5).powi(2)).sum::<f32>() / grainy.len() as f32;
    // Of 3,072 draws: five standard errors are 1.3 thousandths.
    assert!((variance.sqrt() - 0.1).abs() < 0.007, "{}", variance.sqrt());
    let mut lined = plain.clone();
    scratched(&mut lined, colour, 3, &mut Noise::new(2, 0));
    let hit = lined.iter().zip(&plain).filter(|(a, b)| a != b).count();
    assert!((60..1500).contains(&hit), "{hit} values are scratched");
    // Half is no level of 255: what neither touched stays as it came.
    let touched = |value: &&f32| **value != 0.5;
    for value in grainy.iter().chain(&lined).filter(touched) {
        let level = value * 255.0;
        assert!((0.0..=255.0).contains(&level) && (level - level.round()).abs() < 1e-3);
    }
    let spoil = repairs().spoil;
    let of = |seed| spoiled(&ramp.repeat(192), colour, &spoil, &mut Noise::new(seed, 0));
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn psnr_is_the_mean_over_pictures() {
    let device = Device::flex();
    let tensor = |values: [f32; 2]| {
        let values: Vec<f32> = values.iter().flat_map(|value| vec![*value; 12]).collect();
        Tensor::<4>::from_data(TensorData::new(values, [2, 3, 2, 2]), &device)
    };
    // A tenth off is 20 dB, a hundredth 40; what is above white counts as white.
    let made: f32 = psnr(tensor([0.6, 1.4]), tensor([0.5, 0.99])).into_scalar();
    assert!((made - 30.0).abs() < 0.01, "{made}");
    // To learn by, nothing is clamped and a hundred-thousandth is as good as nothing.
    let by: f32 = distance(Distance::Psnr, tensor([0.6, 1.4]), tensor([0.5, 1.4])).into_scalar();
    let squares: [f32; 2] = [0.01 + 1e-5, 1e-5];
    let expected = squares
        .map(|square| 10.0 * square.log10())
        .iter()
        .sum::<f32>()
        / 2.0;
    assert!((by - expected).abs() < 0.01, "{by} {expected}");
}
