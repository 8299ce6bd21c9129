import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadGate } from "./load-gate.ts";

it("takes files of assets of more lines than a call may have arguments, and tells of each that is none", async () => {
  const dir = await mkdtemp(join(tmpdir(), "load-gate-"));
  try {
    const lines = Array.from({ length: 140_000 }, (_, i) => (i % 1000 > 0 ? `domain,a${i}.example` : `ipv4,no.${i}`));
    await writeFile(join(dir, "assets.csv"), ["type,value", ...lines].join("\n"));
    await writeFile(join(dir, "own.txt"), "own.example\n");
    const gate = await loadGate({ assets: ["assets.csv", "own.txt", "none.txt"].map((name) => join(dir, name)) });
    expect(gate.faults.length).toBeGreaterThan(1);
    expect(gate.faults.at(-1)).toContain("none.txt: cannot be read");
    const found = ["a139998.example", "own.example", "other.example"].map((value) =>
      gate.assets.some((index) => index.find({ kind: "domain", value }) !== undefined),
    );
    expect(found).toEqual([true, true, false]);
  } finally {
    await rm(dir, { recursive: true });
  }
});
