import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { collect } from "@detente/basics";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Content } from "./content.ts";
import { LogFile } from "./log-file.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-content-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function logOf(bytes: string | Uint8Array): Promise<LogFile> {
  const path = join(dir, "log");
  await writeFile(path, bytes);
  return LogFile.open(path, 2 ** 30);
}

async function segments(content: Content, bound: number): Promise<string[]> {
  const texts: string[] = [];
  for (let bytes = await content.segment(bound); bytes !== undefined; bytes = await content.segment(bound)) {
    texts.push(Buffer.concat(await collect(bytes)).toString());
  }
  return texts;
}

const text = fc
  .array(
    fc.string({ maxLength: 30 }).map((line) => line.replaceAll("\n", "")),
    { maxLength: 40 },
  )
  .map((lines) => lines.join("\n"));

describe.each([
  ["plain", (bytes: string): string | Uint8Array => bytes],
  ["packed", (bytes: string): string | Uint8Array => gzipSync(bytes)],
])("a %s log", (_, pack) => {
  it("comes in segments of whole lines, with what follows the last one, from any line on", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 200 }), fc.nat(), async (whole, bound, pick) => {
        const log = await logOf(pack(whole));
        const starts = [
          0,
          ...[...whole.matchAll(/\n/g)].map(({ index }) => Buffer.byteLength(whole.slice(0, index + 1))),
        ];
        const from = starts[pick % starts.length] as number;
        const content = await log.from(from);
        if (content === undefined) throw new Error("a place in the log");
        const parts = await segments(content, bound);
        const rest = await content.rest();
        const tail = rest === undefined ? "" : Buffer.concat(await collect(rest.bytes)).toString();
        expect(parts.every((part) => part.endsWith("\n"))).toBe(true);
        expect(parts.join("") + tail).toBe(Buffer.from(whole).subarray(from).toString());
        expect(tail).not.toContain("\n");
        const read = content.tracker.fingerprint();
        const again = await log.after(read);
        expect(again?.tracker.fingerprint()).toEqual(read);
        await log.close();
        const other = await logOf(pack(`${whole.startsWith("x") ? "y" : "x"}${whole.slice(1)}`));
        expect((await other.after(read)) === undefined).toBe(read.offset > 0);
        await other.close();
      }),
      { numRuns: 60 },
    );
  });

  it("is not the same where something changed at its beginning or just before the place, or where it is too short", async () => {
    const lines = Array.from({ length: 3000 }, (_line, i) => `line ${i}\n`).join("");
    const log = await logOf(pack(lines));
    const content = await log.from(0);
    if (content === undefined) throw new Error("the log's beginning");
    await segments(content, 1000);
    const read = content.tracker.fingerprint();
    await log.close();
    for (const changed of [`L${lines.slice(1)}`, `${lines.slice(0, -2)}x\n`, lines.slice(0, -10)]) {
      const other = await logOf(pack(changed));
      expect(await other.after(read)).toBeUndefined();
      await other.close();
    }
    const longer = await logOf(pack(`${lines}more\n`));
    expect((await longer.after(read))?.tracker.offset).toBe(lines.length);
    await longer.close();
  });
});

it("hands out a packed line of any length in bounded parts, and a plain one whole", async () => {
  const line = "x".repeat(5_000_000);
  const packed = await logOf(gzipSync(`${line}\nend\n`));
  const parts = await segments((await packed.from(0)) as Content, 1);
  expect(parts.join("")).toBe(`${line}\nend\n`);
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(2_500_000);
  await packed.close();
  const plain = await logOf(`${line}\nend\n`);
  expect((await segments((await plain.from(0)) as Content, 1)).map((part) => part.length)).toEqual([5_000_001, 4]);
  await plain.close();
});
