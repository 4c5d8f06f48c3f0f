//! What the model looks at and expects.

mod ask;
mod cache;
mod card;
mod explain;
mod figures;
mod frame;
mod habit;
mod heads;
mod map;
mod record;
mod session;
mod shape;
mod strip;
mod sums;
mod text;
pub mod verse;

use lampwork_protocol::ModelConfig;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::I18nContext;

use self::ask::{Asking, asked};
use self::cache::CacheView;
use self::card::Card;
use self::explain::Explain;
use self::heads::Heads;
use self::map::HeatMap;
use self::record::{Kind, Token};
use self::session::{Ask, Session, Stage};
use self::shape::{Choice, Shape};
use self::strip::Strip;
use self::sums::{SumsView, Table};
use self::text::Text;
use super::room::{Room, use_room};
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::route::History;

/// The tool's state, in its context.
#[derive(Clone, Copy)]
pub struct Inside {
    room: Room,
    session: Session,
    /// What is asked, by the address.
    asked: Memo<Ask>,
    /// Token under the pointer or the keys.
    looked: RwSignal<Option<usize>>,
    /// Token that everything shows.
    chosen: Memo<Option<usize>>,
    /// Attention that is shown.
    choice: Memo<Choice>,
    /// The net.
    shape: Memo<Shape>,
}

impl Inside {
    fn new(room: Room) -> Inside {
        let session = Session::new(room.shelf);
        let looked = RwSignal::new(None::<usize>);
        let shape = Memo::new(move |_| {
            let config =
                |info: &lampwork_protocol::words::TextModelInfo| Shape::of(&info.card.recipe.model);
            room.info
                .with(|info| info.as_ref().map(config).unwrap_or_default())
        });
        let pinned = Memo::new(move |_| room.address.get("at")?.parse::<usize>().ok());
        let chosen = Memo::new(move |_| {
            let stage = session.stage.get();
            session.record.with(|record| {
                let tokens = record.tokens.len();
                let own = looked.get().or(pinned.get()).filter(|at| *at < tokens);
                own.or_else(|| match stage {
                    Stage::Reading | Stage::Writing => tokens.checked_sub(1),
                    Stage::ReadingBack => record.attended().checked_sub(1),
                    Stage::Rest => record.least_expected(),
                })
            })
        });
        let choice = Memo::new(move |_| {
            let name = room.address.get("look");
            let choice = name.and_then(|name| Choice::of(&name, shape.get()));
            choice.unwrap_or(Choice::Mean)
        });
        Inside {
            room,
            session,
            asked: Memo::new(move |_| asked(room)),
            looked,
            chosen,
            choice,
            shape,
        }
    }

    /// Keeps a token in the address, or lets it go where it was kept.
    fn pin(&self, at: usize) {
        let at = at.to_string();
        let kept = self.room.address.get_untracked("at").as_ref() == Some(&at);
        let at = (!kept).then_some(at);
        self.room.address.set(&[("at", at)], History::Replace);
    }

    /// Whether the model attends; an LSTM does not.
    fn attends(&self) -> bool {
        self.shape.with(|shape| shape.heads > 0)
    }
}

/// The tool, from the context.
fn use_inside() -> Inside {
    expect_context()
}

/// The tool.
#[component]
pub fn InsideTool() -> impl IntoView {
    let room = use_room();
    let inside = Inside::new(room);
    provide_context(inside);
    let ready = Memo::new(move |_| Some((room.info.get()?, room.base()?)));
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let asked = inside.asked.get();
        let Some((info, base)) = ready.get() else {
            return;
        };
        inside.looked.set(None);
        let now = turn.get_value().wrapping_add(1);
        turn.set_value(now);
        if !(info.poems && asked.is_typed()) {
            inside.session.begin(info, base, asked);
            return;
        }
        spawn_local(async move {
            let asked = asked.spelled(room.shelf, &base).await;
            // Something else may be asked by now, or nobody be there to see it.
            if turn.try_get_value() == Some(now) {
                inside.session.begin(info, base, asked);
            }
        });
    });
    let ships = move || !room.model.with(String::is_empty);
    view! {
        <div class="tool inside">
            <Show when=ships>
                <Asking />
                <Fault />
                <section class="inside-stage">
                    <div class="inside-main">
                        <Text />
                        <Strip />
                        <SumsView />
                    </div>
                    <Card />
                </section>
                <Attention />
                <CacheView />
                <Table />
            </Show>
            <Explain />
        </div>
    }
}

/// The heads, or why there are none.
#[component]
fn Attention() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let attends = Memo::new(move |_| inside.attends());
    let ready = Memo::new(move |_| inside.room.info.with(Option::is_some));
    let is_lstm = Memo::new(move |_| {
        inside.room.info.with(|info| {
            info.as_ref()
                .is_some_and(|info| matches!(info.card.recipe.model, ModelConfig::Lstm(_)))
        })
    });
    view! {
        <Show when=move || attends.get()>
            <section class="inside-attention" aria-labelledby="inside-attention">
                <header>
                    <h2 id="inside-attention">{t!(i18n, words.inside.attention)}</h2>
                    <p class="hint">{t!(i18n, words.inside.attention_about)}</p>
                </header>
                <Heads />
                <HeatMap />
            </section>
        </Show>
        <Show when=move || ready.get() && is_lstm.get()>
            <section class="inside-attention" aria-labelledby="inside-attention">
                <header>
                    <h2 id="inside-attention">{t!(i18n, words.inside.no_attention)}</h2>
                    <p class="hint" data-testid="inside-no-attention">
                        {t!(i18n, words.inside.no_attention_about)}
                    </p>
                </header>
            </section>
        </Show>
    }
}

/// What went wrong with the text; what was there stays.
#[component]
fn Fault() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    view! {
        <div role="alert" class="trouble" data-testid="inside-trouble">
            {move || {
                let failure = inside.session.failure.get()?;
                let (what, hint) = failure_words(i18n, &failure);
                Some(view! { <p>{what} " " <span class="hint">{hint}</span></p> })
            }}
        </div>
    }
}

/// A token as it is shown: the end of a line, a blank and what stands for no text have
/// signs of their own.
fn shown(i18n: I18nContext<Locale>, at: usize, told: usize, poems: bool, token: &Token) -> String {
    match token.kind {
        Kind::Told => match at {
            0 => t_string!(i18n, words.inside.told_start),
            _ if poems && at + 1 == told => t_string!(i18n, words.inside.told_body),
            _ if poems => t_string!(i18n, words.inside.told_form),
            _ => t_string!(i18n, words.inside.told_kind),
        }
        .to_owned(),
        Kind::End => t_string!(i18n, words.inside.told_end).to_owned(),
        Kind::Text if token.text.is_empty() || token.is_broken() => "\u{22EF}".to_owned(),
        Kind::Text | Kind::Unknown => token.text.replace('\n', "\u{21B5}"),
    }
}

/// A token as it is read in a list: a blank at its beginning can be seen.
fn listed(text: &str) -> String {
    match text.strip_prefix(' ') {
        Some(rest) => format!("\u{2423}{rest}"),
        None => text.replace('\n', "\u{21B5}"),
    }
}
