//! Which charts a family has.

use lampwork_protocol::ModelConfig;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::board::Board;
use super::chart::Chart;
use super::drawing::Curve;
use super::run_log::RunLog;
use super::series::Point;
use crate::i18n::*;

/// A chart of some figures.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Plan {
    Loss,
    /// The loss of a flow.
    Error,
    Reconstruction,
    Kl,
    Sides,
    Verdicts,
    Diversity,
    /// The loss of a net that writes, in nats a token.
    Nats,
    /// How many tokens it wavers between: the exponential of that.
    Perplexity,
    /// What it needs to write the text down, in bits a character.
    Bits,
    /// A figure that the page does not know, by its name.
    Other(String),
}

impl Plan {
    /// Figures drawn in it.
    fn figures(&self) -> Vec<&str> {
        match self {
            Plan::Loss | Plan::Error | Plan::Nats => vec!["loss"],
            Plan::Perplexity => vec!["perplexity"],
            Plan::Bits => vec!["bits"],
            Plan::Reconstruction => vec!["reconstruction"],
            Plan::Kl => vec!["kl"],
            Plan::Sides => vec!["d_loss", "g_loss"],
            Plan::Verdicts => vec!["d_real", "d_fake"],
            Plan::Diversity => vec!["diversity"],
            Plan::Other(name) => vec![name],
        }
    }

    fn testid(&self) -> &'static str {
        match self {
            Plan::Loss | Plan::Error | Plan::Nats => "chart-loss",
            Plan::Perplexity => "chart-perplexity",
            Plan::Bits => "chart-bits",
            Plan::Reconstruction => "chart-reconstruction",
            Plan::Kl => "chart-kl",
            Plan::Sides => "chart-sides",
            Plan::Verdicts => "chart-verdicts",
            Plan::Diversity => "chart-diversity",
            Plan::Other(_) => "chart-other",
        }
    }
}

/// The charts of a family, and one for each figure that none of them draws.
fn plans(model: &ModelConfig, log: &RunLog) -> Vec<Plan> {
    let mut plans = match model {
        ModelConfig::Vae(_) => vec![Plan::Loss, Plan::Reconstruction, Plan::Kl],
        ModelConfig::Gan(_) | ModelConfig::Style(_) => vec![Plan::Sides, Plan::Verdicts],
        ModelConfig::Flow(_) => vec![Plan::Error],
        ModelConfig::Translate(_) | ModelConfig::Domains(_) => vec![],
        ModelConfig::Transformer(_) | ModelConfig::Lstm(_) => {
            vec![Plan::Nats, Plan::Perplexity, Plan::Bits]
        }
        ModelConfig::TextVae(_) => vec![
            Plan::Nats,
            Plan::Perplexity,
            Plan::Bits,
            Plan::Reconstruction,
            Plan::Kl,
        ],
    };
    if log.train("diversity").is_some() || log.validation("diversity").is_some() {
        plans.push(Plan::Diversity);
    }
    let others: Vec<Plan> = log
        .names()
        .filter(|name| !plans.iter().any(|plan| plan.figures().contains(name)))
        .map(|name| Plan::Other(name.to_owned()))
        .collect();
    plans.extend(others);
    plans
}

/// The curves of a chart: each figure in training and in validation.
fn curves(i18n: I18nContext<Locale>, plan: &Plan, log: &RunLog) -> Vec<Curve> {
    let training = t_string!(i18n, workbench.chart.training);
    let validation = t_string!(i18n, workbench.chart.validation);
    let mut curves = Vec::new();
    for (index, figure) in plan.figures().into_iter().enumerate() {
        // In the colours of the drawing: what looks is glass, what makes is ember.
        let colour = match figure {
            "d_loss" | "d_real" => 1,
            "g_loss" | "d_fake" | "diversity" => 0,
            _ => index,
        };
        let own = match figure {
            "d_loss" => Some(t_string!(i18n, workbench.chart.discriminator)),
            "g_loss" => Some(t_string!(i18n, workbench.chart.generator)),
            "d_real" => Some(t_string!(i18n, workbench.chart.real)),
            "d_fake" => Some(t_string!(i18n, workbench.chart.made)),
            "diversity" => Some(t_string!(i18n, workbench.chart.diversity)),
            _ => None,
        };
        let points = match log.train(figure) {
            Some(series) => Some(series.points().to_vec()),
            None => of_loss(plan, log),
        };
        if let Some(points) = points {
            curves.push(Curve {
                label: own.unwrap_or(training).to_owned(),
                colour,
                validation: false,
                points,
            });
        }
        if let Some(series) = log.validation(figure) {
            curves.push(Curve {
                label: own.unwrap_or(validation).to_owned(),
                colour: if own.is_some() { colour } else { colour + 1 },
                validation: true,
                points: series.points().to_vec(),
            });
        }
    }
    curves
}

/// A figure of training that follows from its loss.
///
/// Bits a character want the tokens of a character: those of the validation split, which
/// has both figures.
fn of_loss(plan: &Plan, log: &RunLog) -> Option<Vec<Point>> {
    let factor = match plan {
        Plan::Perplexity => None,
        Plan::Bits => {
            let bits = log.validation("bits")?.last()?;
            let loss = log.validation("loss")?.last()?;
            Some(bits.value / loss.value)
        }
        _ => return None,
    };
    let points = log.train("loss")?.points().iter().map(|point| Point {
        step: point.step,
        value: factor.map_or_else(|| point.value.exp(), |factor| point.value * factor),
    });
    Some(points.collect())
}

fn title(i18n: I18nContext<Locale>, plan: &Plan) -> String {
    match plan {
        Plan::Loss => t_string!(i18n, workbench.chart.loss),
        Plan::Error => t_string!(i18n, workbench.chart.error),
        Plan::Nats => t_string!(i18n, workbench.chart.loss),
        Plan::Perplexity => t_string!(i18n, workbench.chart.perplexity),
        Plan::Bits => t_string!(i18n, workbench.chart.bits),
        Plan::Reconstruction => t_string!(i18n, workbench.chart.reconstruction),
        Plan::Kl => t_string!(i18n, workbench.chart.kl),
        Plan::Sides => t_string!(i18n, workbench.chart.sides),
        Plan::Verdicts => t_string!(i18n, workbench.chart.verdicts),
        Plan::Diversity => t_string!(i18n, workbench.chart.diversity),
        Plan::Other(name) => return name.replace('_', " "),
    }
    .to_owned()
}

fn hint(i18n: I18nContext<Locale>, plan: &Plan) -> &'static str {
    match plan {
        Plan::Loss => t_string!(i18n, workbench.chart.loss_about),
        Plan::Error => t_string!(i18n, workbench.chart.error_about),
        Plan::Nats => t_string!(i18n, workbench.chart.nats_about),
        Plan::Perplexity => t_string!(i18n, workbench.chart.perplexity_about),
        Plan::Bits => t_string!(i18n, workbench.chart.bits_about),
        Plan::Reconstruction => t_string!(i18n, workbench.chart.reconstruction_about),
        Plan::Kl => t_string!(i18n, workbench.chart.kl_about),
        Plan::Sides => t_string!(i18n, workbench.chart.sides_about),
        Plan::Verdicts => t_string!(i18n, workbench.chart.verdicts_about),
        Plan::Diversity => t_string!(i18n, workbench.chart.diversity_about),
        Plan::Other(_) => t_string!(i18n, workbench.chart.other_about),
    }
}

/// Every chart of the run, and how they are drawn.
#[component]
pub fn Curves(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let plans = Memo::new(move |_| {
        let model = board
            .status
            .with(|status| status.as_ref().map(|status| status.recipe.model.clone()))
            .unwrap_or_else(|| board.draft.with(|draft| draft.model.clone()));
        board.log(|log| plans(&model, log))
    });
    // The loss of another family is another chart, with other words.
    let key = |plan: &Plan| format!("{plan:?}");
    view! {
        <section class="charts" aria-labelledby="charts-heading">
            <div class="charts-head">
                <h2 id="charts-heading">{t!(i18n, workbench.chart.heading)}</h2>
                <label for="smoothing">{t!(i18n, workbench.chart.smoothing)}</label>
                <input
                    id="smoothing"
                    type="range"
                    min="0"
                    max="0.98"
                    step="0.02"
                    data-testid="workbench-smoothing"
                    prop:value=move || board.style.get().smoothing.to_string()
                    on:input=move |event| {
                        let smoothing = event_target_value(&event).parse().unwrap_or(0.0);
                        board.style.update(|style| style.smoothing = smoothing);
                    }
                />
                <label class="check">
                    <input
                        type="checkbox"
                        data-testid="workbench-outliers"
                        prop:checked=move || board.style.get().ignore_outliers
                        on:change=move |event| {
                            let ignore = event_target_checked(&event);
                            board.style.update(|style| style.ignore_outliers = ignore);
                        }
                    />
                    {t!(i18n, workbench.chart.outliers)}
                </label>
            </div>
            <div class="charts-grid">
                <For each=move || plans.get() key=key let:plan>
                    {
                        let (of_title, of_hint, of_curves) = (plan.clone(), plan.clone(), plan.clone());
                        view! {
                            <Chart
                                title=Signal::derive(move || title(i18n, &of_title))
                                hint=Signal::derive(move || hint(i18n, &of_hint).to_owned())
                                curves=Signal::derive(move || board.log(|log| curves(i18n, &of_curves, log)))
                                style=board.style
                                reading=board.reading
                                testid=plan.testid()
                            />
                        }
                    }
                </For>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::presets::{Family, preset};
    use lampwork_protocol::{DataSet, Event, NetKind, StepFigures};

    #[test]
    fn figures_of_text_follow_from_its_loss() {
        let mut log = RunLog::default();
        assert_eq!(of_loss(&Plan::Bits, &log), None);
        let named = |values: &[(&str, f32)]| {
            let owned = values
                .iter()
                .map(|(name, value)| ((*name).to_owned(), *value));
            owned.collect::<Vec<_>>()
        };
        let steps = vec![StepFigures {
            step: 4,
            values: named(&[("loss", 2.0)]),
        }];
        log.apply(&Event::Steps { steps }, &[], 0.0);
        let values = named(&[("loss", 3.0), ("bits", 1.5)]);
        log.apply(&Event::Validated { step: 4, values }, &[], 0.0);
        let of = |plan| of_loss(&plan, &log).map(|points| points[0].value);
        assert_eq!(of(Plan::Perplexity), Some(2.0_f32.exp()));
        assert_eq!(of(Plan::Bits), Some(1.0));
        assert_eq!(of(Plan::Nats), None);
    }

    #[test]
    fn a_figure_that_no_chart_knows_gets_its_own() {
        let gan = preset(Family::Gan, NetKind::Mlp, DataSet::Digits).model;
        let mut log = RunLog::default();
        assert_eq!(plans(&gan, &log), [Plan::Sides, Plan::Verdicts]);
        let values = ["d_loss", "diversity", "grad_norm"]
            .map(|name| (name.to_owned(), 1.0))
            .to_vec();
        let steps = vec![StepFigures { step: 1, values }];
        log.apply(&Event::Steps { steps }, &[], 0.0);
        assert_eq!(
            plans(&gan, &log)[2..],
            [Plan::Diversity, Plan::Other("grad_norm".to_owned())]
        );
    }
}
