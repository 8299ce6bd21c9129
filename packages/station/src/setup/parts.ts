import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { ok, type Result } from "@detente/basics";
import {
  AnswerStore,
  BlobStore,
  BodyStore,
  type DirectoryLock,
  diskFault,
  type IndexStore,
  lockDirectory,
  LogStore,
  type ObjectStore,
  openIndex,
  openObjects,
  StateStore,
} from "@detente/store";
import { originHash } from "@detente/tlog";
import { Drawers } from "../exchange/release/drawers.ts";
import { restoreDrawers } from "../exchange/release/restore.ts";
import { Shelf } from "../exchange/release/shelf.ts";
import { IndexMark } from "../sync/index-mark.ts";
import { Book } from "../watch/book.ts";
import type { TlsIdentity } from "../wire/listen.ts";
import { loadConfig, type StationConfig } from "./config.ts";
import { KeyKeeper } from "./key-keeper.ts";
import { Opened } from "./opened.ts";
import { metricsToken, readToken } from "./token.ts";

/** What a data directory holds, opened for this process alone. */
export interface Parts {
  readonly lock: DirectoryLock;
  readonly config: StationConfig;
  readonly keeper: KeyKeeper;
  readonly token: string;
  readonly metricsToken: string;
  readonly tls: TlsIdentity | undefined;
  readonly state: StateStore;
  readonly bodies: BodyStore;
  readonly blobs: BlobStore;
  readonly index: IndexStore;
  readonly log: LogStore;
  /** The collections that TAXII clients read. */
  readonly objects: ObjectStore;
  /** What is known of blind functions. */
  readonly answers: AnswerStore;
  /** What was counted of this party's own telemetry. */
  readonly book: Book;
  /** What tools brought to be shared. */
  readonly shelf: Shelf;
}

/** Opens everything, or nothing: what was opened is closed again where the rest cannot be. */
export async function openParts(dir: string): Promise<Result<Parts>> {
  const config = await loadConfig(dir);
  if (!config.ok) return config;
  const lock = lockDirectory(dir);
  if (!lock.ok) return lock;
  const opened = new Opened();
  let parts: Result<Parts> | undefined;
  try {
    parts = await openLocked(dir, config.value, lock.value, opened);
    return parts;
  } catch (error) {
    const fault = diskFault(error);
    if (fault === undefined) throw error;
    return { ok: false, fault };
  } finally {
    if (parts?.ok !== true) {
      await opened.close();
      lock.value.release();
    }
  }
}

async function openLocked(
  dir: string,
  config: StationConfig,
  lock: DirectoryLock,
  opened: Opened,
): Promise<Result<Parts>> {
  const keeper = await KeyKeeper.open(dir);
  if (!keeper.ok) return keeper;
  const state = opened.keep(StateStore.open(`${dir}/state.sqlite`));
  if (!state.ok) return state;
  const bodies = opened.keep(await BodyStore.open({ directory: `${dir}/bodies` }));
  if (!bodies.ok) return bodies;
  const blobs = await BlobStore.open({ directory: `${dir}/blobs` });
  if (!blobs.ok) return blobs;
  const log = opened.keep(
    await LogStore.open({ directory: `${dir}/logs/${originHash(config.origin)}`, staged: "drop" }),
  );
  if (!log.ok) return log;
  const index = opened.keep(await openTrueIndex(dir, state.value));
  if (!index.ok) return index;
  const objects = opened.keep(openObjects(`${dir}/exchange.sqlite`, { now: Date.now }));
  if (!objects.ok) return objects;
  await mkdir(`${dir}/match`, { recursive: true, mode: 0o700 });
  const answers = opened.keep(AnswerStore.open(`${dir}/match/answers.sqlite`));
  if (!answers.ok) return answers;
  const shelf = await Shelf.read(state.value.release);
  const drawers = new Drawers(objects.value);
  await shelf.sweep(blobs.value, drawers);
  const restored = await restoreDrawers(shelf, drawers, blobs.value);
  if (!restored.ok) return restored;
  const secure = config.url.startsWith("https:");
  const tls = secure
    ? {
        key: await readFile(`${dir}/keys/tls-key.pem`, "utf8"),
        cert: await readFile(`${dir}/keys/tls-cert.pem`, "utf8"),
      }
    : undefined;
  return ok({
    lock,
    config,
    keeper: keeper.value,
    token: await readToken(dir),
    metricsToken: await metricsToken(dir, (length) => new Uint8Array(randomBytes(length))),
    tls,
    state: state.value,
    bodies: bodies.value,
    blobs: blobs.value,
    index: index.value,
    log: log.value,
    objects: objects.value,
    answers: answers.value,
    book: await Book.read(state.value.watch),
    shelf,
  });
}

/** An index that may say what the record does not is made anew; what a crash has left out of it is put in. */
async function openTrueIndex(dir: string, state: StateStore): Promise<Result<IndexStore>> {
  const mark = new IndexMark(state.config);
  if (await mark.isStale()) {
    await removeIndex(dir);
    await mark.fresh();
  }
  return openIndex(`${dir}/index.sqlite`);
}

/** What is in the index is made again from the record. @param dir the data directory */
export async function removeIndex(dir: string): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) await rm(`${dir}/index.sqlite${suffix}`, { force: true });
}
