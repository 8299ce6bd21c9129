import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { IndicatorKind } from "@detente/record";
import type { Hit } from "@detente/screen";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "./engine/engine.ts";
import { PLANTED_INDICATORS } from "./testing/planted-cells.ts";
import { type Planted, plantLogs } from "./testing/planted-logs.ts";
import { WatchList } from "./watch-list/watch-list.ts";

const list = new WatchList(
  PLANTED_INDICATORS.map(([kind, value], ref) => ({ kind: kind as IndicatorKind, value, ref })),
);
const engine = createEngine(list.index, { threads: 2, rangeSize: 10_000 });
const dir = mkdtempSync(join(tmpdir(), "ground-truth-"));
const logs = plantLogs(20_261_125, 2000);

afterAll(async () => {
  await engine.close();
  rmSync(dir, { recursive: true });
});

const placeOf = ({ line, column, field, indicator: { kind, value } }: Hit<number>): Planted => ({
  line,
  column,
  field,
  kind,
  value,
});

describe.each(logs)("in a log of the format $format", ({ format, text, planted }) => {
  it("all that was planted is found where it was planted, and nothing else", async () => {
    const path = join(dir, format);
    writeFileSync(path, text);
    const screening = engine.screen({ path }, { name: format });
    const found: Planted[] = [];
    for await (const hit of screening) found.push(placeOf(hit));
    expect(screening.summary()).toMatchObject({ format, flags: [] });
    expect(planted.length).toBeGreaterThan(100);
    expect(found).toEqual(planted);
  });
});

const ORACLE = fileURLToPath(new URL("testing/oracle.py", import.meta.url));
const hasPython = spawnSync("python3", ["-c", "import csv, ipaddress, json"]).status === 0;
/** What Python is asked about: whole fields, of which it knows what they mean. */
const ASKED: ReadonlySet<string> = new Set(["domain", "ipv4", "ipv6", "cidr4", "cidr6", "md5", "sha256"]);

describe.skipIf(!hasPython).each(["eve", "json", "zeek-json", "csv"])("in a log of the format %s", (format) => {
  it("the fields that Python finds to be indicators are those that are found here", async () => {
    const path = join(dir, `${format}.again`);
    writeFileSync(path, logs.find((log) => log.format === format)?.text ?? "");
    const { stdout } = spawnSync("python3", [ORACLE, format, path, JSON.stringify(PLANTED_INDICATORS)], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    const expected = JSON.parse(stdout) as unknown[];
    const found: unknown[] = [];
    for await (const { line, field, match, class: as, indicator } of engine.screen({ path }, { name: format })) {
      const isWhole = as !== "embedded" && ASKED.has(indicator.kind);
      // To Python what is defanged is no name and no address.
      if (isWhole && !match.includes("[")) found.push([line, field, indicator.kind, indicator.value]);
    }
    expect(expected.length).toBeGreaterThan(100);
    expect(found).toEqual(expected);
  });
});
