// The texts whose writing is timed, as all peers write them.

/** How tokens are chosen: as the page does it by default. */
export const WRITING = { temperature: 1, min_p: 0.05 };

/** How many texts side by side, and their tokens: `net` is `write-TEXTSxTOKENS`. */
export function writing(net) {
  const [, rows, most] = /^write-(\d+)x(\d+)$/.exec(net).map(Number);
  return { rows, most };
}

/** What a model is given, as the page says it. A poem's form is one that has as many
    tokens, marks with them; what it writes is then what it has learned. */
export function prompt(poems, most) {
  if (!poems) return { kind: 'passage', of: 'play', before: '', after: undefined };
  const form = most <= 32 ? 'seven-quatrain' : most <= 64 ? 'seven-regulated' : 'five-other';
  return {
    kind: 'poem', form, mood: undefined, theme: undefined, heads: '', before: '', after: undefined,
  };
}

/** The same as tokens, by the names of a model's special ones, which come first. */
export function promptTokens(specials, most) {
  const { form } = prompt(true, most);
  const named = kind => specials.includes(`${kind}:${form}`) && `${kind}:${form}`;
  const names = specials.includes('body')
    ? ['start', named('form') || named('tune'), 'body'] : ['start', 'play'];
  return names.map(name => {
    const at = specials.indexOf(name);
    if (at < 0) throw new Error(`the model has no token ${name}`);
    return at;
  });
}

/** A token of a row of logits, by temperature and min-p; the likeliest where there is
    no temperature. The first `from` are never taken. */
export function choose(logits, from, temperature = WRITING.temperature) {
  let best = from;
  for (let token = from; token < logits.length; token += 1) {
    if (logits[token] > logits[best]) best = token;
  }
  if (!temperature) return best;
  const most = logits[best];
  const least = most + temperature * Math.log(WRITING.min_p);
  const kept = [];
  let total = 0;
  for (let token = from; token < logits.length; token += 1) {
    if (logits[token] >= least) {
      const odds = Math.exp((logits[token] - most) / temperature);
      total += odds;
      kept.push(token, odds);
    }
  }
  let left = Math.random() * total;
  for (let at = 0; at < kept.length; at += 2) {
    left -= kept[at + 1];
    if (left < 0) return kept[at];
  }
  return best;
}
