//! Any bytes as a corpus: whole and as its card says, or refused; then examples.
#![no_main]

use lampwork_text::{Corpus, Pass, Split, Telling, Texts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for texts in Texts::ALL {
        let Ok(corpus) = Corpus::from_bytes(texts, bytes) else {
            continue;
        };
        for split in corpus.splits() {
            for at in 0..split.len() {
                assert!(!split.document(at).is_empty());
                assert_eq!(split.document_at(split.range(at).start), at);
                split.about(at);
            }
        }
        if let Ok(pass) = Pass::new(&corpus, Split::Train, Telling::training(32), Some(1), 0) {
            for at in 0..pass.len().min(8) {
                let example = pass.example(at);
                assert!(example.tokens.len() <= 33 && example.counts.len() == example.tokens.len());
            }
        }
        assert_eq!(Corpus::from_bytes(texts, &corpus.to_bytes()), Ok(corpus));
    }
});
