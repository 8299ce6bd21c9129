import { generateIntelligence, generateTelemetry } from "@detente/intel";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hit } from "./hit.ts";
import { buildIndicatorIndex } from "./indicator-index.ts";
import { createScreener } from "./screener.ts";

/** Lines over this are scanned in windows that share `OVERLAP`. */
const MAX_LINE = 1024 * 1024;
const OVERLAP = 64 * 1024;

const start = Date.UTC(2026, 9, 1, 6);
const items = generateIntelligence("screen", 200, start);
const generated = buildIndicatorIndex(items.map(({ kind, value }, ref) => ({ kind, value, ref })));
const small = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
  { kind: "email", value: "bob@mail.example", ref: 2 },
  { kind: "url", value: "http://host.example/x", ref: 3 },
]);

async function* chunked(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    // A source may reuse its buffer as soon as the next chunk is asked for.
    const chunk = bytes.slice(from, cut);
    yield chunk;
    chunk.fill(0x21);
    from = cut;
  }
}

async function screen(
  index: typeof small,
  bytes: Uint8Array,
  cuts: readonly number[] = [],
): Promise<{ hits: Hit<number>[]; summary: unknown }> {
  const screening = createScreener(index).screen(chunked(bytes, cuts), { name: "log" });
  const hits: Hit<number>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

const places = ({ hits }: { hits: Hit<number>[] }): string[] =>
  hits.map((hit) => `${hit.line}:${hit.column} ${hit.indicator.ref}`);

describe("against the generator's truth", () => {
  it.each(["a", "b", "c"])("finds all that was planted and nothing else (seed %s)", async (seed) => {
    for (const log of generateTelemetry({ seed, items, lines: 1500, hitsPerMille: 100, start })) {
      const { hits } = await screen(generated, new TextEncoder().encode(log.text));
      const seen = hits.map(({ line, field, indicator, class: as, time }) => {
        return { line, field, kind: indicator.kind, value: indicator.value, class: as, time };
      });
      const order = (row: object): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(seen.map(order).sort()).toEqual(log.planted.map(order).sort());
      expect(seen.length).toBeGreaterThan(50);
    }
  });

  it("points at what stands in the log", async () => {
    for (const log of generateTelemetry({ seed: "d", items, lines: 500, hitsPerMille: 100, start })) {
      const rows = log.text.split("\n");
      const { hits } = await screen(generated, new TextEncoder().encode(log.text));
      for (const { line, column, match } of hits) {
        expect(rows[line - 1]?.slice(column - 1, column - 1 + match.length)).toBe(match);
      }
    }
  });
});

describe("chunks", () => {
  it("make no difference", async () => {
    const texts = [
      ...generateTelemetry({ seed: "e", items, lines: 60, hitsPerMille: 300, start }).map(({ text }) => text),
      "a\r\nevil.example\r\n\r\nbücher.example evil[.]example\r\n198.51.100.7",
      "\ufeffevil.example\n\n\n",
      "\n",
      "",
    ];
    const merged = buildIndicatorIndex([
      ...items.map(({ kind, value }, ref) => ({ kind, value, ref })),
      { kind: "domain", value: "evil.example", ref: 1000 },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        async (text, cuts) => {
          const bytes = new TextEncoder().encode(text);
          const at = cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b);
          expect(await screen(merged, bytes, at)).toEqual(await screen(merged, bytes));
        },
      ),
      { numRuns: 60 },
    );
    const bytes = new TextEncoder().encode(texts[3]);
    const single = Array.from({ length: bytes.length }, (_, i) => i);
    expect(await screen(merged, bytes, single)).toEqual(await screen(merged, bytes));
  });
});

describe("hostile logs", () => {
  it("a line of 5 MB is scanned whole, each hit once, and flagged", async () => {
    const gap = "x ".repeat(OVERLAP / 8);
    const one = `${gap}evil.example `;
    const line = one.repeat(Math.ceil(5_000_000 / one.length));
    const bytes = new TextEncoder().encode(`first evil.example\n${line}\nlast 198.51.100.7\n`);
    const expected = ["1:7 0"];
    for (let at = line.indexOf("evil"); at >= 0; at = line.indexOf("evil", at + 1)) expected.push(`2:${at + 1} 0`);
    expected.push("3:6 1");
    const whole = await screen(small, bytes);
    expect(places(whole)).toEqual(expected);
    expect(whole.summary).toMatchObject({ lines: 3, flags: [{ code: "long-line", count: 1, line: 2 }] });
    expect(await screen(small, bytes, [7, 1_000_000, 1_048_600, 3_000_001])).toEqual(whole);
  });

  it("a hit is found wherever a window may cut it", async () => {
    const edges = [MAX_LINE, MAX_LINE - OVERLAP, MAX_LINE - OVERLAP / 2, 2 * (MAX_LINE - OVERLAP)];
    for (const edge of edges) {
      for (const shift of [-13, -12, -6, -1, 0, 1]) {
        const bytes = new Uint8Array(2_300_000).fill(0x20);
        bytes.set(new TextEncoder().encode("evil.example"), edge + shift);
        expect(places(await screen(small, bytes))).toEqual([`1:${edge + shift + 1} 0`]);
      }
    }
  });

  it("a line of exactly the limit is a line", async () => {
    const bytes = new Uint8Array(MAX_LINE + 1).fill(0x20);
    bytes[MAX_LINE] = 0x0a;
    expect((await screen(small, bytes)).summary).toMatchObject({ lines: 1, flags: [] });
    expect((await screen(small, bytes, [5])).summary).toMatchObject({ lines: 1, flags: [] });
  });

  it("JSON nested 10^5 deep costs no stack", async () => {
    const deep = `${'{"a":['.repeat(100_000)}"evil.example"${"]}".repeat(100_000)}`;
    expect(places(await screen(small, new TextEncoder().encode(deep)))).toEqual(["1:600002 0"]);
    const open = `{"a":"b"}\n${"[".repeat(500_000)}"evil.example"\n`;
    expect(places(await screen(small, new TextEncoder().encode(open)))).toEqual(["2:500002 0"]);
  });

  it("NULs, lone CRs and bytes that are no UTF-8 separate", async () => {
    const bytes = Uint8Array.from([
      ...Buffer.from("\0evil.example\0\revil.example\r"),
      0xc3,
      ...Buffer.from(" \0"),
      0xff,
      ...Buffer.from("evil.example"),
      0xfe,
      0x0a,
    ]);
    expect(places(await screen(small, bytes))).toEqual(["1:2 0", "1:16 0", "1:33 0"]);
  });

  it("any bytes are screened without an exception", async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc
        .constantFrom(
          "evil.example",
          "://",
          "@",
          "%",
          "\\u",
          "\\x2",
          "[.]",
          '{"a":',
          '"',
          "#fields\t",
          "::",
          "::ffff:",
          "\n",
          "\t",
          "hxxp",
          ".arpa",
          "bücher.",
        )
        .map((text) => new TextEncoder().encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const { summary } = await screen(small, Uint8Array.from(pieces.flatMap((bytes) => [...bytes])));
        expect(summary).toMatchObject({ name: "log" });
      }),
      { numRuns: 500 },
    );
  });

  it("lines made to be slow take no longer than a moment", async () => {
    const million = (text: string): string => text.repeat(Math.floor(1_000_000 / text.length));
    const lines = [
      million("a."),
      million("evil.example."),
      million("://"),
      million("http://host.example/"),
      million("@"),
      million("!bob@mail.example"),
      million("!"),
      million(":"),
      million("::1.2.3.4 "),
      million("1:2:3:4:5:6:7:8:"),
      million("1.2.3.4-"),
      million("[.]"),
      million("%2e"),
      million("\\x2e"),
      million("é."),
      million("xn--é."),
      million('"\\'),
      `{"a":"${million("\\")}`,
      million('{"'),
      `1.2.3.4 - - [${million("\\")}`,
      `1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "${million('\\"')}`,
      million("client 1#1 : query: "),
      million("\t"),
    ];
    for (const line of lines) {
      const bytes = new TextEncoder().encode(line);
      const before = process.cpuUsage().user;
      await screen(small, bytes);
      const seconds = (process.cpuUsage().user - before) / 1e6;
      expect([line.slice(0, 20), seconds < 3]).toEqual([line.slice(0, 20), true]);
    }
  });
});
