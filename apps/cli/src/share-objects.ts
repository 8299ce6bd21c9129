import { utf8Decode } from "@detente/basics";
import { indicatorsIn, type Item, MAX_INDICATOR_FILE, readStixBundle } from "@detente/intel";
import { readWhole } from "./files.ts";
import { Trouble } from "./trouble.ts";

/** Objects that are named; the rest is counted. */
const MAX_SHOWN = 20;

/** The STIX objects of files: bundles, TAXII envelopes or lists. */
export interface ReadObjects {
  /** As they stand in the files. */
  readonly objects: readonly string[];
  /** What they say to look for. */
  readonly indicators: readonly Item[];
  /** For people: what was left out, with file and place. */
  readonly findings: readonly string[];
  readonly rejected: number;
}

/** Takes bundles apart into their objects; a malformed one is left out and named. */
export async function readObjectFiles(paths: readonly string[]): Promise<ReadObjects> {
  const objects: string[] = [];
  const indicators: Item[] = [];
  const findings: string[] = [];
  let rejected = 0;
  for (const path of paths) {
    const bundle = readStixBundle(await readWhole(path, MAX_INDICATOR_FILE));
    if (!bundle.ok) throw new Trouble(path, bundle.fault.message, "give a STIX 2.1 bundle, or leave out --whole");
    for (const [i, object] of bundle.value.objects.entries()) {
      if (object.ok) {
        objects.push(utf8Decode(object.value.bytes) ?? "");
        indicators.push(...indicatorsIn(object.value));
      } else if (rejected++ < MAX_SHOWN) findings.push(`${path}: objects[${i}]: ${object.fault.message}`);
    }
  }
  if (rejected > MAX_SHOWN) findings.push(`and ${rejected - MAX_SHOWN} more like these`);
  return { objects, indicators, findings, rejected };
}
