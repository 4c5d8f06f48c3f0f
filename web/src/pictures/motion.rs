//! Pictures that move: a walk from one to the next, and the path of a flow out of
//! noise.

mod clip;
mod export;
mod keys;
mod knobs;
mod player;
mod record;
mod roll;
mod strip;

pub use self::clip::{add_to_walk, state_of};

use leptos::prelude::*;

use self::clip::Clip;
use self::export::Keep;
use self::keys::Keys;
use self::knobs::Knobs;
use self::player::{Player, Watch};
use self::roll::Roll;
use self::strip::Strip;
use super::knobs::{Classes, Path, Seed, Temperature};
use super::maker::Made;
use super::prompt::Prompt;
use super::room::use_room;
use super::sheet::Grid;
use crate::failure::words as failure_words;
use crate::i18n::*;

/// Pictures to choose from.
const TRAY: u32 = 16;

/// The tool.
#[component]
pub fn MotionTool() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let clip = Clip::new(room);
    let roll = Roll::new(room, clip.motion);
    let player = Player::new(clip, roll);
    view! {
        <section class="tool tool-motion" aria-labelledby="motion-heading" data-testid="motion">
            <h2 id="motion-heading" class="unseen">{t!(i18n, pictures.tool_motion)}</h2>
            <Wrong clip />
            <div class="motion-row">
                <Watch clip roll player />
                <div class="motion-side">
                    <Knobs clip />
                    <div class="knobs-row">
                        <Path />
                    </div>
                    <Keep clip roll />
                </div>
            </div>
            <Show when=move || clip.walks()>
                <Keys clip roll />
            </Show>
            <Show when=move || !clip.walks()>
                <Strip roll player />
            </Show>
            <Tray clip />
        </section>
    }
}

/// What is wrong with the clip in the address.
#[component]
fn Wrong(clip: Clip) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div role="alert" class="trouble" data-testid="motion-trouble">
            {move || {
                let failure = clip.failure.get()?;
                let (what, hint) = failure_words(i18n, &failure);
                let anew = clip.can_make_anew();
                Some(view! {
                    <p>{what} " " <span class="hint">{hint}</span></p>
                    <p class="trouble-do">
                        {anew
                            .then(|| {
                                view! {
                                    <button
                                        type="button"
                                        class="button"
                                        data-testid="motion-anew"
                                        on:click=move |_| clip.make_anew()
                                    >
                                        {t!(i18n, pictures.make_anew)}
                                    </button>
                                }
                            })}
                        <button
                            type="button"
                            class="button quiet"
                            data-testid="motion-dismiss"
                            on:click=move |_| clip.forget()
                        >
                            {t!(i18n, shell.dismiss)}
                        </button>
                    </p>
                })
            }}
        </div>
    }
}

/// The samples that a walk is made of.
#[component]
fn Tray(clip: Clip) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let maker = room.follow(move || Some(room.sheet(TRAY)?.recipes()));
    let ask = move || {
        if clip.walks() {
            t_string!(i18n, pictures.motion.tray)
        } else {
            t_string!(i18n, pictures.motion.tray_path)
        }
    };
    view! {
        <div class="tray">
            <p class="hint">{ask}</p>
            <Prompt maker />
            <div class="knobs-row">
                <Seed />
                <Temperature />
            </div>
            <Classes />
            <Grid
                maker
                count=TRAY as usize
                name="tray"
                on_pick=move |made: Made| clip.take(made.recipe.latent)
            />
        </div>
    }
}
