import { sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { addressKey, addressRange } from "@detente/intel";
import { openIndex } from "@detente/store";
import { DatabaseSync } from "@photostructure/sqlite";
import { numbers, progress, quantile } from "../lib/measure.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {import("@detente/store").NewItem} NewItem */

const BATCH = 10_000;
const SHARE = 10_000;
const LOOKUPS = 500;
const PAGE = 20;

/**
 * The index of what was shared: half of the items domains, a quarter URLs, a quarter addresses; one in ten is stated by
 * two shares. Each search gives a page of twenty values, and of each who states it.
 * @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>}
 */
export async function search({ quick, dir }) {
  const size = quick ? 50_000 : 1_000_000;
  return withDirectory(dir, async (directory) => {
    const bare = bareLookups(`${directory}/bare.sqlite`, size);
    const index = unwrap(openIndex(`${directory}/index.sqlite`));
    const start = performance.now();
    for (let from = 0; from < size; from += BATCH) {
      const items = Array.from({ length: BATCH }, (_, i) => item(from + i));
      const texts = items.flatMap(({ share, item: place }, i) =>
        i % 10 === 0 ? [{ share, item: place, text: textOf(from + i) }] : [],
      );
      await index.writer.add({ items, texts });
    }
    const filled = (size * 1000) / (performance.now() - start);
    progress(`${size.toLocaleString("en-US")} items`);
    const random = numbers(7);
    const stated = async (/** @type {readonly { kind: string, value: string }[]} */ rows) => {
      if (rows.length === 0) throw new Error("nothing was found");
      for (const row of rows) await index.search.statedBy(row, PAGE);
    };
    const range = async (/** @type {import("@detente/store").ValueRange} */ of) =>
      stated((await index.search.valuesIn(of, PAGE))?.rows ?? []);
    const found = {
      value: await timed(async () => stated(await index.search.valuesNamed([item(random(size)).value]))),
      below: await timed(() => range({ under: `zone-${4 * random(250)}.example` })),
      within: await timed(() =>
        range(
          /** @type {{ first: Uint8Array, last: Uint8Array }} */ (
            addressRange(`${2 + 20 * random(5)}.${random(16)}.0.0/16`)
          ),
        ),
      ),
      inside: await timed(() => range({ inside: `ost-${10 * random(size / 10)}` })),
      words: await timed(async () => {
        const { rows } = await index.search.searchWords(`campaign ${10 * random(500)}`, { limit: PAGE });
        await stated(rows.flatMap(({ values }) => values));
      }),
    };
    index.close();
    return rowsOf({ size, bare, filled, found });
  });
}

/** @type {Map<number, Uint8Array>} */
const shares = new Map();

/** @param {number} number */
function shareOf(number) {
  const share = shares.get(number) ?? sha256(utf8(`share ${number}`));
  shares.set(number, share);
  return share;
}

/** @param {number} number @returns {NewItem} */
function item(number) {
  const share = shareOf(Math.floor(number / SHARE));
  const what = number % 10 === 9 ? number - 9 : number;
  const common = { share, item: number % SHARE };
  if (what % 4 === 1) {
    const value = `${1 + (what % 100)}.${(what >> 8) % 16}.${(what >> 12) & 255}.${what & 255}`;
    const address = addressKey(value);
    return { ...common, kind: "ipv4", value, ...(address === undefined ? {} : { address }) };
  }
  const host = `host-${what}.zone-${what % 1000}.example`;
  if (what % 4 === 3) return { ...common, kind: "url", value: `https://${host}/login`, host };
  return { ...common, kind: "domain", value: host, host };
}

/** @param {number} number */
function textOf(number) {
  return `Seen in campaign ${number % 5000} against registration portals`;
}

/** Milliseconds, the median. @param {() => Promise<void>} run */
async function timed(run) {
  const times = [];
  for (let i = 0; i < LOOKUPS; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** What SQLite takes for one value by its key, and nothing else. @param {string} path @param {number} size */
function bareLookups(path, size) {
  const db = new DatabaseSync(path);
  db.exec(
    "PRAGMA journal_mode = OFF; PRAGMA cache_size = -400000; CREATE TABLE t (value TEXT PRIMARY KEY, share TEXT) WITHOUT ROWID; BEGIN",
  );
  const insert = db.prepare("INSERT OR IGNORE INTO t VALUES (?, ?)");
  for (let i = 0; i < size; i++) {
    const { value, share } = item(i);
    insert.run(value, toHex(share));
  }
  db.exec("COMMIT");
  const find = db.prepare("SELECT share FROM t WHERE value = ?");
  const random = numbers(7);
  const times = [];
  for (let i = 0; i < LOOKUPS; i++) {
    const { value } = item(random(size));
    const start = performance.now();
    find.get(value);
    times.push(performance.now() - start);
  }
  db.close();
  return quantile(times, 0.5);
}

/**
 * @param {{ size: number, bare: number, filled: number, found: Record<"value" | "below" | "within" | "inside" | "words", { p50: number, p99: number }> }} measured
 * @returns {Row[]}
 */
function rowsOf({ size, bare, filled, found }) {
  const group = `Search: ${size.toLocaleString("en-US")} items, a page of ${PAGE} values with who states them`;
  const target = /** @type {const} */ ({ of: "ours", bound: 5, notJudged: size < 1_000_000 });
  /** @type {Pick<Row, "group" | "unit" | "better" | "target">} */
  const time = { group, unit: "ms", better: "less", target };
  return [
    { ...time, what: "by value, p50", ours: found.value.p50, than: { name: "bare SQLite, by key", value: bare } },
    { ...time, what: "by value, p99", ours: found.value.p99 },
    { ...time, what: "below a domain, p50", ours: found.below.p50 },
    { ...time, what: "within a network, p50", ours: found.within.p50 },
    { ...time, what: "inside values, p50", ours: found.inside.p50 },
    { ...time, what: "words, p50", ours: found.words.p50 },
    { group, what: "indexed", unit: "items/s", better: "more", ours: filled },
  ];
}
