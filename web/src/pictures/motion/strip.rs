//! The path of a flow as a filmstrip: a picture a step.

use leptos::prelude::*;

use super::super::picture::Picture;
use super::player::Player;
use super::roll::Roll;
use crate::i18n::*;

/// The strip; a step that is pressed is seen large.
#[component]
pub fn Strip(
    /// Who makes its pictures.
    roll: Roll,
    /// Which of them is seen.
    player: Player,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| roll.stills.with(Vec::len));
    let show = move |step: usize| {
        let frame = player
            .reel
            .with_untracked(|reel| reel.frames.iter().position(|still| *still == step));
        if let Some(frame) = frame {
            player.show(frame);
        }
    };
    view! {
        <section class="motion-film" aria-labelledby="motion-film-heading">
            <h3 id="motion-film-heading">{t!(i18n, pictures.motion.strip)}</h3>
            <p class="hint">{t!(i18n, pictures.motion.strip_about)}</p>
            <ol class="motion-strip" data-testid="motion-strip">
                <For each=move || 0..count.get() key=|step| *step let:step>
                    <li>
                        <button
                            type="button"
                            class="cell"
                            class:picked=move || player.still.get() == Some(step)
                            aria-label=move || {
                                let last = count.get().saturating_sub(1);
                                t_string!(i18n, pictures.motion.step, step = step, last = last)
                            }
                            data-testid=format!("motion-step-{step}")
                            on:click=move |_| show(step)
                        >
                            <Picture pixels=Signal::derive(move || {
                                roll.stills.with(|stills| stills.get(step).cloned().flatten())
                            }) />
                            <span class="motion-number" aria-hidden="true">{step}</span>
                        </button>
                    </li>
                </For>
            </ol>
        </section>
    }
}
