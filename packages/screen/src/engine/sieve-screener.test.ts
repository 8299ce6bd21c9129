import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import type { Hit, LogFormat, ScreeningSummary } from "../hit.ts";
import { createScreener, type Screener } from "../screener.ts";
import { NASTY_ITEMS, nastyLogs } from "../testing/nasty-logs.ts";
import { imageIndex } from "../testing/sieve.ts";
import { createSieveScreener } from "./sieve-screener.ts";

/** Some indicators make the sieve more watchful than it is without them, so it must hold without them as well. */
const WATCHFUL = /weird|localhost|https:\/\/xn--/;
const SETS = [
  NASTY_ITEMS,
  NASTY_ITEMS.filter(({ value }) => !WATCHFUL.test(value)),
  NASTY_ITEMS.filter(({ kind, value }) => kind !== "url" && !WATCHFUL.test(value)),
  NASTY_ITEMS.filter(({ kind }) => kind === "url"),
].map((items) => ({
  walker: createScreener(buildIndicatorIndex(items)),
  sieve: createSieveScreener(imageIndex(items)),
}));

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) {
    // A source may reuse its buffer as soon as the next chunk is asked for.
    const chunk = bytes.slice(from, from + size);
    yield chunk;
    chunk.fill(0x21);
  }
}

interface Outcome {
  readonly hits: readonly Hit<number>[];
  readonly summary: ScreeningSummary<number>;
}

async function screen(
  screener: Screener<number>,
  bytes: Uint8Array,
  format: LogFormat | undefined,
  size: number,
): Promise<Outcome> {
  const options = { name: "log", ...(format === undefined ? {} : { format }) };
  const screening = screener.screen(chunked(bytes, size), options);
  const hits: Hit<number>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

/** What both engines must agree on: all but what `createSieveScreener` says it does not know. */
function comparable({ hits, summary: { from: _from, to: _to, flags, ...summary } }: Outcome): unknown {
  return { hits, summary, flags: flags.filter(({ code }) => code !== "not-in-format") };
}

describe("the sieve", () => {
  it("leads to the walker's hits in logs of every format, however they are chunked", async () => {
    await fc.assert(
      fc.asyncProperty(
        nastyLogs,
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(...SETS),
        async (log, size, set) => {
          const { format, lines } = log;
          const { walker, sieve } = set;
          // The first line is always walked: it must not be one that matters.
          const bytes = new TextEncoder().encode(`\n${lines.join("\n")}`);
          expect(comparable(await screen(sieve, bytes, format, size))).toEqual(
            comparable(await screen(walker, bytes, format, bytes.length)),
          );
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 400) },
    );
  });
});

describe("a column of digits", () => {
  it("is no half of an address, or the sieve would take both for one", async () => {
    const lines = ["5::ffff:0102:0304", "5:2001:db8:0:0:1:2:3:4", "5: 1.2.3.4"].flatMap((rest) => [
      `1.1.1.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 ${rest}`,
      `client 10.0.0.1#${rest}: query: x.test IN A`,
    ]);
    const bytes = new TextEncoder().encode(`\n${lines.join("\n")}`);
    for (const format of ["access-log", "bind"] as const) {
      for (const { walker, sieve } of SETS) {
        expect(comparable(await screen(sieve, bytes, format, 50))).toEqual(
          comparable(await screen(walker, bytes, format, bytes.length)),
        );
      }
    }
  });
});

/** Lines that hold no indicator, of which the sieve must keep few: it is no use otherwise. */
const ORDINARY = [
  '10.0.0.9 - - [10/Oct/2026:13:55:36 +0000] "GET /a%20b/caf%C3%A9.html?q=%2Fx&u=1.5 HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11; Linux x86_64)"',
  '{"timestamp":"2026-10-01T06:00:00","http":{"hostname":"www.fine.test","url":"\\/a\\/b","agent":"C:\\\\Windows\\\\x.exe (at)"},"mac":"00:11:22:33:44:55"}',
  "1790812345.1\tCx\t10.0.0.1\t5353\t2001:db8:ffff::1\t53\twww.fine.test,192.0.2.77\t60.000000",
  "Oct  1 06:00:00 host app[7]: größer als 1.5, “zitiert” – fertig. 日本語、テスト",
];

describe("what the sieve keeps", () => {
  it("is no line of ordinary logs", () => {
    const log = new TextEncoder().encode(ORDINARY.join("\n"));
    const watch = imageIndex(NASTY_ITEMS.filter(({ value }) => !WATCHFUL.test(value))).image.takeSieve();
    watch.text.set(log);
    for (const isJson of [false, true]) {
      expect(watch.scan(0, log.length, { isJson, hasHeaders: true, isSyslog: false })).toEqual({
        candidates: [],
        lines: ORDINARY.length,
        invalid: 0,
        firstInvalid: 0,
        end: log.length,
        isLong: false,
      });
    }
  });
});

async function* repeated(piece: Uint8Array, times: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < times; i++) yield piece;
}

const SMALL = createSieveScreener(imageIndex([{ kind: "domain", value: "evil.example", ref: 0 }]));

describe("hostile logs", () => {
  it("a line of 96 MB, millions of empty lines, and a hit in every line are all screened, in bounded memory", async () => {
    const text = (piece: string): Uint8Array => new TextEncoder().encode(piece);
    const logs = [
      { piece: text(`${"x ".repeat(500_000)}evil.example `), times: 96, lines: 1, hits: 96 },
      { piece: text("\n".repeat(1_000_000)), times: 8, lines: 8_000_000, hits: 0 },
      { piece: text("evil.example\n".repeat(10_000)), times: 5, lines: 50_000, hits: 50_000 },
      { piece: text("\0\r\u00ff ".repeat(50_000)), times: 10, lines: 1, hits: 0 },
    ];
    const before = process.memoryUsage().rss;
    for (const { piece, times, lines, hits } of logs) {
      const screening = SMALL.screen(repeated(piece, times), { name: "log", format: "text" });
      let seen = 0;
      for await (const hit of screening) seen += hit.line > 0 ? 1 : 0;
      expect([seen, screening.summary().lines]).toEqual([hits, lines]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  it("JSON nested 10^5 deep, and bytes that are no UTF-8, lead to the walker's summary", async () => {
    const joined = Buffer.concat([
      Buffer.from(`{"a":1}\n${'{"a":['.repeat(100_000)}"evil.example"${"]}".repeat(100_000)}\n`),
      ...[[0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xc3, 0xa9]].map((odd) =>
        Buffer.concat([Buffer.from(odd), Buffer.from(" evil.example\n")]),
      ),
    ]);
    const bytes = new Uint8Array(joined);
    const [{ walker, sieve }] = SETS as [(typeof SETS)[number]];
    const found = await screen(sieve, bytes, "json", 70_000);
    expect(comparable(found)).toEqual(comparable(await screen(walker, bytes, "json", bytes.length)));
    expect(found.summary.flags).toContainEqual({ code: "invalid-utf8", count: 4, line: 3 });
  });
});
