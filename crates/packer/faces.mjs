// Puts faces together with DiceBear and writes one JSON line for each, gzipped.
//
//   node faces.mjs NODE_MODULES OUT
//
// The seeds are fixed, so the same packages give the same lines. Chances and
// colours differ from DiceBear's own where those would leave a part almost
// unseen (a beard on one face in twenty) or all in black.

import { createWriteStream } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createGzip } from "node:zlib";

const [modules, out] = process.argv.slice(2);
const load = (name) =>
  import(pathToFileURL(join(resolve(modules), "@dicebear", name, "lib/index.js")).href);

const FACES = 2000;

const STYLES = {
  lorelei: {
    package: "lorelei",
    options: {
      beardProbability: 20,
      earringsProbability: 25,
      frecklesProbability: 15,
      glassesProbability: 30,
      hairAccessoriesProbability: 12,
      hairColor: ["000000", "724133", "d6b370", "c93305", "9a9a9a", "f59797", "4f7fc9"],
      skinColor: ["ffffff", "ffe0c2", "e8b48a", "c68642", "8d5a3a"],
      scale: 115,
      translateY: 4,
    },
  },
  notionists: {
    package: "notionists",
    // Closer than the whole body, of which 32 pixels show nothing; so hands
    // and what is on a shirt would be cut off.
    options: {
      beardProbability: 25,
      bodyIconProbability: 0,
      gestureProbability: 0,
      glassesProbability: 35,
      scale: 160,
      translateY: 13,
    },
  },
  openPeeps: {
    package: "open-peeps",
    options: { accessoriesProbability: 30, facialHairProbability: 20, maskProbability: 5 },
  },
  pixelArt: {
    package: "pixel-art",
    options: {
      accessoriesProbability: 15,
      beardProbability: 20,
      glassesProbability: 30,
      hatProbability: 15,
    },
  },
  thumbs: { package: "thumbs", options: {} },
};

const { createAvatar } = await load("core");
const gzip = createGzip();
gzip.pipe(createWriteStream(out));
const write = (line) => new Promise((done) => gzip.write(line, done));
for (const [style, { package: name, options }] of Object.entries(STYLES)) {
  const drawn = await load(name);
  for (let number = 0; number < FACES; number += 1) {
    const seed = `lampwork ${style} ${number}`;
    const { svg, extra } = createAvatar(drawn, { seed, ...options }).toJson();
    await write(`${JSON.stringify({ style, number, svg, options: extra })}\n`);
  }
}
gzip.end();
