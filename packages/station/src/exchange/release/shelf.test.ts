import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { StateStore } from "@detente/store";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { PendingShare } from "./pending.ts";
import { Shelf } from "./shelf.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 26);
let home: string;
let state: StateStore;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "shelf-"));
  state = unwrap(StateStore.open(join(home, "state")));
});
afterEach(() => {
  state.close();
  rmSync(home, { recursive: true });
});

function pending(id: string, view: string, releasedBy: PendingShare["releasedBy"]): PendingShare {
  const collection = { root: "ab".repeat(32), count: 1 };
  const content = { title: "t", tlp: "green", collection, items: { digest: "cd".repeat(32), size: 100 } } as const;
  return { id, source: "tool", view, came: 0, content, types: {}, labels: {}, why: null, releasedBy, intent: null };
}

it("counts what rules let out within an hour, of each audience apart, once each, also after a restart", async () => {
  const shelf = await Shelf.read(state.release);
  await shelf.put(pending("1", "unit", "rule"), NOW);
  await shelf.put(pending("1", "unit", "rule"), NOW + 1);
  await shelf.put(pending("2", "unit", "officer"), NOW);
  await shelf.put(pending("3", "unit", null), NOW);
  await shelf.put(pending("4", '["ann","bob"]', "rule"), NOW);
  for (const one of [shelf, await Shelf.read(state.release)]) {
    expect([one.lately("unit", NOW + 1), one.lately('["ann","bob"]', NOW + 1)]).toEqual([1, 1]);
    expect([one.lately("unit", NOW + HOUR - 1), one.lately("unit", NOW + HOUR)]).toEqual([1, 0]);
  }
});
