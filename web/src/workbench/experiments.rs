//! Runs worth seeing once.

use lampwork_protocol::{DataSet, NetKind, RunRecipe};
use leptos::prelude::*;

use super::board::Board;
use super::knobs::{Knob, Value};
use super::presets::{Family, preset};
use crate::i18n::*;

/// A run worth seeing once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Experiment {
    /// A VAE of two dimensions.
    Map,
    /// A VAE pressed so hard that it says the same of every picture.
    Blur,
    /// The GAN of the first paper.
    FirstGan,
    /// A generator that finds one picture and keeps to it.
    Collapse,
    /// A run that diverges.
    Diverge,
}

impl Experiment {
    /// Every experiment, in order.
    pub const ALL: [Experiment; 5] = [
        Experiment::Map,
        Experiment::FirstGan,
        Experiment::Blur,
        Experiment::Collapse,
        Experiment::Diverge,
    ];

    fn testid(self) -> &'static str {
        match self {
            Experiment::Map => "workbench-try-map",
            Experiment::Blur => "workbench-try-blur",
            Experiment::FirstGan => "workbench-try-first-gan",
            Experiment::Collapse => "workbench-try-collapse",
            Experiment::Diverge => "workbench-try-diverge",
        }
    }

    /// Its recipe.
    pub fn recipe(self) -> RunRecipe {
        let (family, data, knobs): (_, _, &[(Knob, Value)]) = match self {
            Experiment::Map => (Family::Vae, DataSet::Fashion, &[]),
            Experiment::Blur => (
                Family::Vae,
                DataSet::Digits,
                &[
                    (Knob::Beta, Value::Real(16.0)),
                    (Knob::KlWarmup, Value::Whole(0)),
                ],
            ),
            Experiment::FirstGan => (Family::Gan, DataSet::Digits, &[]),
            Experiment::Collapse => (
                Family::Gan,
                DataSet::Digits,
                &[
                    (Knob::LearningRate, Value::Real(2e-3)),
                    (Knob::DiscriminatorRate, Value::Real(0.1)),
                ],
            ),
            Experiment::Diverge => (
                Family::Vae,
                DataSet::Fashion,
                &[
                    (Knob::Rule, Value::Choice("sgd")),
                    (Knob::LearningRate, Value::Real(1.0)),
                ],
            ),
        };
        let mut recipe = preset(family, NetKind::Mlp, data);
        for (knob, value) in knobs {
            knob.write(&mut recipe, *value);
        }
        recipe
    }
}

/// The list of experiments.
#[component]
pub fn Experiments(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let words = move |experiment| match experiment {
        Experiment::Map => (
            t_string!(i18n, workbench.experiment.map.name),
            t_string!(i18n, workbench.experiment.map.about),
        ),
        Experiment::Blur => (
            t_string!(i18n, workbench.experiment.blur.name),
            t_string!(i18n, workbench.experiment.blur.about),
        ),
        Experiment::FirstGan => (
            t_string!(i18n, workbench.experiment.first_gan.name),
            t_string!(i18n, workbench.experiment.first_gan.about),
        ),
        Experiment::Collapse => (
            t_string!(i18n, workbench.experiment.collapse.name),
            t_string!(i18n, workbench.experiment.collapse.about),
        ),
        Experiment::Diverge => (
            t_string!(i18n, workbench.experiment.diverge.name),
            t_string!(i18n, workbench.experiment.diverge.about),
        ),
    };
    view! {
        <section class="experiments" aria-labelledby="experiments-heading">
            <h2 id="experiments-heading">{t!(i18n, workbench.experiment.heading)}</h2>
            <ul>
                {Experiment::ALL
                    .into_iter()
                    .map(|experiment| {
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="button"
                                    data-testid=experiment.testid()
                                    on:click=move |_| {
                                        board.draft.set(experiment.recipe());
                                        board.reset_and_play();
                                    }
                                >
                                    {move || words(experiment).0}
                                </button>
                                <p>{move || words(experiment).1}</p>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_experiment_is_a_run_that_the_form_can_show() {
        for experiment in Experiment::ALL {
            let recipe = experiment.recipe();
            for knob in Knob::ALL {
                if let Some(value) = knob.read(&recipe) {
                    assert_eq!(knob.range(&recipe).parse(&value.text()), Some(value));
                }
            }
        }
    }
}
