//! Which charts a family has.

use lampwork_protocol::ModelConfig;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::board::Board;
use super::chart::Chart;
use super::drawing::Curve;
use super::run_log::RunLog;
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
    /// A figure that the page does not know, by its name.
    Other(String),
}

impl Plan {
    /// Figures drawn in it.
    fn figures(&self) -> Vec<&str> {
        match self {
            Plan::Loss | Plan::Error => vec!["loss"],
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
            Plan::Loss | Plan::Error => "chart-loss",
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
        ModelConfig::Gan(_) => vec![Plan::Sides, Plan::Verdicts],
        _ => vec![Plan::Error],
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
        if let Some(series) = log.train(figure) {
            curves.push(Curve {
                label: own.unwrap_or(training).to_owned(),
                colour,
                validation: false,
                points: series.points().to_vec(),
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

fn title(i18n: I18nContext<Locale>, plan: &Plan) -> String {
    match plan {
        Plan::Loss => t_string!(i18n, workbench.chart.loss),
        Plan::Error => t_string!(i18n, workbench.chart.error),
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
    let key = |plan: &Plan| plan.figures().join("+");
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
