import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { unwrap, utf8 } from "@detente/basics";
import { adoptCharter, createApp } from "@detente/station";
import { startApart } from "../lib/apart.mjs";
import { progress } from "../lib/measure.mjs";
import { freePorts } from "../lib/ports.mjs";
import { openStation } from "../lib/station.mjs";
import { worked } from "../lib/thread-time.mjs";
import { newUnit } from "../lib/unit.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {import("@detente/station").RunningStation["station"]} Station */
/** @typedef {(path: string, body: Uint8Array) => Promise<unknown>} Post */
/** `work`: the most processor time between two beats. @typedef {{ stage: string, longest: number, work: number, took: number }} Measured */

const TYPE = "application/taxii+json;version=2.1";
/** As they come from a socket. */
const CHUNK = 64 * 1024;
/** Of the delay that is watched, in milliseconds. */
const RESOLUTION = 1;

/**
 * How long a station answers nobody while it has much to do: the longest hold-up of its event loop at each stage of
 * sharing 50,000 objects (62 MiB). Requests are made in the process, their bodies written beforehand and read in chunks.
 * @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>}
 */
export async function holdUps({ quick, dir }) {
  const size = quick ? 5000 : 50_000;
  return withDirectory(dir, async (home) => {
    const { directories, charter } = await newUnit(home, await freePorts(3));
    for (const one of directories) unwrap(await adoptCharter(one, charter));
    const [own = "", ...others] = directories;
    const peers = others.map((directory) => startApart("run-station", { directory }));
    try {
      return [...rowsOf(await run(own, size), quick), await restarted(own)];
    } finally {
      await Promise.all(peers.map(leave));
    }
  });
}

/** @param {string} directory @param {number} size @returns {Promise<Measured[]>} */
async function run(directory, size) {
  const { station, stop } = await openStation(directory);
  try {
    return await stagesOf(station, size);
  } finally {
    await stop();
  }
}

/** Begins to serve with all of these shares. @param {string} directory @returns {Promise<Row>} */
async function restarted(directory) {
  const before = process.cpuUsage();
  const { stop } = await openStation(directory);
  const { user, system } = process.cpuUsage(before);
  await stop();
  return {
    group: "A restart",
    what: "until the station serves, processor time",
    unit: "s",
    better: "less",
    ours: (user + system) / 1e6,
    target: { of: "ours", bound: 1 },
  };
}

/** @param {readonly Measured[]} stages @param {boolean} quick @returns {Row[]} */
function rowsOf(stages, quick) {
  return stages.map(({ stage, longest, work, took }) => ({
    group: "Hold-ups: the longest time in which a station answers nobody, at each stage of sharing",
    what: stage,
    unit: "ms",
    better: "less",
    ours: longest,
    target: { of: "ours", bound: 50, notJudged: quick },
    note: `of ${(took / 1000).toFixed(1)} s; at most ${work.toFixed(0)} ms of processor time at once, the rest is the disk's and other processes'`,
  }));
}

/** @param {import("node:child_process").ChildProcess} peer */
async function leave(peer) {
  const left = once(peer, "exit");
  peer.disconnect();
  await left;
}

/** @param {Station} station @param {number} size @returns {Promise<Measured[]>} */
async function stagesOf(station, size) {
  while (!station.gate.maySign || station.unit?.archive.fold.charter().current === undefined) await sleep(20);
  const { secret } = unwrap(await station.callers.grant({ label: "tool", scopes: ["taxii:read", "taxii:write"] }));
  const app = createApp(station);
  /** @type {(token: string, type: string) => Post} */
  const posting = (token, type) => async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": type, accept: type };
    const length = { "content-length": String(body.length) };
    /** @type {RequestInit} */
    const init = { method: "POST", headers: { ...headers, ...length }, body: chunks(body), duplex: "half" };
    const answer = await app.fetch(new Request(`http://127.0.0.1${path}`, init));
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text;
  };
  const tool = posting(secret, TYPE);
  const officer = posting(station.token, "application/json");
  const asked = (/** @type {string} */ path) =>
    app.fetch(new Request(`http://127.0.0.1${path}`, { headers: { authorization: `Bearer ${secret}`, accept: TYPE } }));
  const objects = Array.from({ length: size }, (_, i) => indicator(i, 1));
  const others = Array.from({ length: size }, (_, i) => indicator(i, 2));
  const envelope = utf8(`{"objects":[${objects.join(",")}]}`);
  const texts = utf8(JSON.stringify({ title: "t", audience: "unit", objects: others }));
  const items = Array.from({ length: size }, (_, i) => ({ kind: "domain", value: `host-${i}.example` }));
  const list = utf8(JSON.stringify({ title: "t", tlp: "green", audience: "unit", items }));
  const at = size.toLocaleString("en-US");
  return [
    await measured("nothing to do, for two seconds", () => sleep(2000)),
    await measured(
      `POST of an envelope of ${at} objects, ${(envelope.length / 2 ** 20).toFixed(0)} MiB, over TAXII`,
      () => tool("/taxii2/unit/collections/release/objects/", envelope),
    ),
    await measured("its release, the index and the TAXII collections", async () => {
      await officer("/api/release/share", utf8('{"all":true}'));
      const last = `/taxii2/unit/collections/shared/objects/${idOf(size - 1, 1)}/`;
      while (!(await asked(last)).ok) await sleep(100);
    }),
    await measured(`POST of ${at} objects by an officer`, () => officer("/api/objects", texts)),
    await measured(`POST of a list of ${at} indicators`, () => officer("/api/shares", list)),
  ];
}

/** @param {Uint8Array} body @returns {ReadableStream<Uint8Array>} */
function chunks(body) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= body.length) controller.close();
      else controller.enqueue(body.slice(at, (at += CHUNK)));
    },
  });
}

/** @param {number} number @param {number} series */
function idOf(number, series) {
  return `indicator--00000000-0000-4000-8000-${String(series * 1e9 + number).padStart(12, "0")}`;
}

/** Some 1300 bytes. @param {number} number @param {number} series */
function indicator(number, series) {
  return JSON.stringify({
    type: "indicator",
    spec_version: "2.1",
    id: idOf(number, series),
    created: "2026-11-03T08:00:00.000Z",
    modified: "2026-11-03T08:00:00.000Z",
    name: `Command and control ${number}`,
    description:
      "Seen in the second wave; the certificate is that of the campaign against registration portals. ".repeat(9),
    pattern: `[domain-name:value = 'host-${number}.updates.example']`,
    pattern_type: "stix",
    valid_from: "2026-11-03T08:00:00Z",
    labels: ["c2"],
  });
}

/** @param {string} stage @param {() => Promise<unknown>} run @returns {Promise<Measured>} */
async function measured(stage, run) {
  await sleep(100);
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  await sleep(10);
  delay.reset();
  const beat = heartbeat();
  const begun = performance.now();
  await run();
  const took = performance.now() - begun;
  await sleep(2 * RESOLUTION);
  delay.disable();
  const work = beat.stop();
  const longest = delay.max / 1e6;
  progress(`${stage}: ${longest.toFixed(0)} ms at most (${work.toFixed(0)} ms of work), of ${took.toFixed(0)} ms`);
  return { stage, longest, work, took };
}

/** Milliseconds of processor time: on a machine with other work to do, a delay alone does not say whose it is. */
function heartbeat() {
  let most = 0;
  let last = worked();
  const beat = setInterval(() => {
    const now = worked();
    most = Math.max(most, now - last);
    last = worked();
  }, RESOLUTION);
  return {
    stop() {
      clearInterval(beat);
      return most;
    },
  };
}
