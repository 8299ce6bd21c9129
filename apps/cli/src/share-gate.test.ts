import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8 } from "@detente/basics";
import { expect, it } from "vitest";
import type { Cli } from "./cli.ts";
import { holdAgainstMarkings } from "./share-gate.ts";

/** TLP:GREEN, as FIRST and OASIS define it (STIX 2.1 extension definition for TLP 2.0). */
const GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";

it("reads the markings of more objects than a call may have arguments", async () => {
  const dir = await mkdtemp(join(tmpdir(), "share-gate-"));
  try {
    const id = (i: number): string => `domain-name--00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;
    const objects = Array.from(
      { length: 140_000 },
      (_, i) => `{"type":"domain-name","id":"${id(i)}","value":"a.example"}`,
    );
    objects.push(`{"type":"domain-name","id":"${id(140_000)}","value":"b.example","object_marking_refs":["${GREEN}"]}`);
    const content = utf8(
      `{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000000","objects":[${objects.join()}]}`,
    );
    const files = [{ path: "large.json", content }];
    const strictest = await holdAgainstMarkings({ dir } as Cli, files, { audience: "unit", isOwn: false });
    expect(strictest).toBe("green");
  } finally {
    await rm(dir, { recursive: true });
  }
});
