//! Long short-term memory over a row of times.

use super::product::{Matrix, product};
use super::wide::wide;
use crate::activation::{sigmoid, tanh};

/// [`super::lstm`]; also the gates after their activations and the cells, which the
/// gradient needs: `[times, count, 4 * hidden]` and `[times + 1, count, hidden]`.
#[derive(Debug)]
pub(super) struct Memory {
    pub made: Vec<f32>,
    pub gates: Vec<f32>,
    pub cells: Vec<f32>,
}

/// The outputs, from the input's part of the gates and the state before.
pub(super) fn lstm(input: &[f32], recurrent: &[f32], state: &[f32], hidden: usize) -> Memory {
    let size = state.len() / 2;
    let (count, wide_row) = (size / hidden, 4 * hidden);
    let times = input.len() / (count * wide_row);
    let mut gates = input.to_vec();
    let mut cells = vec![0.0; (times + 1) * size];
    cells[..size].copy_from_slice(&state[size..]);
    let mut made = vec![0.0; (times + 1) * size];
    for time in 0..times {
        let gates = &mut gates[time * count * wide_row..][..count * wide_row];
        let (past, now) = made.split_at_mut(time * size);
        let before = match time {
            0 => &state[..size],
            _ => &past[(time - 1) * size..],
        };
        product(
            gates,
            wide_row,
            [count, hidden, wide_row],
            Matrix::rows(before, hidden),
            Matrix::rows(recurrent, wide_row),
            true,
        );
        let (old, new) = cells[time * size..(time + 2) * size].split_at_mut(size);
        wide(|| {
            for row in 0..count {
                let gates = &mut gates[row * wide_row..][..wide_row];
                let (enter, rest) = gates.split_at_mut(hidden);
                let (keep, rest) = rest.split_at_mut(hidden);
                let (value, leave) = rest.split_at_mut(hidden);
                for unit in 0..hidden {
                    enter[unit] = sigmoid(enter[unit]);
                    keep[unit] = sigmoid(keep[unit]);
                    value[unit] = tanh(value[unit]);
                    leave[unit] = sigmoid(leave[unit]);
                    let at = row * hidden + unit;
                    new[at] = keep[unit] * old[at] + enter[unit] * value[unit];
                    now[at] = leave[unit] * tanh(new[at]);
                }
            }
        });
    }
    made[times * size..].copy_from_slice(&cells[times * size..]);
    Memory { made, gates, cells }
}

/// The gradients that the input, the recurrent weights and the state get.
pub(super) fn lstm_back(
    memory: &Memory,
    recurrent: &[f32],
    state: &[f32],
    hidden: usize,
    gradient: &[f32],
) -> [Vec<f32>; 3] {
    let size = state.len() / 2;
    let (count, wide_row) = (size / hidden, 4 * hidden);
    let times = memory.cells.len() / size - 1;
    let mut to_input = vec![0.0; memory.gates.len()];
    let mut to_recurrent = vec![0.0; recurrent.len()];
    let mut to_output = vec![0.0; size];
    let mut to_cell = gradient[times * size..].to_vec();
    for time in (0..times).rev() {
        let gates = &memory.gates[time * count * wide_row..][..count * wide_row];
        let slopes = &mut to_input[time * count * wide_row..][..count * wide_row];
        let (old, new) = memory.cells[time * size..(time + 2) * size].split_at(size);
        let given = &gradient[time * size..][..size];
        wide(|| {
            for row in 0..count {
                let gates = &gates[row * wide_row..][..wide_row];
                let slopes = &mut slopes[row * wide_row..][..wide_row];
                for unit in 0..hidden {
                    let at = row * hidden + unit;
                    let gate = |number: usize| gates[number * hidden + unit];
                    let (enter, keep, value, leave) = (gate(0), gate(1), gate(2), gate(3));
                    let bent = tanh(new[at]);
                    let output = given[at] + to_output[at];
                    let cell = to_cell[at] + output * leave * (1.0 - bent * bent);
                    slopes[unit] = cell * value * enter * (1.0 - enter);
                    slopes[hidden + unit] = cell * old[at] * keep * (1.0 - keep);
                    slopes[2 * hidden + unit] = cell * enter * (1.0 - value * value);
                    slopes[3 * hidden + unit] = output * bent * leave * (1.0 - leave);
                    to_cell[at] = cell * keep;
                }
            }
        });
        let before = match time {
            0 => &state[..size],
            _ => &memory.made[(time - 1) * size..][..size],
        };
        let slopes = Matrix::rows(slopes, wide_row);
        let weights = Matrix::rows(recurrent, wide_row).turned();
        product(
            &mut to_output,
            hidden,
            [count, wide_row, hidden],
            slopes,
            weights,
            false,
        );
        let before = Matrix::rows(before, hidden).turned();
        product(
            &mut to_recurrent,
            wide_row,
            [hidden, count, wide_row],
            before,
            slopes,
            true,
        );
    }
    to_output.extend_from_slice(&to_cell);
    [to_input, to_recurrent, to_output]
}
