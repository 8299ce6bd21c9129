import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unwrap } from "@detente/basics";
import {
  buildIndicatorIndex,
  createScreener,
  type Hit,
  type IndicatorIndex,
  type LogFormat,
  type ScreeningSummary,
} from "@detente/screen";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { JoinedSummary } from "./joined-summary.ts";
import { planLogs } from "./plan.ts";
import { screenRange } from "./screen-range.ts";

const dir = mkdtempSync(join(tmpdir(), "detente-apart-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const INDEX: IndicatorIndex<string> = buildIndicatorIndex([
  { kind: "domain", value: "evil.example.net", ref: "a" },
  { kind: "ipv4", value: "203.0.113.7", ref: "b" },
  { kind: "cidr4", value: "203.0.113.0/24", ref: "c" },
]);
const ZEEK = "#separator \\x09\n#fields\tts\tid.orig_h\tquery\n#types\ttime\taddr\tstring\n";

interface Result {
  readonly hits: readonly Hit<string>[];
  readonly summary: ScreeningSummary<string>;
}

/** As workers do it, one after another. */
async function apart(path: string, length: number, format?: LogFormat): Promise<Result & { readonly parts: number }> {
  const planned = unwrap(await planLogs([path], { length, format, indicators: "0".repeat(64) }));
  const [{ segments }] = planned as [(typeof planned)[number]];
  const hits: Hit<string>[] = [];
  const joined = new JoinedSummary<string>(path);
  for (const { uri, offset, length: bytes, format: told, header } of segments) {
    const source = { path: fileURLToPath(uri), from: offset, to: offset + bytes };
    const range = { source, format: told ?? undefined, header, writtenBy: 0 };
    const screening = screenRange(createScreener(INDEX), range, path, new AbortController().signal);
    for await (const hit of screening) {
      const placed = { ...hit, line: hit.line + joined.lines };
      joined.hit(placed);
      hits.push(placed);
    }
    joined.part(screening.summary());
  }
  return { hits, summary: joined.summary(), parts: segments.length };
}

/** As an engine does it that reads the log from its beginning to its end. */
async function whole(path: string, bytes: Uint8Array, format?: LogFormat): Promise<Result> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const screening = createScreener(INDEX).screen(source(), { name: path, ...(format === undefined ? {} : { format }) });
  const hits: Hit<string>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

async function expectSame(text: string, length: number, format?: LogFormat): Promise<number> {
  const path = join(dir, "some.log");
  const bytes = Buffer.from(text, "latin1");
  writeFileSync(path, bytes);
  const { parts, ...joined } = await apart(path, length, format);
  expect(joined).toEqual(await whole(path, bytes, format));
  return parts;
}

describe("a log that is screened in parts", () => {
  it("gives what it gives as a whole: hits, their places, summary", async () => {
    const line = fc.constantFrom(
      "2026-11-23T10:00:00Z a: from 203.0.113.7 to evil.example.net",
      "2026-11-23T10:05:00Z nothing of interest",
      '{"timestamp":"2026-11-23T10:07:00Z","event_type":"dns","dns":{"rrname":"x.evil.example.net"}}',
      "",
      "\u00ef\u00bb\u00bfevil.example.net",
      "\u00ff\u00fe evil.example.net \u00fc",
    );
    const log = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), fc.boolean());
    await fc.assert(
      fc.asyncProperty(log, fc.integer({ min: 1, max: 400 }), async ([lines, end, isEnded], length) => {
        await expectSame(lines.join(end) + (isEnded ? end : ""), length);
      }),
      { numRuns: 60 },
    );
  });

  it("reads every part of a Zeek log by the header that is in force", async () => {
    const line = fc.constantFrom(
      ZEEK,
      "#close\tevil.example.net\n",
      "#fields\tts\thost\tevil.example.net\n",
      "#types\ttime\tstring\tstring\n",
      "1795428000.5\t203.0.113.7\tevil.example.net\n",
      "1795428060.5\t198.51.100.4\tx.evil.example.net\n",
      "evil.example.net\tin no format\n",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 15 }), fc.integer({ min: 1, max: 300 }), async (lines, length) => {
        await expectSame(ZEEK + lines.join(""), length);
      }),
      { numRuns: 60 },
    );
  });

  it("tells the format by the whole log's beginning, not by that of a part", async () => {
    const json = '{"ts":1795428000.5,"id.orig_h":"203.0.113.7","query":"evil.example.net"}\n';
    const parts = await expectSame(json.repeat(60) + "in no format: evil.example.net\n".repeat(200), 2000);
    expect(parts).toBeGreaterThan(3);
  });

  it("keeps a line that is longer than parts in one, with its windows", async () => {
    const long = `evil.example.net ${"a ".repeat(600_000)} evil.example.net\n`;
    const parts = await expectSame(`203.0.113.7\n${long}203.0.113.7\nevil.example.net`, 10);
    expect(parts).toBe(4);
  });

  it("is one part where it is empty", async () => {
    expect(await expectSame("", 10)).toBe(1);
  });
});
