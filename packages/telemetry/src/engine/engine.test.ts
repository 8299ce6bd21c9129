import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIntelligence, generateTelemetry } from "@detente/intel";
import {
  createScreener,
  type Hit,
  ImageIndex,
  type IndexedItem,
  IndicatorImage,
  type Screening,
  type ScreeningSummary,
} from "@detente/screen";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { LogSource } from "../log-source.ts";
import { createEngine, type Engine } from "./engine.ts";
import { loadSieve } from "./load-sieve.ts";

const START = Date.UTC(2026, 9, 1, 6);
const intelligence = generateIntelligence("engine", 200, START);
const items: readonly IndexedItem<number>[] = [
  ...intelligence,
  { kind: "domain" as const, value: "evil.example" },
  { kind: "ipv4" as const, value: "198.51.100.7" },
].map(({ kind, value }, ref) => ({ kind, value, ref }));

function indexOf(of: readonly IndexedItem<number>[]): ImageIndex<number> {
  return new ImageIndex(IndicatorImage.build(loadSieve(), of, 7n).image, (ref) => ref);
}

const index = indexOf(items);
const walker = createScreener(index);
const directory = mkdtempSync(join(tmpdir(), "engine-"));
const path = join(directory, "log");
const engines = [
  { threads: 1, rangeSize: 1 },
  { threads: 3, rangeSize: 7 },
  { threads: 2, rangeSize: 300 },
  { threads: 2, rangeSize: 100_000 },
  { threads: 2 },
].map((options) => createEngine(index, options));

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  rmSync(directory, { recursive: true });
});

interface Outcome {
  readonly hits: readonly Hit<number>[];
  readonly summary: ScreeningSummary<number>;
}

async function outcome(screening: Screening<number>): Promise<Outcome> {
  const hits: Hit<number>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What must not differ: all but what `createSieveScreener` tells more coarsely. */
function comparable({ hits, summary: { from: _from, to: _to, flags, ...summary } }: Outcome): unknown {
  return { hits, summary, flags: flags.filter(({ code }) => code !== "not-in-format") };
}

async function expectWalkersHits(engine: Engine<number>, source: LogSource, bytes: Uint8Array): Promise<Outcome> {
  const found = await outcome(engine.screen(source, { name: "log" }));
  const expected = await outcome(walker.screen(once(bytes), { name: "log" }));
  expect(comparable(found)).toEqual(comparable(expected));
  return found;
}

const generated = generateTelemetry({
  seed: "engine",
  items: intelligence,
  lines: 150,
  hitsPerMille: 100,
  start: START,
});

const line = fc.oneof(
  fc.constantFrom("", "\r", "evil.example", "198.51.100.7 evil.example\r", "x", "bücher evil.example", "#fields\ta\tb"),
  fc.constantFrom("y".repeat(90), "evil%2eexample", '{"a":"evil\\u002eexample"}', "#set_separator\tx", "#close"),
  fc.constantFrom(...generated.flatMap(({ text }) => text.split("\n"))),
);

describe("a log that begins with a line over the limit", () => {
  const long = `${"words ".repeat(20_000)}evil.example `.repeat(10);
  const rest = String.raw`{"timestamp":"2026-11-25T10:00:00Z","event_type":"dns","dns":{"rrname":"evil\u002eexample"}}`;

  it.each([
    ["prose", long],
    ["JSON", `{"a":"${long.replaceAll("evil.", String.raw`evil\u002e`)}"}`],
  ])("has the format of what follows: %s", async (_, first) => {
    const bytes = new TextEncoder().encode(`${first}\n${rest}\n`);
    writeFileSync(path, bytes);
    for (const engine of engines.slice(2)) {
      for (const source of [{ path }, once(bytes)]) {
        const found = await expectWalkersHits(engine, source, bytes);
        expect(found.summary).toMatchObject({ format: "eve", lines: 2, hits: 11 });
        expect(found.hits.at(-1)).toMatchObject({ line: 2, field: "dns.rrname", class: "exact-field" });
        expect(found.summary.flags).toContainEqual({ code: "long-line", count: 1, line: 1 });
      }
    }
  });

  it("has none where nothing follows", async () => {
    const bytes = new TextEncoder().encode(long);
    writeFileSync(path, bytes);
    for (const engine of engines.slice(2)) {
      const { summary } = await expectWalkersHits(engine, { path }, bytes);
      expect(summary).toMatchObject({ format: null, lines: 1, hits: 10 });
    }
  });
});

describe("files on several threads", () => {
  it("have the walker's hits, whatever the ranges and the number of threads", async () => {
    const isInvalid = fc.array(fc.boolean(), { minLength: 1 });
    const logs = fc.array(line, { minLength: 90, maxLength: 260 });
    await fc.assert(
      fc.asyncProperty(
        logs,
        isInvalid,
        fc.constantFrom("", "\n"),
        fc.constantFrom(...engines),
        async (lines, odd, end, engine) => {
          const parts = lines.map((text, i) =>
            Buffer.concat([Buffer.from(text), Buffer.from(odd[i % odd.length] ? [] : [0xff])]),
          );
          const bytes = Buffer.from(
            Buffer.concat(parts.flatMap((part) => [part, Buffer.from("\n")]))
              .toString("latin1")
              .slice(0, -1) + end,
            "latin1",
          );
          writeFileSync(path, bytes);
          await expectWalkersHits(engine, { path }, bytes);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("have the walker's hits in generated logs", async () => {
    for (const { text } of generateTelemetry({
      seed: "f",
      items: intelligence,
      lines: 400,
      hitsPerMille: 100,
      start: START,
    })) {
      const bytes = Buffer.from(text);
      writeFileSync(path, bytes);
      for (const engine of engines.slice(1)) {
        const { hits } = await expectWalkersHits(engine, { path }, bytes);
        expect(hits.length).toBeGreaterThan(20);
      }
    }
  });

  it("are screened from an offset to an offset", async () => {
    const bytes = Buffer.from("x\n".repeat(500) + "evil.example 1\n".repeat(300));
    writeFileSync(path, bytes);
    const [from, to] = [1000, bytes.length - 3];
    for (const engine of engines.slice(1)) {
      await expectWalkersHits(engine, { path, from, to }, bytes.subarray(from, to));
      await expectWalkersHits(engine, { path, from: bytes.length }, bytes.subarray(bytes.length));
    }
  });

  it("are decoded as the walker does it where they do not consist of lines of their own", async () => {
    // Frame Streams (farsightsec.github.io/fstrm): an escape, a START frame of the content type, a data frame.
    const type = "protobuf:dnstap.Dnstap";
    const start = Buffer.concat([Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, type.length]), Buffer.from(type)]);
    const frames = Buffer.concat([
      Buffer.from([0, 0, 0, 0, 0, 0, 0, start.length]),
      start,
      Buffer.from([0, 0, 0, 1, 255]),
    ]);
    const mail = Buffer.from("From a@b.example Thu Nov 26 01:00:00 2026\nFrom: a@b.example\n\nsee evil.exa=\nmple\n");
    for (const [bytes, format] of [
      [frames, "dnstap"],
      [mail, "mbox"],
    ] as const) {
      writeFileSync(path, bytes);
      const expected = await outcome(walker.screen(once(bytes), { name: "log" }));
      expect(expected.summary.format).toBe(format);
      for (const engine of engines) expect(await outcome(engine.screen({ path }, { name: "log" }))).toEqual(expected);
    }
  });

  it("may hold lines of many ranges", async () => {
    const long = `${"z ".repeat(30_000)}evil.example `.repeat(40);
    const bytes = Buffer.from(`${"a\n".repeat(150)}${long}\nevil.example\n${long}\n${long}\n198.51.100.7\n${long}`);
    writeFileSync(path, bytes);
    for (const engine of engines.slice(3)) {
      const { summary } = await expectWalkersHits(engine, { path }, bytes);
      expect(summary.flags).toEqual([{ code: "long-line", count: 4, line: 151 }]);
    }
  });
});

describe("an engine", () => {
  it("takes streams and another index, and says what it cannot read", async () => {
    const engine = createEngine(index, { threads: 2, rangeSize: 50 });
    const bytes = Buffer.from("x\n".repeat(200) + "evil.example other.example\n".repeat(3));
    writeFileSync(path, bytes);
    await expectWalkersHits(engine, once(bytes), bytes);
    engine.use(indexOf([{ kind: "domain", value: "other.example", ref: 5 }]));
    const { hits } = await outcome(engine.screen({ path }, { name: "log" }));
    expect(hits.map((hit) => `${hit.line} ${hit.indicator.ref}`)).toEqual(["201 5", "202 5", "203 5"]);
    await expect(outcome(engine.screen({ path: `${path}.not` }, { name: "log" }))).rejects.toThrow("ENOENT");
    await engine.close();
  });

  it("stops reading when nobody takes the hits any more", async () => {
    const engine = createEngine(index, { threads: 2, rangeSize: 100 });
    writeFileSync(path, "evil.example\n".repeat(5000));
    const screening = engine.screen({ path }, { name: "log" });
    for await (const hit of screening) if (hit.line === 300) break;
    expect(screening.summary()).toMatchObject({ hits: 300 });
    expect(() => engine.use(index)).not.toThrow();
    await engine.close();
  });
});
