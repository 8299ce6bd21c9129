import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Bytes, err, ok, utf8Decode } from "@detente/basics";
import { type FeedMirror, type FeedSource, isUuid, MAX_INDICATOR_FILE } from "@detente/intel";
import { exists, readWhole, replaceFile } from "../files.ts";
import { Trouble } from "../trouble.ts";

const MANIFEST = "manifest.json";

/** A feed in a directory. */
export function directorySource(dir: string): FeedSource {
  return {
    async read(name, maxBytes) {
      const path = join(dir, name);
      try {
        return ok(await readWhole(path, maxBytes));
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
        const code = (await exists(path)) ? "refused" : "not-found";
        return err(code, error.message);
      }
    },
  };
}

/** A feed in a directory of its own. */
export interface DirectoryMirror extends FeedMirror {
  /** UUIDs of the events that are there, whether the manifest names them or not. */
  events(): Promise<string[]>;
}

/**
 * A directory in which a feed is kept, made where it is not there. Its manifest is there before the first event, so that
 * it is known again after an interruption.
 * @throws Trouble for one that holds something else: its files would be taken for events
 */
export async function directoryMirror(dir: string): Promise<DirectoryMirror> {
  await mkdir(dir, { recursive: true });
  const names = await readdir(dir);
  if (names.length === 0) await replaceFile(join(dir, MANIFEST), "{}\n");
  else if (!names.includes(MANIFEST))
    throw new Trouble(dir, "holds something else than a feed", "name a directory that is empty or not there");
  return {
    async read(name): Promise<Bytes | undefined> {
      const path = join(dir, name);
      return (await exists(path)) ? readWhole(path, MAX_INDICATOR_FILE) : undefined;
    },
    write: (name, bytes) => replaceFile(join(dir, name), utf8Decode(bytes) ?? ""),
    remove: (name) => rm(join(dir, name), { force: true }),
    async events() {
      const files = (await readdir(dir)).filter((name) => name.endsWith(".json"));
      return files.map((name) => name.slice(0, -".json".length)).filter(isUuid);
    },
  };
}
