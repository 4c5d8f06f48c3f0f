//! Counting what passed.

use crate::shell::spell;
use std::time::Duration;

/// Passed and failed, summed over every test binary and every gate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were left out.
    pub ignored: u64,
}

impl Count {
    /// Adds another.
    pub fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// A gate such as fmt: one, passed or failed.
    pub fn gate(ok: bool) -> Count {
        Count {
            passed: ok.into(),
            failed: (!ok).into(),
            ignored: 0,
        }
    }
}

/// Reads the closing line of a test binary:
/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; ..`.
pub fn result_line(line: &str) -> Option<Count> {
    let rest = line.trim().strip_prefix("test result: ")?;
    let mut count = Count::default();
    for part in rest.split_once(". ")?.1.split(';') {
        let mut words = part.split_whitespace();
        let (Some(number), Some(what)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        match what {
            "passed" => count.passed = number,
            "failed" => count.failed = number,
            "ignored" => count.ignored = number,
            _ => {}
        }
    }
    Some(count)
}

/// One step of the tests and how it went.
#[derive(Debug)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// What passed and failed in it.
    pub count: Count,
    /// How long it took.
    pub time: Duration,
}

/// The closing lines: every step, then the sum.
pub fn report(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    let mut sum = Count::default();
    for outcome in outcomes {
        let Count {
            passed,
            failed,
            ignored,
        } = outcome.count;
        let mark = if failed == 0 { "ok  " } else { "FAIL" };
        text.push_str(&format!(
            "{mark} {:<34} {passed:>5} passed {failed:>3} failed {ignored:>3} ignored  {}\n",
            outcome.name,
            spell(outcome.time)
        ));
        sum.add(outcome.count);
    }
    text.push_str(&format!("{} passed, {} failed", sum.passed, sum.failed));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_read() {
        assert_eq!(
            result_line(
                "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.2s"
            ),
            Some(Count {
                passed: 12,
                failed: 3,
                ignored: 1
            })
        );
        assert_eq!(result_line("test result: pending"), None);
        assert_eq!(result_line("test tests::it_works ... ok"), None);
    }

    #[test]
    fn the_report_closes_with_the_sum() {
        let outcomes = [
            Outcome {
                name: "fmt".into(),
                count: Count::gate(false),
                time: Duration::ZERO,
            },
            Outcome {
                name: "native".into(),
                count: Count {
                    passed: 7,
                    failed: 1,
                    ignored: 2,
                },
                time: Duration::from_secs(70),
            },
        ];
        let text = report(&outcomes);
        assert_eq!(text.lines().last(), Some("7 passed, 2 failed"));
        assert_eq!(
            text.lines().filter(|line| line.starts_with("FAIL")).count(),
            2
        );
    }
}
