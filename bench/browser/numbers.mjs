// Small help with figures.

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A line of a table. */
export function row(name, ...cells) {
  return `  ${name.padEnd(30)} ${cells.map(cell => String(cell).padStart(9)).join('  ')}`;
}
