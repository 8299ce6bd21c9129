import { type Result, unwrap, utf8 } from "@detente/basics";
import { type BundleFault, type BundleReport, verifyBundle } from "@detente/unit";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportRecord } from "../api/export.ts";
import { Stations } from "../testing/stations.ts";
import { verifyRecordFile } from "./verify-file.ts";

let stations: Stations;
/** A real record of three stations, without its last line feed. */
let good: string;

beforeAll(async () => {
  stations = await Stations.create();
  const [ann] = await stations.found("ann", "bob", "cem");
  if (ann === undefined) throw new Error("no stations");
  await ann.ask("Who?");
  const lines: string[] = [];
  for await (const line of exportRecord(ann.station, ann.unit, "unit", false)) lines.push(line);
  good = lines.join("\n");
});

afterAll(() => stations.close());

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = utf8(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A good record to which at some places something was done. */
const altered = fc.array(fc.tuple(fc.nat(), fc.nat(30), fc.constantFrom("", "\n", "A", "=", '"', "}\n{")), {
  maxLength: 6,
});

function alter(changes: readonly (readonly [number, number, string])[]): string {
  let text = good;
  for (const [place, removed, put] of changes) {
    const at = place % (text.length + 1);
    text = text.slice(0, at) + put + text.slice(at + removed);
  }
  return text;
}

/** All of a report that can be compared. */
function told(result: Result<BundleReport, BundleFault>): object {
  if (!result.ok) return result.fault;
  const { fold, ...report } = result.value;
  return { ...report, folded: fold.logs() };
}

describe("a record file on two threads", () => {
  test("gives the very report, or the very fault, that it gives on one", async () => {
    await fc.assert(
      fc.asyncProperty(altered, fc.integer({ min: 100, max: 9000 }), async (changes, size) => {
        const text = alter(changes);
        const one = told(await verifyBundle(chunksOf(text, size)));
        expect(told(await verifyRecordFile(chunksOf(text, size), undefined, 0))).toEqual(one);
      }),
      { numRuns: 12, examples: [[[], 1000]] },
    );
  });

  test("is good where the file is, with or without a thread", async () => {
    for (const small of [0, good.length]) {
      expect(unwrap(await verifyRecordFile(chunksOf(good, 1000), undefined, small)).problems).toEqual([]);
    }
  });

  test("ends at once where nothing that follows could be judged, and lets go of the file", async () => {
    let isClosed = false;
    const endless = (async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield utf8(`${good}\n`);
        for (;;) yield utf8(`${"x".repeat(1000)}\n`);
      } finally {
        isClosed = true;
      }
    })();
    const other = await verifyRecordFile(endless, "00".repeat(32), 0);
    expect(other).toMatchObject({ ok: false, fault: { code: "other-unit" } });
    expect(isClosed).toBe(true);
  });

  test("throws what reading the file throws", async () => {
    const broken = (async function* (): AsyncGenerator<Uint8Array> {
      yield utf8(good.slice(0, 5000));
      yield utf8(good.slice(5000, 6000));
      throw new Error("the disk is gone");
    })();
    await expect(verifyRecordFile(broken, undefined, 0)).rejects.toThrow("the disk is gone");
  });
});
