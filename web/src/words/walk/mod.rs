//! From one sentence to another through the latent space of a text VAE (Bowman 2016).

mod lines;

use lampwork_protocol::words::{Base, Command, Event, Poem, TextPrompt, TextRecipe};
use lampwork_protocol::{Failure, ModelConfig, RequestId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::lines::{SAMPLES, lines_of};
use super::inside::verse::{has_han, verse};
use super::room::use_room;
use crate::browser;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::route::History;
use crate::workbench::scale::number;

/// Fewest and most poems of a walk, both ends among them.
const STEPS: (u8, u8) = (3, 9);

/// Poems of a walk at first.
const FIRST_STEPS: u8 = 5;

/// A walk that was asked for.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    ends: [String; 2],
    steps: u8,
}

/// The tool.
#[component]
pub fn WalkTool() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let asked = Memo::new(move |_| {
        let end = |name: &str, at: usize| {
            let typed = room
                .address
                .get(name)
                .filter(|text| !text.trim().is_empty());
            typed.unwrap_or_else(|| SAMPLES[at].to_owned())
        };
        let steps = room
            .address
            .get("steps")
            .and_then(|steps| steps.parse().ok());
        Asked {
            ends: [end("from", 0), end("to", 1)],
            steps: steps.unwrap_or(FIRST_STEPS).clamp(STEPS.0, STEPS.1),
        }
    });
    let walk = Walking::new();
    let base = Memo::new(move |_| room.base());
    Effect::new(move |_| {
        let asked = asked.get();
        if let Some(base) = base.get() {
            walk.begin(room.shelf.link, base, &asked);
        }
    });
    let ships = move || !room.model.with(String::is_empty);
    view! {
        <div class="tool walk">
            <Show when=ships>
                <Ends asked walk />
                <div role="alert" class="trouble" data-testid="walk-trouble">
                    {move || {
                        let (what, hint) = failure_words(i18n, &walk.failure.get()?);
                        Some(view! { <p>{what} " " <span class="hint">{hint}</span></p> })
                    }}
                </div>
                <Scroll walk />
            </Show>
            <About />
        </div>
    }
}

/// A walk under way, and what came of the last.
#[derive(Clone, Copy)]
struct Walking {
    /// The poems on the way.
    texts: RwSignal<Vec<String>>,
    /// Between what they lie.
    between: RwSignal<Option<[String; 2]>>,
    failure: RwSignal<Option<Failure>>,
    under_way: RwSignal<Option<RequestId>>,
    link: StoredValue<Option<crate::link::words::WordsLink>>,
    turn: StoredValue<u32>,
}

impl Walking {
    fn new() -> Walking {
        let walk = Walking {
            texts: RwSignal::new(vec![]),
            between: RwSignal::new(None),
            failure: RwSignal::new(None),
            under_way: RwSignal::new(None),
            link: StoredValue::new(None),
            turn: StoredValue::new(0),
        };
        // Nobody reads where a view that is gone arrives.
        on_cleanup(move || walk.stop());
        walk
    }

    fn begin(self, link: crate::link::words::WordsLink, base: Base, asked: &Asked) {
        self.stop();
        self.link.set_value(Some(link));
        self.failure.set(None);
        let turn = self.turn.get_value();
        let ends = asked.ends.clone().map(|end| verse(&end));
        let [a, b] = ends.clone().map(|before| {
            TextPrompt::Poem(Poem {
                before,
                ..Poem::default()
            })
        });
        let command = Command::Walk {
            base,
            a,
            b,
            steps: asked.steps,
        };
        let request = link.stream(command, vec![], move |event, _| {
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match event {
                Event::Walked { texts } => {
                    self.between.set(Some(ends.clone()));
                    self.texts.set(texts);
                }
                Event::Failed(failure) => self.failure.set(Some(failure)),
                _ => {}
            }
            self.under_way.set(None);
        });
        // A worker that could not be started has answered by now.
        if self.failure.with_untracked(Option::is_none) {
            self.under_way.set(Some(request));
        }
    }

    fn stop(self) {
        self.turn.try_update_value(|turn| *turn += 1);
        let request = self.under_way.try_get_untracked().flatten();
        if let (Some(request), Some(Some(link))) = (request, self.link.try_get_value()) {
            link.cancel(request);
            self.under_way.set(None);
        }
    }
}

/// What is wrong with an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    NotVerse,
    TooLong,
}

fn check(text: &str) -> Option<Wrong> {
    if text.len() > TextRecipe::MAX_PROMPT / 16 {
        return Some(Wrong::TooLong);
    }
    (!has_han(text)).then_some(Wrong::NotVerse)
}

/// Where the walk begins and ends, and in how many steps.
#[component]
fn Ends(asked: Memo<Asked>, walk: Walking) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let ends = [0, 1].map(|at| RwSignal::new(asked.with_untracked(|asked| asked.ends[at].clone())));
    Effect::new(move |_| {
        let asked = asked.get();
        for (end, text) in ends.into_iter().zip(asked.ends) {
            end.set(text);
        }
    });
    let wrong = RwSignal::new(None::<Wrong>);
    let go = move || {
        let [from, to] = ends.map(|end| end.get_untracked());
        wrong.set(check(&from).or_else(|| check(&to)));
        if wrong.get_untracked().is_none() {
            room.address
                .set(&[("from", Some(from)), ("to", Some(to))], History::Push);
        }
    };
    let draw = move |at: usize| {
        let now = ends[at].get_untracked();
        let others: Vec<_> = SAMPLES.iter().filter(|sample| **sample != now).collect();
        let which = (js_sys::Math::random() * others.len() as f64) as usize;
        if let Some(sample) = others.get(which) {
            ends[at].set((**sample).to_owned());
            go();
        }
    };
    let field = move |at: usize, id: &'static str, label: Signal<&'static str>| {
        let die = format!("{id}-draw");
        view! {
            <div class="walk-end">
                <label for=id>{label}</label>
                <textarea
                    id=id
                    rows="2"
                    dir="auto"
                    lang="zh-Hant"
                    data-testid=id
                    prop:value=move || ends[at].get()
                    on:input=move |event| ends[at].set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                            event.prevent_default();
                            go();
                        }
                    }
                ></textarea>
                <button
                    type="button"
                    class="button quiet"
                    data-testid=die
                    on:click=move |_| draw(at)
                >
                    {t!(i18n, words.walk.draw)}
                </button>
            </div>
        }
    };
    let turn_round = move |_| {
        let [from, to] = ends.map(|end| end.get_untracked());
        ends[0].set(to);
        ends[1].set(from);
        go();
    };
    view! {
        <form
            class="walk-ends"
            on:submit=move |event| {
                event.prevent_default();
                go();
            }
        >
            {field(0, "walk-from", Signal::derive(move || t_string!(i18n, words.walk.from)))}
            <button
                type="button"
                class="button quiet walk-turn"
                title=move || t_string!(i18n, words.walk.turn)
                aria-label=move || t_string!(i18n, words.walk.turn)
                data-testid="walk-turn"
                on:click=turn_round
            >
                <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                    <path
                        d="M3 7H16L12.5 3.5M17 13H4L7.5 16.5"
                        fill="none"
                        stroke="currentColor"
                        stroke-width="1.6"
                    />
                </svg>
            </button>
            {field(1, "walk-to", Signal::derive(move || t_string!(i18n, words.walk.to)))}
            <div class="walk-do">
                <div class="knob">
                    <label for="walk-steps">{t!(i18n, words.walk.steps)}</label>
                    <span class="knob-pair">
                        <input
                            id="walk-steps"
                            type="range"
                            min=STEPS.0.to_string()
                            max=STEPS.1.to_string()
                            step="1"
                            data-testid="walk-steps"
                            prop:value=move || asked.get().steps.to_string()
                            on:change=move |event| {
                                let steps = event_target_value(&event);
                                room.address.set(&[("steps", Some(steps))], History::Replace);
                            }
                        />
                        <output for="walk-steps" class="knob-value">
                            {move || asked.get().steps}
                        </output>
                    </span>
                </div>
                <Show
                    when=move || walk.under_way.with(Option::is_some)
                    fallback=move || {
                        view! {
                            <button
                                type="submit"
                                class="button primary"
                                data-testid="walk-go"
                                disabled=move || room.info.with(Option::is_none)
                            >
                                {t!(i18n, words.walk.go)}
                            </button>
                        }
                    }
                >
                    <button
                        type="button"
                        class="button"
                        data-testid="walk-stop"
                        on:click=move |_| walk.stop()
                    >
                        {t!(i18n, words.stop)}
                    </button>
                </Show>
            </div>
        </form>
        <p class="inside-wrong" role="alert" data-testid="walk-wrong">
            {move || {
                wrong
                    .get()
                    .map(|wrong| match wrong {
                        Wrong::NotVerse => t_string!(i18n, words.walk.wrong_verse),
                        Wrong::TooLong => t_string!(i18n, words.walk.wrong_long),
                    })
            }}
        </p>
    }
}

/// The poems on the way, one below the other.
#[component]
fn Scroll(walk: Walking) -> impl IntoView {
    let i18n = use_i18n();
    let word = RwSignal::new(None::<&'static str>);
    let copy = move |_| {
        let all = walk.texts.with_untracked(|texts| texts.join("\n\n"));
        let (copied, refused) = (
            t_string!(i18n, words.copied_text),
            t_string!(i18n, words.not_copied_text),
        );
        spawn_local(async move {
            let done = browser::copy(&all).await;
            word.try_set(Some(if done { copied } else { refused }));
        });
    };
    let said = move || {
        let count = walk.texts.with(Vec::len);
        (count > 0 && walk.under_way.with(Option::is_none))
            .then(|| t_string!(i18n, words.walk.said, count = count))
    };
    let typed = move |at: usize, last: usize| {
        let ends = walk.between.get()?;
        match at {
            0 => Some(ends[0].clone()),
            at if at == last => Some(ends[1].clone()),
            _ => None,
        }
    };
    let rows = move || {
        let texts = walk.texts.get();
        let last = texts.len().saturating_sub(1);
        texts
            .into_iter()
            .enumerate()
            .map(|(at, text)| {
                let share = at as f32 / last.max(1) as f32;
                let lines = lines_of(&text)
                    .into_iter()
                    .map(|line| view! { <span class="walk-line">{line}</span> })
                    .collect_view();
                let end = typed(at, last).filter(|typed| *typed != text);
                view! {
                    <li
                        class="walk-place"
                        class:walk-edge=at == 0 || at == last
                        style=format!("--share: {share:.2}; --turn: {at}")
                    >
                        <p lang="zh-Hant">{lines}</p>
                        {end
                            .map(|typed| {
                                view! {
                                    <p class="hint">
                                        {t!(i18n, words.walk.typed)} " "
                                        <span lang="zh-Hant">{typed}</span>
                                    </p>
                                }
                            })}
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <section
            class="walk-scroll"
            aria-label=move || t_string!(i18n, words.walk.scroll)
            aria-busy=move || walk.under_way.with(Option::is_some).to_string()
            hidden=move || walk.texts.with(Vec::is_empty)
        >
            <ol data-testid="walk-texts">{rows}</ol>
            <div class="walk-keep">
                <button type="button" class="button" data-testid="walk-copy" on:click=copy>
                    {t!(i18n, words.copy_text)}
                </button>
                <span class="hint" role="status" data-testid="walk-word">{move || word.get()}</span>
            </div>
        </section>
        <p class="unseen" role="status" data-testid="walk-said">{said}</p>
    }
}

/// What a walk is, for the curious.
#[component]
fn About() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let of_net = move || {
        let info = room.info.get()?;
        let ModelConfig::TextVae(net) = &info.card.recipe.model else {
            return None;
        };
        Some(t_string!(
            i18n,
            words.walk.numbers,
            latent = net.latent,
            dropout = number(f64::from(net.word_dropout) * 100.0),
            beta = number(f64::from(net.beta)),
            free = number(f64::from(net.free_nats))
        ))
    };
    view! {
        <section class="explain walk-about" aria-labelledby="walk-about">
            <h2 id="walk-about">{t!(i18n, words.walk.about)}</h2>
            <div class="explain-words">
                <p>{t!(i18n, words.walk.about_space)}</p>
                <p>{t!(i18n, words.walk.about_kl)}</p>
                <p>{t!(i18n, words.walk.about_dropout)}</p>
            </div>
            <p class="hint" data-testid="walk-numbers">{of_net}</p>
            <p class="hint">
                "Bowman et al. 2016, Generating Sentences from a Continuous Space "
                <a href="https://arxiv.org/abs/1511.06349" rel="noreferrer">"arXiv:1511.06349"</a>
            </p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_short_verse() {
        assert!(SAMPLES.iter().all(|sample| check(sample).is_none()));
        assert_eq!(check("moon"), Some(Wrong::NotVerse));
        assert_eq!(check(""), Some(Wrong::NotVerse));
        assert_eq!(check(&"月".repeat(600)), Some(Wrong::TooLong));
    }
}
