//! What page and worker say when a model is measured, there and back.

use lampwork_protocol::{
    Command, DataSet, Event, Figure, Latent, Level, MeasureOrder, MeasureStage, Measurement, Nudge,
    Progress, ProjectOrder, Recipe, Sampling,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap();
    assert_eq!(&read, value, "{text}");
}

fn order() -> MeasureOrder {
    MeasureOrder {
        model: "flow-fashion".to_owned(),
        weights: [1, 2, 3, 4, 5, 6, 7, 8],
        count: 128,
        seed: u64::MAX,
        sampling: Some(Sampling::default()),
    }
}

#[test]
fn orders_and_measurements_come_back_as_they_were() {
    check(&Command::LoadJudge {
        data: DataSet::Emoji,
    });
    check(&Command::Measure { order: order() });
    check(&Event::JudgeLoaded {
        data: DataSet::Digits,
        hash: [9; 8],
    });
    check(&Event::Measuring {
        stage: MeasureStage::Comparing,
        progress: Progress { done: 3, total: 9 },
    });
    check(&Event::Measured(Measurement {
        order: order(),
        data: DataSet::Fashion,
        judge: [7; 8],
        figures: vec![Figure {
            name: "spread".to_owned(),
            value: 0.9,
            unit: String::new(),
            floor: Some(1.0),
            ceiling: None,
            how: "somehow".to_owned(),
        }],
    }));
}

#[test]
fn an_order_that_says_no_way_takes_the_usual_one() {
    let text = r#"{"model": "gan-digits", "weights": [0,0,0,0,0,0,0,0], "count": 128, "seed": 1}"#;
    let order: MeasureOrder = serde_json::from_str(text).unwrap();
    assert_eq!(order.sampling, None);
}

#[test]
fn what_is_said_of_styles_comes_back_as_it_was() {
    check(&Command::Project {
        order: ProjectOrder {
            model: "style-faces".to_owned(),
            weights: [3; 8],
            steps: ProjectOrder::USUAL,
            grain: u64::MAX,
        },
    });
    let latent = Latent::Pushed {
        of: Box::new(Latent::Styles {
            values: vec![-128, 0, 127],
            unit: 0.25,
            grain: 1,
        }),
        nudges: vec![Nudge {
            direction: 3,
            level: Level::Fine,
            amount: -1.5,
        }],
    };
    check(&Event::Projected { latent, psnr: 20.5 });
}

#[test]
fn the_command_that_follows_a_picture_comes_back_as_it_was() {
    check(&Command::Follow {
        recipe: Recipe {
            model: "flow-emoji".to_owned(),
            weights: [1; 8],
            latent: Latent::Draw {
                seed: 7,
                index: 0,
                temperature: 1.0,
                class: None,
            },
            sampling: Some(Sampling::SHORTCUT),
            start: None,
        },
    });
}
