import { sha256, unwrap } from "@detente/basics";
import {
  adaptiveBet,
  comparison,
  countIrv,
  drawCards,
  drawConsistently,
  flawlessSize,
  IrvBallots,
  manifestCardIds,
  pluralityAssorter,
  pythonStr,
  raireAssertions,
  riskOf,
  sufficientFor,
  truncatedShrinkage,
} from "@detente/rla";
import { numbers, progress } from "../lib/measure.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */

const ROUNDS = 5;
const DRAWS = "Draws, processor time";
const RISKS = "Risks and assertions, processor time";
/** Peers in Python and Java cannot be installed everywhere: what they took on a machine of this class, once. */
const FIGURE = "(figure)";

/** @param {{ quick: boolean }} options @returns {Promise<Row[]>} */
export async function rla({ quick }) {
  return [...draws(quick), ...risks(quick), ...assertions(quick)];
}

/** @param {boolean} quick @returns {Row[]} */
function draws(quick) {
  const cards = quick ? 100_000 : 1_000_000;
  const count = cards / 100;
  const batches = Array.from({ length: cards / 500 }, (_, i) => ({ name: `Batch ${i}`, cards: 500 }));
  const seed = new Uint8Array(32).fill(1);
  progress(`${count.toLocaleString("en-US")} of ${cards.toLocaleString("en-US")} cards`);
  const ours = leastSeconds(() => void unwrap(drawCards(seed, manifestCardIds(batches), count)));
  const message = new Uint8Array(seed.length + 16);
  const limit = leastSeconds(() => {
    for (let i = 0; i < cards; i++) sha256(message);
  });
  const arlo = leastSeconds(
    () => void unwrap(drawConsistently({ seed: "1", ids: arloIds(batches), count, withReplacement: true })),
  );
  const common = /** @type {const} */ ({ group: DRAWS, unit: "s", better: "less" });
  const target = { of: /** @type {const} */ ("ours"), bound: 1.5, notJudged: quick };
  const figure = (/** @type {string} */ name, /** @type {number} */ value) =>
    quick ? {} : { than: { name: `${name} ${FIGURE}`, value } };
  return [
    { ...common, what: "our order", ours, ...figure("SHANGRLA", 2.8), target },
    {
      ...common,
      what: "our order against its hashes alone",
      ours,
      than: { name: "as many SHA-256", value: limit },
    },
    { ...common, what: "Rivest's, with replacement", ours: arlo, ...figure("Arlo", 3.5) },
    { ...common, what: "Rivest's, with replacement", ours: arlo, ...figure("consistent_sampler", 4.7) },
  ];
}

/** @param {readonly { name: string, cards: number }[]} batches */
function* arloIds(batches) {
  for (const { name, cards } of batches) {
    const batch = pythonStr([["Jurisdiction", name], 0]).slice(0, -2);
    for (let position = 1; position <= cards; position++) yield `${batch}${position})`;
  }
}

/** @param {boolean} quick @returns {Row[]} */
function risks(quick) {
  const sample = quick ? 10_000 : 100_000;
  progress(`the risk of ${sample.toLocaleString("en-US")} cards`);
  const random = numbers(3);
  const assorter = pluralityAssorter({ winner: 0, loser: 1, marks: 1 });
  const compared = unwrap(comparison(assorter, { units: 1_020_000, cards: 1_000_000 }));
  // One card in a hundred has an error, of one vote or two, in either direction.
  const values = Array.from({ length: sample }, () => compared.value(random(100) === 0 ? random(5) - 2 : 0));
  const population = { cards: 1_000_000, bound: compared.bound, mean: 1 / 2 };
  const shrinkage = { reported: compared.flawless, weight: 100, clearance: 0.001 };
  const alpha = leastSeconds(() => void riskOf(values, population, truncatedShrinkage(shrinkage)));
  const expected = { o1: 0.001, o2: 0.001, u1: 0.001, u2: 0.001 };
  const adaptive = leastSeconds(
    () => void riskOf(values, population, adaptiveBet(compared, { expected, weight: 100 })),
  );
  const common = /** @type {const} */ ({ group: RISKS, unit: "ms", better: "less" });
  const target = { of: /** @type {const} */ ("ours"), bound: 20, notJudged: quick };
  const figure = (/** @type {string} */ name, /** @type {number} */ value) =>
    quick ? {} : { than: { name: `${name} ${FIGURE}`, value } };
  const place = sample.toLocaleString("en-US");
  return [
    { ...common, what: `risk of ${place} cards, ALPHA`, ours: alpha * 1000, ...figure("SHANGRLA", 360), target },
    { ...common, what: `risk of ${place} cards, ALPHA`, ours: alpha * 1000, ...figure("Arlo", 540) },
    { ...common, what: `risk of ${place} cards, adaptive COBRA`, ours: adaptive * 1000, ...figure("SHANGRLA", 360) },
  ];
}

/** @param {boolean} quick @returns {Row[]} */
function assertions(quick) {
  const count = quick ? 20_000 : 150_000;
  const candidates = 12;
  progress(`assertions for ${count.toLocaleString("en-US")} IRV ballots, ${candidates} candidates`);
  const cards = irvCards(count, candidates);
  /** @type {string} */
  let note = "";
  const ours = leastSeconds(() => {
    const ballots = new IrvBallots(candidates);
    for (const card of cards) ballots.add(card);
    const winner = countIrv(ballots)?.winner ?? 0;
    const found = unwrap(raireAssertions(ballots, winner));
    unwrap(
      sufficientFor(
        winner,
        candidates,
        found.map(({ assertion }) => assertion),
      ),
    );
    const smallest = found[0]?.margin ?? 0;
    const compared = unwrap(
      comparison(pluralityAssorter({ winner: 0, loser: 1, marks: 1 }), { units: count + smallest, cards: count }),
    );
    const size = flawlessSize({
      expected: [{ value: compared.flawless, cards: count }],
      bound: compared.bound,
      withReplacement: false,
      bet: () => truncatedShrinkage({ reported: compared.flawless, weight: 1e9, clearance: 0 }),
      limit: 0.05,
    });
    note = `${found.length} assertions, smallest margin ${smallest}: ${size} cards for a risk of 5 % without errors`;
  });
  const common = /** @type {const} */ ({ group: RISKS, unit: "s", better: "less" });
  const what = `IRV assertions, ${count.toLocaleString("en-US")} ballots, counted, found and checked`;
  const target = { of: /** @type {const} */ ("ours"), bound: 1, notJudged: quick };
  const figure = (/** @type {string} */ name, /** @type {number} */ value) =>
    quick ? {} : { than: { name: `${name} ${FIGURE}`, value } };
  return [
    { ...common, what, ours, ...figure("raire-java at best, with its start", 0.8), target, note },
    { ...common, what, ours, ...figure("SHANGRLA at best", 5) },
  ];
}

/**
 * Ballots of up to six ranks: candidates are liked more or less, and who likes one likes its neighbours.
 * @param {number} count @param {number} candidates
 */
function irvCards(count, candidates) {
  const random = numbers(5);
  return Array.from({ length: count }, () => {
    // The smallest of three: low numbers are liked more.
    const favourite = Math.min(random(candidates), random(candidates), random(candidates));
    const ranks = 1 + random(6);
    const order = Array.from({ length: candidates }, (_, i) => ({
      i,
      far: Math.abs(i - favourite) * 2 + random(8) - (i === favourite ? 9 : 0),
    }));
    order.sort((a, b) => a.far - b.far);
    return {
      contest: 0,
      candidates: Uint16Array.from(order.slice(0, ranks), ({ i }) => i),
      ranks: Uint8Array.from({ length: ranks }, (_, i) => i + 1),
    };
  });
}

/** Seconds of processor time, the least of some rounds. @param {() => void} run */
function leastSeconds(run) {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}
