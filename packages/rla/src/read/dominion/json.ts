import { ok, type Result } from "@detente/basics";
import type { CardBlock, CvrOptions, CvrReading } from "../cards.ts";
import { BlockBuilder } from "../block-builder.ts";
import { type ReadFault, readFault } from "../fault.ts";
import { baseName, type FileSet } from "../file-set.ts";
import { readJson } from "../json/read-json.ts";
import { dominionContests, type DominionContests } from "./manifests.ts";
import { SESSION, SessionReader } from "./session.ts";

/**
 * Reads the cast-vote records that Dominion Democracy Suite exports as JSON (as San Francisco and Alaska publish them):
 * `CvrExport.json` or many `CvrExport_N.json`, with `ContestManifest.json` and `CandidateManifest.json`. Other files of
 * the export hold no cards and are passed over.
 *
 * @param name for what concerns all of the files
 */
export async function readDominionJson(
  files: FileSet,
  name: string,
  options: CvrOptions,
): Promise<Result<CvrReading, ReadFault>> {
  const read = await dominionContests(files, name);
  if (!read.ok) return read;
  const finished = read.value.contests.finish();
  if (!finished.ok) return { ok: false, fault: readFault(name, 1, finished.fault) };
  const blocks: CvrReading["blocks"] = () => blocksOf(files, name, read.value, options);
  return ok({ format: "dominion-json", election: "", contests: finished.value, blocks });
}

async function* blocksOf(
  files: FileSet,
  name: string,
  contests: DominionContests,
  options: CvrOptions,
): AsyncGenerator<Result<CardBlock, ReadFault>> {
  const sessions = new SessionReader(contests);
  const builder = new BlockBuilder(options);
  let exports = 0;
  for await (const entry of files()) {
    if (!entry.ok) return yield entry;
    const file = entry.value;
    if (!/^cvrexport.*\.json$/i.test(baseName(file.name))) continue;
    exports++;
    for await (const part of readJson(file.name, file.chunks(), { Sessions: SESSION })) {
      if (!part.ok) return yield part;
      const { key, isElement, values, lines } = part.value;
      if (key !== "Sessions" || !isElement) continue;
      for (const [i, session] of values.entries()) {
        const fault = builder.addAll(file.name, lines[i] as number, session, (value) => sessions.cards(value));
        if (fault !== undefined) break;
      }
      yield* builder.take();
      if (builder.refused !== undefined) return yield { ok: false, fault: builder.refused };
    }
  }
  if (exports === 0) {
    const message = "has no CvrExport.json; give the export whole";
    yield { ok: false, fault: readFault(name, 1, { code: "missing-file", message }) };
  }
}
