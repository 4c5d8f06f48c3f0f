//! The table that `train eval` prints.

use lampwork_protocol::Figure;

/// The figures as a table, and under it how each was computed.
pub fn table(figures: &[Figure]) -> String {
    let mut rows = vec![["figure", "value", "floor", "ceiling"].map(str::to_owned)];
    for figure in figures {
        let name = match figure.unit.as_str() {
            "" => figure.name.clone(),
            unit => format!("{} ({unit})", figure.name),
        };
        let bound = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
        rows.push([
            name,
            number(figure.value),
            bound(figure.floor),
            bound(figure.ceiling),
        ]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3].map(width);
    let mut text = String::new();
    for row in &rows {
        let [name, numbers @ ..] = row;
        text.push_str(&format!("{name:<0$}", widths[0]));
        for (cell, width) in numbers.iter().zip(&widths[1..]) {
            text.push_str(&format!("  {cell:>width$}"));
        }
        text.push('\n');
    }
    text.push_str("\nfloor: real ones in place of made ones; ceiling: noise, or what others say\n");
    // Figures that were computed alike share a line.
    let mut ways: Vec<(&str, Vec<&str>)> = Vec::new();
    for figure in figures {
        match ways.iter_mut().find(|(how, _)| *how == figure.how) {
            Some((_, names)) => names.push(&figure.name),
            None => ways.push((&figure.how, vec![&figure.name])),
        }
    }
    for (how, names) in ways {
        text.push_str(&format!("{}: {how}\n", names.join(", ")));
    }
    text
}

/// Four digits that matter.
fn number(value: f64) -> String {
    let whole_digits = value.abs().max(1.0).log10().floor() as usize + 1;
    let decimals = 4usize.saturating_sub(whole_digits.min(3));
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_under_their_heads() {
        let figure = |name: &str, value, floor| Figure {
            name: name.into(),
            value,
            unit: String::new(),
            floor,
            ceiling: None,
            how: "some way".into(),
        };
        let text = table(&[
            figure("recall", 0.5, Some(0.75)),
            figure("elbo", -237.25, None),
        ]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "figure   value  floor  ceiling");
        assert_eq!(lines[1], "recall   0.500  0.750        -");
        assert_eq!(lines[2], "elbo    -237.2      -        -");
        assert_eq!(lines.last(), Some(&"recall, elbo: some way"));
    }
}
