//! A conversation with a desk.

use std::cell::Cell;

use futures::executor::block_on;
use lampwork_desk::{Answer, Desk, open};
use lampwork_protocol::words::{
    Base, Command, Event, Passage, Poem, Request, RunOrder, Source, TextModelInfo, TextPrompt,
    TextRecipe,
};
use lampwork_protocol::{DataSet, Failure, Payload, RequestId, Tuning, Writing};
use lampwork_tests::text;

thread_local! {
    /// Calls of the clock so far.
    static TICKS: Cell<u32> = const { Cell::new(0) };
}

/// A clock of one millisecond a call, so that nothing hangs on the machine.
fn tick() -> f64 {
    TICKS.set(TICKS.get() + 1);
    f64::from(TICKS.get())
}

/// A desk on the CPU.
pub struct Talk {
    desk: Desk,
    next: RequestId,
    said: Vec<Answer>,
}

impl Talk {
    /// A desk that knows nothing yet.
    pub fn new() -> Talk {
        let (device, info) = open::cpu();
        Talk {
            desk: Desk::new(device, info, tick),
            next: 1,
            said: Vec::new(),
        }
    }

    /// A desk with the readings and a model, trained a little on this data.
    pub fn with_model(data: DataSet, steps: u32) -> (Talk, TextModelInfo) {
        let (file, _) = trained(data, steps);
        let mut talk = Talk::new();
        talk.ask(Command::LoadReadings, vec![text::readings().to_bytes()]);
        let info = talk.load(file);
        (talk, info)
    }

    /// Hands a request over; what is left to do after it is not done yet.
    pub fn send(&mut self, command: Command, payload: Payload) -> RequestId {
        let id = self.next;
        self.next += 1;
        let answers = block_on(self.desk.handle(Request { id, command }, payload));
        self.said.extend(answers);
        id
    }

    /// Does at most so many pieces of work.
    pub fn work(&mut self, pieces: usize) {
        for _ in 0..pieces {
            if self.desk.has_work() {
                let answers = block_on(self.desk.work());
                self.said.extend(answers);
            }
        }
    }

    /// Hands a request over, does all there is to do, and gives what was said.
    pub fn ask(&mut self, command: Command, payload: Payload) -> Vec<Answer> {
        let from = self.said.len();
        self.send(command, payload);
        // A desk that never rests is a failure, not a test that never ends.
        self.work(20_000);
        assert!(!self.desk.has_work(), "still at work");
        self.said[from..].to_vec()
    }

    /// [`Talk::ask`] without arrays.
    pub fn command(&mut self, command: Command) -> Vec<Answer> {
        self.ask(command, Payload::new())
    }

    /// The last event that answers a command.
    #[track_caller]
    pub fn last(&mut self, command: Command) -> Event {
        let answers = self.command(command);
        answers.last().expect("an answer").0.event.clone()
    }

    /// Asks for what must fail, and how it does.
    #[track_caller]
    pub fn fails(&mut self, command: Command, payload: Payload) -> Failure {
        let answers = self.ask(command, payload);
        match answers.as_slice() {
            [(reply, _)] if reply.request.is_some() => match &reply.event {
                Event::Failed(failure) => failure.clone(),
                other => panic!("no failure but {other:?}"),
            },
            other => panic!("no failure but {other:?}"),
        }
    }

    /// Loads a model that was trained here.
    #[track_caller]
    pub fn load(&mut self, file: Vec<u8>) -> TextModelInfo {
        let answers = self.ask(Command::LoadModel { card: None }, vec![file]);
        match &answers[0].0.event {
            Event::ModelLoaded(info) => info.clone(),
            other => panic!("no model but {other:?}"),
        }
    }

    /// The texts of recipes.
    pub fn texts(&mut self, recipes: &[TextRecipe]) -> Vec<String> {
        let answers = self.command(Command::Write {
            recipes: recipes.to_vec(),
            shown: None,
        });
        texts(&answers, recipes.len())
    }

    /// Everything said so far.
    pub fn said(&self) -> &[Answer] {
        &self.said
    }

    /// Forgets everything said so far.
    pub fn forget(&mut self) {
        self.said.clear();
    }
}

/// The texts that were written, put together of their pieces.
#[track_caller]
pub fn texts(answers: &[Answer], count: usize) -> Vec<String> {
    let mut texts = vec![String::new(); count];
    for (reply, _) in answers {
        match &reply.event {
            Event::Wrote { pieces, .. } => {
                for piece in pieces {
                    texts[piece.row as usize] += &piece.text;
                }
            }
            other => panic!("nothing written but {other:?}"),
        }
    }
    texts
}

/// A run on a corpus of the tests.
pub fn order(data: DataSet) -> RunOrder {
    RunOrder {
        recipe: text::transformer(data),
        source: Source::Corpus,
        base: None,
        tuning: Tuning::Full,
        name: None,
    }
}

/// The file of a corpus of the tests.
pub fn corpus(data: DataSet) -> Vec<u8> {
    match data {
        DataSet::Poems => text::poems().to_bytes(),
        _ => text::plays().to_bytes(),
    }
}

/// The file of a net that was trained for some steps, and the desk that did it.
pub fn trained(data: DataSet, steps: u32) -> (Vec<u8>, Talk) {
    let mut talk = Talk::new();
    talk.ask(Command::LoadCorpus { data }, vec![corpus(data)]);
    talk.command(Command::StartRun { order: order(data) });
    talk.command(Command::Step { steps });
    let answers = talk.command(Command::ExportRun);
    let file = answers.last().expect("a file").1[0].clone();
    talk.forget();
    (file, talk)
}

/// The weights of a loaded model.
pub fn base(info: &TextModelInfo) -> Base {
    Base {
        model: info.card.name.clone(),
        weights: info.weights,
        adapter: None,
    }
}

/// A recipe for a loaded model.
pub fn recipe(info: &TextModelInfo, prompt: TextPrompt, index: u32) -> TextRecipe {
    TextRecipe {
        model: info.card.name.clone(),
        weights: info.weights,
        adapter: None,
        prompt,
        writing: Writing::default(),
        keep: None,
        most: 40,
        seed: 11,
        index,
    }
}

/// A quatrain that goes on from these lines.
pub fn quatrain(before: &str) -> Poem {
    Poem {
        form: Some("five-quatrain".to_owned()),
        before: before.to_owned(),
        ..Poem::default()
    }
}

/// A passage that goes on from this text.
pub fn passage(before: &str) -> TextPrompt {
    TextPrompt::Passage(Passage {
        before: before.to_owned(),
        ..Passage::default()
    })
}
