//! Progress on the terminal: a bar, or plain lines where there is none.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loudness {
    /// Nothing.
    Quiet,
    /// A bar on a terminal, else a line now and then.
    Normal,
}

/// Shows how a run comes along.
#[derive(Debug)]
pub struct Progress {
    how: How,
    rate: Rate,
    total: u64,
}

#[derive(Debug)]
enum How {
    Quiet,
    Lines { next: Instant },
    Bar(ProgressBar),
}

/// Between two plain lines.
const LINE_EVERY: Duration = Duration::from_secs(15);

impl Progress {
    /// Progress of `total` steps of which `done` are taken.
    pub fn new(loudness: Loudness, done: u64, total: u64) -> Progress {
        let how = match loudness {
            Loudness::Quiet => How::Quiet,
            Loudness::Normal if std::io::stderr().is_terminal() => How::Bar(bar(done, total)),
            Loudness::Normal => How::Lines {
                next: Instant::now(),
            },
        };
        Progress {
            how,
            rate: Rate::new(done),
            total,
        }
    }

    /// Shows where the run stands.
    pub fn at(&mut self, step: u64, batch: usize, values: &[(String, f32)]) {
        self.rate.at(step);
        let status = self.rate.status(step, self.total, batch, values);
        match &mut self.how {
            How::Quiet => {}
            How::Bar(bar) => {
                bar.set_position(step);
                bar.set_message(status);
            }
            How::Lines { next } => {
                let now = Instant::now();
                if now >= *next || step == self.total {
                    eprintln!("step {step} of {}: {status}", self.total);
                    *next = now + LINE_EVERY;
                }
            }
        }
    }

    /// Examples a second over the last moments.
    pub fn examples_per_second(&self, batch: usize) -> f64 {
        self.rate.steps_per_second() * batch as f64
    }

    /// Says something beside the progress.
    pub fn say(&self, text: &str) {
        match &self.how {
            How::Quiet => {}
            How::Bar(bar) => bar.suspend(|| eprintln!("{text}")),
            How::Lines { .. } => eprintln!("{text}"),
        }
    }

    /// Ends the bar and leaves it as it is.
    pub fn end(&self) {
        if let How::Bar(bar) = &self.how {
            bar.abandon();
        }
    }
}

fn bar(done: u64, total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total)
        .with_position(done)
        .with_style(style)
}

/// Steps a second: an exponential moving average, so that it follows a change.
#[derive(Debug)]
struct Rate {
    step: u64,
    since: Instant,
    seconds_per_step: Option<f64>,
}

impl Rate {
    fn new(step: u64) -> Rate {
        Rate {
            step,
            since: Instant::now(),
            seconds_per_step: None,
        }
    }

    fn at(&mut self, step: u64) {
        let steps = step.saturating_sub(self.step);
        if steps > 0 {
            self.add(steps, self.since.elapsed().as_secs_f64());
            self.step = step;
            self.since = Instant::now();
        }
    }

    fn add(&mut self, steps: u64, seconds: f64) {
        const KEPT: f64 = 0.9;
        let now = seconds / steps as f64;
        self.seconds_per_step = Some(match self.seconds_per_step {
            Some(before) => KEPT * before + (1.0 - KEPT) * now,
            None => now,
        });
    }

    fn steps_per_second(&self) -> f64 {
        match self.seconds_per_step {
            Some(seconds) if seconds > 0.0 => 1.0 / seconds,
            _ => 0.0,
        }
    }

    fn status(&self, step: u64, total: u64, batch: usize, values: &[(String, f32)]) -> String {
        let mut parts: Vec<String> = values
            .iter()
            .take(3)
            .map(|(name, value)| format!("{name} {value:.3}"))
            .collect();
        parts.push(format!(
            "{:.0} examples/s",
            self.steps_per_second() * batch as f64
        ));
        if let Some(seconds) = self.seconds_per_step {
            let left = seconds * total.saturating_sub(step) as f64;
            parts.push(format!("{} left", duration(left)));
        }
        parts.join(", ")
    }
}

/// Seconds as a clock shows them.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m}:{s:02}"),
        (h, m, s) => format!("{h}:{m:02}:{s:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_a_clock() {
        assert_eq!(duration(7.4), "7 s");
        assert_eq!(duration(61.0), "1:01");
        assert_eq!(duration(3600.0 + 125.0), "1:02:05");
    }

    #[test]
    fn the_status_has_loss_speed_and_time_left() {
        let mut rate = Rate::new(0);
        rate.add(10, 5.0);
        let status = rate.status(10, 130, 64, &[("loss".into(), 1.25)]);
        assert_eq!(status, "loss 1.250, 128 examples/s, 1:00 left");
    }
}
