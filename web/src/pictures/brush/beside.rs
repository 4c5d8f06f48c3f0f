//! One hand closely: what was learned without pairs, what with them, and the truth.

use std::rc::Rc;

use lampwork_pictures::Whole;
use lampwork_pictures::glyphs::GlyphSheet;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::canvas::{Painted, single};
use super::names::hand_name;
use super::state::Steps;
use super::table::Understood;
use super::written::{Writer, Written};
use crate::i18n::*;

/// Whose characters stand in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Plain,
    Cycle,
    Pairs,
    Truth,
    Back,
}

impl Row {
    const ALL: [Row; 5] = [Row::Plain, Row::Cycle, Row::Pairs, Row::Truth, Row::Back];

    fn name(self) -> &'static str {
        match self {
            Row::Plain => "plain",
            Row::Cycle => "cycle",
            Row::Pairs => "pairs",
            Row::Truth => "true",
            Row::Back => "back",
        }
    }
}

/// A table: a row for each way, a column for each character.
#[component]
pub fn BesideTable(
    /// How it is written.
    steps: Steps,
    /// Who has the characters.
    written: Written,
    /// What is written.
    understood: Memo<Understood>,
) -> impl IntoView {
    let i18n = use_i18n();
    let truth = RwSignal::new_local(None::<(u8, Rc<GlyphSheet>)>);
    let hand = Memo::new(move |_| steps.now.with(|state| state.hand));
    Effect::new(move |_| {
        let (hand, table) = (hand.get(), written.table.get());
        let Some(table) = table else {
            return;
        };
        spawn_local(async move {
            match table.fetch_true(hand).await {
                Ok(sheet) => {
                    truth.try_set(Some((hand, Rc::new(sheet))));
                }
                Err(failure) => {
                    written.failure.try_set(Some(failure));
                }
            }
        });
    });
    let glyph = move |row: Row, character: char| -> Option<Whole> {
        let hand = hand.get();
        let table = written.table.get()?;
        let glyph = match row {
            Row::Plain => table.plain(character)?,
            Row::Cycle => written.get(Writer::Cycle(hand), character)?.to_vec(),
            Row::Pairs => written.get(Writer::Pairs(hand), character)?.to_vec(),
            Row::Back => written.get(Writer::Back(hand), character)?.to_vec(),
            Row::Truth => {
                let (of, sheet) = truth.get()?;
                (of == hand).then(|| table.true_one(&sheet, character))??
            }
        };
        Some(single(&glyph))
    };
    let name = move |row: Row| match row {
        Row::Plain => t_string!(i18n, pictures.brush.row_plain).to_owned(),
        Row::Cycle => t_string!(i18n, pictures.brush.row_cycle).to_owned(),
        Row::Pairs => t_string!(i18n, pictures.brush.row_pairs).to_owned(),
        Row::Truth => {
            let hand = hand_name(i18n, hand.get());
            t_string!(i18n, pictures.brush.row_true, hand = hand)
        }
        Row::Back => t_string!(i18n, pictures.brush.row_back).to_owned(),
    };
    let characters = Memo::new(move |_| understood.with(Understood::each));
    view! {
        <div class="brush-beside" data-testid="brush-beside">
            <p class="hint">{t!(i18n, pictures.brush.beside_about)}</p>
            // It is wider than a phone: reached by keys as well.
            <div class="brush-wide" tabindex="0" role="group"
                aria-label=move || t_string!(i18n, pictures.brush.beside)>
                <table>
                    <thead>
                        <tr>
                            <td></td>
                            <For each=move || characters.get() key=|c| *c let:character>
                                <th scope="col">
                                    {character.to_string()}
                                    <span class="hint">
                                        {move || {
                                            let table = written.table.get()?;
                                            table
                                                .unseen(character)
                                                .then(|| t_string!(i18n, pictures.brush.unseen))
                                        }}
                                    </span>
                                </th>
                            </For>
                        </tr>
                    </thead>
                    <tbody>
                        {Row::ALL
                            .map(|row| {
                                view! {
                                    <tr>
                                        <th scope="row">{move || name(row)}</th>
                                        <For
                                            each=move || characters.get()
                                            key=|c| *c
                                            let:character
                                        >
                                            <td>
                                                {move || {
                                                    let picture = Memo::new(move |_| glyph(row, character));
                                                    if picture.with(Option::is_none) {
                                                        return view! { <span class="hint">"–"</span> }
                                                            .into_any();
                                                    }
                                                    view! {
                                                        <Painted
                                                            picture
                                                            label=Signal::derive(move || {
                                                                format!("{}: {character}", name(row))
                                                            })
                                                            testid=format!("brush-{}-{character}", row.name())
                                                        />
                                                    }
                                                        .into_any()
                                                }}
                                            </td>
                                        </For>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </div>
    }
}
