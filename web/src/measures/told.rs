//! A measurement as text and as JSON, to be kept or passed on.

use lampwork_protocol::{Figure, Measurement};
use serde_json::json;

use super::rows::shown;

/// A hash as hexadecimal digits.
pub fn hexadecimal(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The table as text, columns parted by tabs, under a line that says of what it is.
pub fn text(measured: &Measurement) -> String {
    let order = &measured.order;
    let mut text = format!(
        "{} {}, {} pictures of {} on each side, seed {}, judge {}\n",
        order.model,
        hexadecimal(&order.weights),
        order.count,
        measured.data.name(),
        order.seed,
        hexadecimal(&measured.judge)
    );
    if let Some(way) = order.sampling {
        let (steps, guidance) = (way.steps, way.guidance);
        text.push_str(&format!(
            "{steps} steps of {:?}, guidance {guidance}\n",
            way.solver
        ));
    }
    text.push_str("figure\tthis model\treal pictures\tnoise\n");
    for figure in &measured.figures {
        let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), shown);
        text.push_str(&format!(
            "{}\t{}\t{}\t{}\n",
            figure.name,
            shown(figure.value),
            optional(figure.floor),
            optional(figure.ceiling)
        ));
    }
    text
}

/// All of it, with every digit and how each figure was computed.
pub fn json(measured: &Measurement) -> String {
    let order = &measured.order;
    let value = json!({
        "model": order.model,
        "weights": hexadecimal(&order.weights),
        "data": measured.data.name(),
        "judge": hexadecimal(&measured.judge),
        "count": order.count,
        "seed": order.seed,
        "sampling": order.sampling,
        "figures": measured.figures,
    });
    // Of strings and numbers, so it can always be written.
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

/// Whether the figures are of too few pictures for a Frechet distance.
pub fn lacks_frechet(figures: &[Figure]) -> bool {
    !figures
        .iter()
        .any(|figure| figure.name == "frechet_distance")
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::{DataSet, MeasureOrder, Sampling};

    use super::*;

    #[test]
    fn what_is_copied_says_of_what_it_is() {
        let figure = |name: &str, value, ceiling| Figure {
            name: name.to_owned(),
            value,
            unit: String::new(),
            floor: Some(0.5),
            ceiling,
            how: "somehow".to_owned(),
        };
        let measured = Measurement {
            order: MeasureOrder {
                model: "flow-fashion".to_owned(),
                weights: [1; 8],
                count: 128,
                seed: 7,
                sampling: Some(Sampling::default()),
            },
            data: DataSet::Fashion,
            judge: [0xab; 8],
            figures: vec![
                figure("recall", 0.25, Some(0.0)),
                figure("spread", 1.5, None),
            ],
        };
        assert_eq!(
            text(&measured),
            "flow-fashion 0101010101010101, 128 pictures of fashion on each side, seed 7, \
             judge abababababababab\n\
             10 steps of Heun, guidance 1.5\n\
             figure\tthis model\treal pictures\tnoise\n\
             recall\t0.250\t0.500\t0\n\
             spread\t1.500\t0.500\t-\n"
        );
        let value: serde_json::Value = serde_json::from_str(&json(&measured)).unwrap();
        assert_eq!(value["judge"], "abababababababab");
        assert_eq!(value["figures"][0]["value"], 0.25);
        assert_eq!(value["sampling"]["steps"], 10);
        assert!(lacks_frechet(&measured.figures));
    }
}
