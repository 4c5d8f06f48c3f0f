//! From one sentence to another through a latent space.

use std::rc::Rc;

use lampwork_models::language::{Allowed, Draft, between};
use lampwork_protocol::Failure;
use lampwork_protocol::words::{Event, TextPrompt};

use crate::models::Loaded;
use crate::prompt::given;

/// Sentences between two, a token of each a turn.
pub(crate) struct Walk {
    loaded: Rc<Loaded>,
    draft: Draft,
}

impl Walk {
    pub(crate) async fn new(
        loaded: Rc<Loaded>,
        a: &TextPrompt,
        b: &TextPrompt,
        steps: usize,
    ) -> Result<Self, Failure> {
        if loaded.writer.config().latent() == 0 {
            return Err(Failure::CannotDo {
                model: loaded.info.card.name.clone(),
                reason: "it has no latent space to walk in".to_owned(),
            });
        }
        let (a, b) = (
            given(a, None, 0, &loaded, None)?,
            given(b, None, 0, &loaded, None)?,
        );
        let ends = [
            loaded.writer.encode(&a.tokens).await?,
            loaded.writer.encode(&b.tokens).await?,
        ];
        let points = between(&ends[0], &ends[1], steps);
        let context = loaded.info.context as usize;
        let (told, stops) = (&a.tokens[..a.told], [loaded.language.end]);
        let draft = Draft::at(&loaded.writer, &points, told, &stops, context)?;
        Ok(Self { loaded, draft })
    }

    /// Writes a token of each; the event once all are whole.
    pub(crate) async fn piece(&mut self) -> Result<Option<Event>, Failure> {
        let language = &self.loaded.language;
        let plain = |_: usize, _: &[u32]| Allowed::Only(&language.plain);
        self.draft.turn(&self.loaded.writer, plain).await?;
        if !self.draft.is_done() {
            return Ok(None);
        }
        let rows = self.draft.rows();
        let text = |row: usize| {
            let written = self.draft.written(row).iter().map(|&token| token as u16);
            language.tokenizer.decode(&written.collect::<Vec<_>>())
        };
        Ok(Some(Event::Walked {
            texts: (0..rows).map(text).collect(),
        }))
    }
}
