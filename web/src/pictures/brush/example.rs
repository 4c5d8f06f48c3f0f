//! One character, written and made plain again, for who explains how.

use lampwork_protocol::{Command, Event, RedrawOrder, Way};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::canvas::{address, single};
use super::table::Table;
use super::written::CYCLE;
use crate::library::{Library, use_library};
use crate::link::Link;

/// A character plain, written and plain again, as `data:` addresses; none where it is not
/// there yet or cannot be had.
pub fn written_and_back(character: char) -> Signal<[Option<String>; 3]> {
    let (link, library) = (expect_context::<Link>(), use_library());
    let seen = RwSignal::new([const { None }; 3]);
    let generation = link.generation();
    Effect::new(move |_| {
        generation.track();
        spawn_local(async move {
            // Without the nets the drawing stays a drawing.
            if let Some(glyphs) = pass(link, library, character).await {
                let shown = glyphs.map(|glyph| address(&single(&glyph)));
                seen.try_set(shown);
            }
        });
    });
    seen.into()
}

async fn pass(link: Link, library: Library, character: char) -> Option<[Vec<u8>; 3]> {
    let plain = Table::fetch().await.ok()?.plain(character)?;
    let info = library.ready(CYCLE).await.ok()?;
    let mut glyphs = vec![plain];
    for way in [Way::To(1), Way::Back] {
        let order = RedrawOrder {
            model: CYCLE.to_owned(),
            weights: info.weights,
            count: 1,
            way,
        };
        let shown = glyphs.last()?.clone();
        let answer = link
            .ask(Command::Redraw { order }, vec![shown])
            .await
            .ok()?;
        let (Event::Redrawn { .. }, payload) = answer else {
            return None;
        };
        glyphs.push(payload.into_iter().next()?);
    }
    glyphs.try_into().ok()
}
