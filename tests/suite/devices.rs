//! What the device is asked before it is trusted.

use expect_test::expect;
use lampwork_protocol::{Command, Event};

use crate::talk::Talk;

#[test]
fn the_cpu_knows_the_answers() {
    let mut talk = Talk::new();
    talk.command(Command::SelfTest);
    talk.check(expect![[r#"
        #1 self-tested: matrix product right, normalisation right, element-wise right, sums right, gradient right, convolution right, transposed convolution right
    "#]]);
}

#[test]
fn a_race_is_timed() {
    let mut talk = Talk::new();
    let answers = talk.command(Command::Race);
    let Event::Raced { sheet_ms, step_ms } = answers[0].0.event else {
        panic!("no race");
    };
    // By a clock of one millisecond a call.
    assert_eq!((sheet_ms, step_ms), (1.0, 1.0));
}
