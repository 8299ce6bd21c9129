import { randomUUID } from "node:crypto";
import { unwrap, utf8 } from "@detente/basics";
import { checkObject, taxiiApp } from "@detente/station";
import { openObjects } from "@detente/store";
import { DatabaseSync } from "@photostructure/sqlite";
import { progress, quantile } from "../lib/measure.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {{ objects?: unknown[], next?: string }} Page */
/** @typedef {(path: string, init?: RequestInit) => Promise<Response>} Ask */

const COLLECTION = "00000000-0000-4000-8000-000000000001";
const OBJECTS = `/taxii2/unit/collections/${COLLECTION}/objects/`;
const TYPE = "application/taxii+json;version=2.1";
const ENVELOPE = 1000;
const PAGES = 20;

/**
 * A TAXII server in this process, without sockets: indicators of some 500 bytes are posted a thousand at a time, each
 * answer after its sync; then the collection is read.
 * @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>}
 */
export async function taxii({ quick, dir }) {
  const size = quick ? 50_000 : 1_000_000;
  if (quick) progress(`--quick: a collection of ${size.toLocaleString("en-US")} objects`);
  return withDirectory(dir, async (directory) => {
    const bare = bareInserts(`${directory}/bare.sqlite`);
    const store = unwrap(openObjects(`${directory}/objects.sqlite`, { now: () => Date.now() }));
    const ask = server(store);
    const empty = await posted(ask, 0, 20);
    for (let i = 20; i < size / ENVELOPE; i++) await filled(store, i * ENVELOPE);
    progress(`${size.toLocaleString("en-US")} objects`);
    const full = await posted(ask, size / ENVELOPE, 20);
    const first = await pages(ask, undefined);
    const deep = await pages(ask, await depth(ask, size));
    const walked = await walk(ask);
    store.close();
    return rowsOf({ size, bare, empty, full, first, deep, ...walked });
  });
}

/** @param {import("@detente/store").ObjectStore} store @returns {Ask} */
function server(store) {
  const collections = [{ id: COLLECTION, title: "All", canRead: true, canWrite: true }];
  const app = taxiiApp({
    access: { principal: async () => ({ id: "bench", collections }) },
    store,
    check: checkObject,
    title: "Benchmark",
    now: () => Date.now(),
    newId: randomUUID,
    onError: (error) => {
      throw error;
    },
  });
  const headers = { accept: TYPE, "content-type": TYPE, authorization: "Bearer x" };
  return async (path, init = {}) => app.request(path, { ...init, headers });
}

/** @param {number} number */
function indicator(number) {
  return JSON.stringify({
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--${randomUUID()}`,
    created: "2026-11-03T08:00:00.000Z",
    modified: "2026-11-03T08:00:00.000Z",
    created_by_ref: "identity--7f3c5a52-0d3e-4a7e-9c54-5b0e3f7f9a10",
    name: `Command and control ${number}`,
    description: "Seen in the second wave; the certificate is the one of the campaign against registration portals.",
    pattern: `[domain-name:value = 'host-${number}.updates.example']`,
    pattern_type: "stix",
    valid_from: "2026-11-03T08:00:00Z",
    labels: ["c2"],
  });
}

/** @param {number} from */
function envelope(from) {
  return `{"objects":[${Array.from({ length: ENVELOPE }, (_, i) => indicator(from + i)).join(",")}]}`;
}

/** Objects a second. @param {Ask} ask @param {number} from @param {number} envelopes */
async function posted(ask, from, envelopes) {
  let elapsed = 0;
  for (let i = 0; i < envelopes; i++) {
    const body = envelope((from + i) * ENVELOPE);
    const start = performance.now();
    const answer = await ask(OBJECTS, { method: "POST", body });
    const { success_count: taken } = /** @type {{ success_count: number }} */ (await answer.json());
    elapsed += performance.now() - start;
    if (taken !== ENVELOPE) throw new Error(`${taken} of ${ENVELOPE} were taken`);
  }
  return (envelopes * ENVELOPE * 1000) / elapsed;
}

/** Puts a thousand more into the store, on no way that is measured. @param {import("@detente/store").ObjectStore} store @param {number} from */
async function filled(store, from) {
  const objects = Array.from({ length: ENVELOPE }, (_, i) => {
    const bytes = utf8(indicator(from + i));
    const { id, version } = unwrap(checkObject(bytes));
    return { id, bytes, ...(version === undefined ? {} : { version }) };
  });
  unwrap(await store.writer.add(COLLECTION, "bench", objects));
}

/** What SQLite does without any of it: the same bytes under the same ids, a thousand in a synced transaction. @param {string} path */
function bareInserts(path) {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = full; CREATE TABLE t (id TEXT PRIMARY KEY, bytes BLOB)");
  const insert = db.prepare("INSERT INTO t VALUES (?, ?)");
  let elapsed = 0;
  for (let round = 0; round < 20; round++) {
    const rows = Array.from({ length: ENVELOPE }, (_, i) => ({ id: randomUUID(), bytes: utf8(indicator(i)) }));
    const start = performance.now();
    db.exec("BEGIN");
    for (const { id, bytes } of rows) insert.run(id, bytes);
    db.exec("COMMIT");
    elapsed += performance.now() - start;
  }
  db.close();
  return (20 * ENVELOPE * 1000) / elapsed;
}

/** Milliseconds for a page of a thousand, the median. @param {Ask} ask @param {string | undefined} after */
async function pages(ask, after) {
  const query = after === undefined ? "" : `&added_after=${after}`;
  const times = [];
  for (let i = 0; i < PAGES; i++) {
    const start = performance.now();
    const answer = await ask(`${OBJECTS}?limit=1000${query}`);
    await answer.arrayBuffer();
    times.push(performance.now() - start);
  }
  return quantile(times, 0.5);
}

/** When an object near the end was added. @param {Ask} ask @param {number} size */
async function depth(ask, size) {
  let next = "";
  let last = "";
  for (let read = 0; read < size - ENVELOPE; read += ENVELOPE) {
    const answer = await ask(`${OBJECTS.replace(/objects\/$/, "manifest/")}?limit=1000${next}`);
    last = answer.headers.get("x-taxii-date-added-last") ?? "";
    next = `&next=${/** @type {Page} */ (await answer.json()).next}`;
  }
  return last;
}

/** @param {Ask} ask @returns {Promise<{ walked: number, grown: number }>} objects a second, MiB of memory more at most */
async function walk(ask) {
  let next = "";
  let objects = 0;
  let most = 0;
  const before = process.memoryUsage.rss();
  const start = performance.now();
  do {
    const answer = await ask(`${OBJECTS}?limit=1000${next}`);
    const { objects: page = [], next: further } = /** @type {Page} */ (await answer.json());
    objects += page.length;
    next = further === undefined ? "" : `&next=${further}`;
    most = Math.max(most, process.memoryUsage.rss());
  } while (next !== "");
  return { walked: (objects * 1000) / (performance.now() - start), grown: (most - before) / 2 ** 20 };
}

/**
 * @param {{ size: number, bare: number, empty: number, full: number, first: number, deep: number, walked: number, grown: number }} found
 * @returns {Row[]}
 */
function rowsOf({ size, bare, empty, full, first, deep, walked, grown }) {
  const at = size.toLocaleString("en-US");
  const notJudged = size < 1_000_000;
  const group = "TAXII: a collection of STIX indicators, a thousand in a request or page";
  const limit = { name: "bare SQLite", value: bare };
  // What they took once on a machine of this class, which is no measurement of the same run.
  const peer = (/** @type {number} */ value) => ({ name: "OpenTAXII on SQLite (figure)", value });
  /** @param {number} bound @returns {import("../lib/report.mjs").Target} */
  const target = (bound) => ({ of: "ours", bound, notJudged });
  /** @type {Pick<Row, "group" | "unit" | "better">} */
  const rate = { group, unit: "objects/s", better: "more" };
  /** @type {Pick<Row, "group" | "unit" | "better">} */
  const time = { group, unit: "ms", better: "less" };
  const flat = /** @type {const} */ ({ of: "ratio", bound: 0.5, notJudged });
  return [
    { ...rate, what: "POST into an empty store, durable", ours: empty, than: limit, target: target(10_000) },
    { ...rate, what: "POST into an empty store, durable", ours: empty, than: peer(229) },
    { ...rate, what: `POST into ${at}, durable`, ours: full, than: limit, target: target(10_000) },
    { ...rate, what: `POST into ${at}, durable`, ours: full, than: peer(172) },
    { ...time, what: `first page of ${at}`, ours: first, target: target(100) },
    { ...time, what: `last page of ${at}`, ours: deep, than: { name: "first page", value: first }, target: flat },
    { ...rate, what: `walk through ${at}, parsed`, ours: walked, than: peer(2000), target: target(20_000) },
    { ...time, what: "memory grown while walking", unit: "MiB", ours: grown, target: target(128) },
  ];
}
