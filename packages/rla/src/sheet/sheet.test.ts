import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { headedRows } from "../read/csv/headed-rows.ts";
import type { ManifestBatch } from "../read/manifest.ts";
import { fileOf } from "../testing/files.ts";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { sampleCards } from "./sample-cards.ts";
import { sheetCsv, sheetHtml } from "./sheet.ts";

const batch = (name: string, cards: number, over: Partial<ManifestBatch> = {}): ManifestBatch => ({
  batch: name,
  name,
  tabulator: undefined,
  container: undefined,
  location: undefined,
  county: undefined,
  cards,
  line: 1,
  ...over,
});
const BATCHES = [batch("b 1", 20), batch("b 2", 30, { location: "<Bin & 4>" }), batch("=cmd|' /C calc'!A0", 10)];

it.skipIf(!HAS_PYTHON)("lists the cards of each draw by the rule of the draw", () => {
  const script = `
cards = [(b, i + 1) for b, n in given for i in range(n)]
def h(t): return hashlib.sha256(t).hexdigest()
ours = sorted(cards, key=lambda c: hashlib.sha256(bytes([5] * 32) + json.dumps(list(c), separators=(",", ":")).encode()).digest())[:8]
colorado = [cards[int(h(f"77,{i + 1}".encode()), 16) % len(cards)] for i in range(40)]
answer = [ours, colorado]`;
  const [ours, colorado] = python(
    script,
    BATCHES.map(({ name, cards }) => [name, cards]),
  ) as [string, number][][];
  const drawn = (draw: Parameters<typeof sampleCards>[1], count: number): [string, number][] =>
    unwrap(sampleCards(BATCHES, draw, count))
      .flatMap(({ batch: { name }, position, draws }) => draws.map((at) => [at, [name, position]] as const))
      .sort(([a], [b]) => a - b)
      .map(([, card]) => [...card]);
  expect(drawn({ by: "detente", seed: new Uint8Array(32).fill(5) }, 8)).toEqual(ours);
  expect(drawn({ by: "colorado", seed: "77" }, 40)).toEqual(colorado);
});

it("lists a card that Arlo's draw has twice once, and all as they lie", () => {
  const cards = unwrap(sampleCards(BATCHES, { by: "arlo", seed: "12345", jurisdiction: "J1" }, 100));
  expect(cards.reduce((sum, { draws }) => sum + draws.length, 0)).toBe(100);
  expect(cards.some(({ draws }) => draws.length > 1)).toBe(true);
  const places = cards.map((card) => BATCHES.indexOf(card.batch) * 100 + card.position);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(sampleCards([batch("empty", 0)], { by: "colorado", seed: "1" }, 1)).toMatchObject({
    fault: { code: "no-cards" },
  });
});

it("writes CSV that reads back and starts no formula, and HTML in which names are text", async () => {
  const cards = unwrap(sampleCards(BATCHES, { by: "colorado", seed: "7" }, 60));
  const rows = unwrap(await headedRows(fileOf(sheetCsv(cards)))).rows;
  expect(rows).toHaveLength(cards.length);
  expect(rows.every(({ cells }) => cells.every((cell) => !cell.startsWith("=")))).toBe(true);
  expect(rows.some(({ cells }) => cells[1]?.startsWith("'=cmd"))).toBe(true);
  const html = sheetHtml({ title: 'A "<script>"', origin: ["seed 7"] }, cards);
  expect(html).toContain("&#60;Bin &#38; 4&#62;");
  expect(html).not.toMatch(/<script|https?:|src=/);
  expect(html.match(/<tr>/g)).toHaveLength(cards.length + 1);
});
