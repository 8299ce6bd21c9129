import { err, ok, type Result } from "@detente/basics";
import type { CharterDocument } from "@detente/record";
import { BlobStore, BodyStore, lockDirectory, LogStore, openIndex, StateStore } from "@detente/store";
import { originHash } from "@detente/tlog";
import { loadCharter } from "./setup/charter-file.ts";
import { loadConfig, type StationConfig } from "./setup/config.ts";
import { Opened } from "./setup/opened.ts";
import { removeIndex } from "./setup/parts.ts";
import { Archive } from "./sync/archive.ts";
import { Indexer } from "./sync/indexer.ts";
import { IndexMark } from "./sync/index-mark.ts";
import { ItemIndexing } from "./sync/item-indexing.ts";
import { Membership } from "./sync/membership.ts";

export interface Rebuilt {
  /** The digest of the unit's view, in hex, as the fold over the record on this disk gives it. */
  readonly digest: string;
  /** Entries read, of all logs. */
  readonly statements: number;
}

/** Entries read, and entries in the logs found so far: those of parties that joined later are found on the way. */
export type RebuildProgress = (done: number, total: number) => void;

/**
 * Throws the index of a data directory away and makes it anew from the record: logs, bodies and blobs. Asks nobody and
 * signs nothing. Fails with `in-use` while a station runs in the directory, with `no-unit` where no charter was
 * accepted, and as the stores do where files are damaged.
 */
export async function rebuildIndex(dir: string, onProgress?: RebuildProgress): Promise<Result<Rebuilt>> {
  const config = await loadConfig(dir);
  if (!config.ok) return config;
  const lock = lockDirectory(dir);
  if (!lock.ok) return lock;
  const opened = new Opened();
  try {
    const charter = await loadCharter(dir);
    if (!charter.ok) return charter;
    if (charter.value === undefined) {
      return err("no-unit", `${dir}: no charter has been accepted here, so there is no record to read`);
    }
    return await rebuildLocked(dir, config.value, charter.value, opened, onProgress);
  } finally {
    await opened.close();
    lock.value.release();
  }
}

async function rebuildLocked(
  dir: string,
  config: StationConfig,
  genesis: CharterDocument,
  opened: Opened,
  onProgress: RebuildProgress | undefined,
): Promise<Result<Rebuilt>> {
  const state = opened.keep(StateStore.open(`${dir}/state.sqlite`));
  if (!state.ok) return state;
  await removeIndex(dir);
  await new IndexMark(state.value.config).fresh();
  const bodies = opened.keep(await BodyStore.open({ directory: `${dir}/bodies` }));
  if (!bodies.ok) return bodies;
  const blobs = await BlobStore.open({ directory: `${dir}/blobs` });
  if (!blobs.ok) return blobs;
  const index = opened.keep(openIndex(`${dir}/index.sqlite`));
  if (!index.ok) return index;

  let total = 0;
  let statements = 0;
  const archive = new Archive(genesis, bodies.value, {
    async arrived(arrivals) {
      for (const share of await indexer.arrived(arrivals)) await indexing.want(share);
      await indexing.settled();
      statements += arrivals.length;
      onProgress?.(statements, total);
    },
  });
  const membership = new Membership(archive.fold, config.name);
  const indexer = new Indexer({
    fold: archive.fold,
    writer: index.value.writer,
    nameOf: (origin) => membership.nameOf(origin),
  });
  const indexing = new ItemIndexing({
    reader: index.value.reader,
    writer: index.value.writer,
    blobs: blobs.value,
    onChange: () => undefined,
    // Items that do not fit their share are not searched for here either; the station says so when they come in.
    onFault: () => undefined,
  });
  for (let origins = [config.origin]; origins.length > 0; origins = unread(membership, archive)) {
    for (const origin of origins) {
      const log = opened.keep(await LogStore.open({ directory: `${dir}/logs/${originHash(origin)}`, staged: "keep" }));
      if (!log.ok) return log;
      total += log.value.size;
      archive.attach(origin, log.value);
    }
    for (const origin of origins) await archive.advance(origin);
  }
  return ok({ digest: archive.fold.viewDigest("unit").digest, statements });
}

/** Logs that the record so far says this station mirrors, and that have not been read. */
function unread(membership: Membership, archive: Archive): string[] {
  return membership.origins().filter((origin) => archive.log(origin) === undefined);
}
