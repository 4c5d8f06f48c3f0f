//! The models that are ready to write.

use std::collections::HashMap;
use std::rc::Rc;

use burn::tensor::Device;
use lampwork_models::language::{Choice, Writer};
use lampwork_protocol::words::{Base, Candidate, Seen, TOKENIZER_KEY, TextModelInfo, TextRecipe};
use lampwork_protocol::{AdapterCard, Failure, ModelCard, link};
use lampwork_text::passage::PassageTokens;
use lampwork_text::poem::PoemTokens;
use lampwork_text::tokenizer::END;
use lampwork_text::{TextError, Tokenizer};
use lampwork_weights::Named;

/// What a tokenizer's special tokens are for.
#[derive(Debug, Clone)]
pub(crate) enum Vocabulary {
    /// They tell of poems.
    Poems(Box<PoemTokens>),
    /// They tell of passages of English.
    Passages(PassageTokens),
}

/// A tokenizer and what follows from it.
#[derive(Debug, Clone)]
pub(crate) struct Language {
    pub(crate) tokenizer: Tokenizer,
    pub(crate) vocabulary: Vocabulary,
    /// Ends a text.
    pub(crate) end: u32,
    /// Every token that stands for text, and the end.
    pub(crate) plain: Vec<u32>,
}

impl Language {
    pub(crate) fn new(tokenizer: Tokenizer) -> Result<Self, TextError> {
        let vocabulary = match PoemTokens::new(&tokenizer) {
            Ok(tokens) => Vocabulary::Poems(Box::new(tokens)),
            Err(_) => Vocabulary::Passages(PassageTokens::new(&tokenizer)?),
        };
        let end = u32::from(tokenizer.required(END)?);
        let special = tokenizer.specials().len() as u32;
        let plain = (0..tokenizer.len() as u32)
            .filter(|&token| token >= special || token == end)
            .collect();
        Ok(Self {
            tokenizer,
            vocabulary,
            end,
            plain,
        })
    }

    /// The text of one token; nothing for one that stands for none.
    pub(crate) fn text(&self, token: u32) -> String {
        String::from_utf8_lossy(self.tokenizer.bytes(token as u16)).into_owned()
    }

    /// The tokens that stand for text and begin with that of another.
    pub(crate) fn beginning_with(&self, token: u32) -> Vec<u32> {
        let begun = self.tokenizer.bytes(token as u16);
        let begins = |other: &u32| self.tokenizer.bytes(*other as u16).starts_with(begun);
        self.plain.iter().copied().filter(begins).collect()
    }

    /// How sure a model was, as the page is told.
    pub(crate) fn seen(&self, choice: &Choice) -> Seen {
        Seen {
            odds: choice.odds,
            entropy: choice.entropy,
            best: self.candidates(&choice.best),
        }
    }

    /// Tokens with their odds, less those that tell of a text.
    pub(crate) fn candidates(&self, best: &[(u32, f32)]) -> Vec<Candidate> {
        let known = |token: u32| token == self.end || !self.tokenizer.is_special(token as u16);
        let shown = best.iter().filter(|(token, _)| known(*token));
        shown
            .map(|&(token, odds)| Candidate {
                text: self.text(token),
                odds,
            })
            .collect()
    }
}

/// A model that is ready.
pub(crate) struct Loaded {
    pub(crate) writer: Writer,
    pub(crate) language: Rc<Language>,
    pub(crate) info: TextModelInfo,
    /// Its file, from which a run may go on.
    pub(crate) file: Rc<Vec<u8>>,
}

/// What was learned on top of a model.
struct Learned {
    card: AdapterCard,
    factors: Vec<Named>,
}

/// All of them, by name, and what was learned on top of them, by hash.
pub(crate) struct Models {
    device: Device,
    loaded: HashMap<String, Rc<Loaded>>,
    learned: HashMap<[u8; 8], Learned>,
    /// The model that was adapted last.
    adapted: Option<(Base, Rc<Loaded>)>,
}

impl Models {
    pub(crate) fn new(device: Device) -> Self {
        Self {
            device,
            loaded: HashMap::new(),
            learned: HashMap::new(),
            adapted: None,
        }
    }

    /// Keeps an adapter; whose it is, is told when it is put on a model.
    pub(crate) fn learn(&mut self, file: &[u8]) -> Result<(AdapterCard, [u8; 8]), Failure> {
        let (card, factors) = lampwork_weights::read_adapter(file)?;
        let hash = lampwork_weights::hash(file);
        let learned = Learned {
            card: card.clone(),
            factors,
        };
        self.learned.insert(hash, learned);
        Ok((card, hash))
    }

    /// Makes a weights file ready under the name of its card.
    ///
    /// Without a card (a file that the visitor dropped), the one in its metadata
    /// counts, and the model is called `yours`. Whatever fails, the models that are
    /// ready stay so.
    pub(crate) fn load(
        &mut self,
        file: Vec<u8>,
        card: Option<ModelCard>,
    ) -> Result<TextModelInfo, Failure> {
        let (named, metadata) = lampwork_weights::read(&file)?;
        let card = match card {
            Some(card) => card,
            None => ModelCard {
                name: ModelCard::YOURS.to_owned(),
                ..lampwork_weights::card(&metadata)?
            },
        };
        let tokenizer = tokenizer(metadata.get(TOKENIZER_KEY))?;
        let config = &card.recipe.model;
        if tokenizer.len() != config.vocabulary() {
            return Err(Failure::BadWeights {
                reason: format!(
                    "its tokenizer has {} tokens, and its net {}",
                    tokenizer.len(),
                    config.vocabulary()
                ),
            });
        }
        let language = Language::new(tokenizer).map_err(broken)?;
        let writer = Writer::new(config, &named, &self.device)?;
        let tunes = match &language.vocabulary {
            Vocabulary::Poems(tokens) => tokens.tunes.iter().map(|tune| tune.1.clone()).collect(),
            Vocabulary::Passages(_) => Vec::new(),
        };
        let sizes = named.iter().map(|named| named.values.len() as u64);
        let info = TextModelInfo {
            weights: lampwork_weights::hash(&file),
            poems: matches!(language.vocabulary, Vocabulary::Poems(_)),
            tunes,
            context: config.context() as u32,
            parameters: sizes.sum(),
            card,
        };
        let loaded = Loaded {
            writer,
            language: Rc::new(language),
            info: info.clone(),
            file: Rc::new(file),
        };
        self.loaded.insert(info.card.name.clone(), Rc::new(loaded));
        Ok(info)
    }

    /// A model by name, with the weights that were asked for. Whoever holds it goes on
    /// with it, whatever is loaded in its place.
    pub(crate) fn get(&self, model: &str, weights: [u8; 8]) -> Result<Rc<Loaded>, Failure> {
        let model = model.to_owned();
        let Some(loaded) = self.loaded.get(&model) else {
            return Err(Failure::NoModel { model });
        };
        if loaded.info.weights != weights {
            return Err(Failure::OtherWeights { model });
        }
        Ok(Rc::clone(loaded))
    }

    /// Loaded weights with what was learned on top of them.
    pub(crate) fn base(&mut self, base: &Base) -> Result<Rc<Loaded>, Failure> {
        let loaded = self.get(&base.model, base.weights)?;
        // At no strength it is the model alone.
        let Some(adapter) = base.adapter.filter(|adapter| adapter.strength != 0.0) else {
            return Ok(loaded);
        };
        if let Some((before, adapted)) = &self.adapted
            && before == base
        {
            return Ok(Rc::clone(adapted));
        }
        let learned = self.learned.get(&adapter.hash).ok_or(Failure::NoAdapter)?;
        if learned.card.weights != hexadecimal(base.weights) {
            return Err(Failure::WrongNet {
                reason: format!(
                    "the adapter {} was made for other weights of {}",
                    learned.card.name, learned.card.model
                ),
            });
        }
        let (card, factors) = (&learned.card, &learned.factors);
        // Added to the weights once: a token costs no more than without it.
        let writer = loaded
            .writer
            .adapted(card, factors, adapter.strength, true, &self.device)?;
        let adapted = Rc::new(Loaded {
            writer,
            language: Rc::clone(&loaded.language),
            info: loaded.info.clone(),
            file: Rc::clone(&loaded.file),
        });
        self.adapted = Some((base.clone(), Rc::clone(&adapted)));
        Ok(adapted)
    }

    /// The model of a recipe. A recipe comes from anyone: no number in it is taken on
    /// trust.
    pub(crate) fn of(&mut self, recipe: &TextRecipe) -> Result<Rc<Loaded>, Failure> {
        link::check_text(recipe)?;
        self.base(&Base {
            model: recipe.model.clone(),
            weights: recipe.weights,
            adapter: recipe.adapter,
        })
    }
}

/// A hash as adapters name weights by it.
pub(crate) fn hexadecimal(hash: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(hash))
}

/// The tokenizer of a file's metadata.
pub(crate) fn tokenizer(json: Option<&String>) -> Result<Tokenizer, Failure> {
    let json = json.ok_or_else(|| Failure::BadWeights {
        reason: "there is no tokenizer in it, so its tokens mean nothing".to_owned(),
    })?;
    Tokenizer::from_json(json).map_err(broken)
}

fn broken(error: TextError) -> Failure {
    Failure::BadWeights {
        reason: error.to_string(),
    }
}
