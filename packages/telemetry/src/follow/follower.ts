import { documentFormat } from "@detente/screen";
import type { Content } from "../content/content.ts";
import type { FileStatus, LogFile } from "../content/log-file.ts";
import { CutWhileRead } from "../content/plain-content.ts";
import { EDGE_BYTES, Tracker } from "../content/tracker.ts";
import { type InputFault, unreadable } from "../faults.ts";
import type { Entry } from "../state/entry.ts";
import { copyOf } from "./copies.ts";
import { findInputs, type InputFile, inodeOf } from "./find-inputs.ts";
import { LogReader, type ReaderOptions } from "./log-reader.ts";
import { OpenLogs } from "./open-logs.ts";
import { newIdentity, recognise } from "./recognise.ts";

/** A file that has not changed for so long is not in the middle of being written: milliseconds. */
const QUIET_MS = 30_000;

export interface FollowerOptions<Ref> extends ReaderOptions<Ref> {
  /** Told once what is wrong with an input. */
  readonly onFault: (fault: InputFault) => void;
  readonly maxUnpacked: number;
  /** Milliseconds since the epoch, by which the age of files is judged. */
  readonly now: () => number;
  /** Whether nothing is waited for: what is there is all there is, last lines without an end included. */
  readonly isOnce: boolean;
}

/** How a file stands of which not all was read. */
const UNREAD = { size: "", mtime: "" };

type Place = Pick<InputFile, "path" | "isLive">;

/** Reads the logs behind some names as far as they go, each time it looks. */
export class Follower<Ref> {
  readonly #names: readonly string[];
  readonly #options: FollowerOptions<Ref>;
  readonly #reader: LogReader<Ref>;
  readonly #open: OpenLogs;
  /** By inode, how a file stood when all of it had been read. */
  readonly #finished = new Map<string, string>();
  readonly #told = new Set<string>();
  /** Between two rotations a log may be missing for a moment; one that is missing from the first is worth a word. */
  #hasLooked = false;
  /** Whether something was renamed or cut just while it was looked at. */
  #isUnsettled = false;

  constructor(names: readonly string[], options: FollowerOptions<Ref>) {
    this.#names = names;
    this.#options = options;
    this.#reader = new LogReader(options);
    this.#open = new OpenLogs(options.maxUnpacked);
  }

  /**
   * Reads what the logs have grown by: first those that are known, then those that are new.
   * Resolves with whether all could be read, because nothing was renamed or cut meanwhile.
   */
  async look(): Promise<boolean> {
    const { state, signal } = this.#options;
    this.#isUnsettled = false;
    const { files, faults } = await findInputs(this.#names, state);
    for (const fault of faults) if (fault.code !== "nothing" || !this.#hasLooked) this.#tell(fault);
    this.#hasLooked = true;
    const entries = state.entries();
    const byInode = new Map(entries.map((entry) => [inodeOf(entry), entry]));
    const lost = new Map(entries.map((entry) => [entry.id, entry]));
    const unknown: InputFile[] = [];
    for (const file of files) {
      if (signal.aborted) return true;
      const entry = byInode.get(inodeOf(file));
      if (entry !== undefined && (await this.#goOn(file, entry))) lost.delete(entry.id);
      else unknown.push(file);
    }
    await this.#goOnWithoutName(new Set(files.map(inodeOf)), byInode, lost);
    const others = entries.filter(({ id }) => !lost.has(id));
    for (const file of unknown) {
      if (signal.aborted) return true;
      await this.#begin(file, lost, others);
    }
    return !this.#isUnsettled;
  }

  async close(): Promise<void> {
    await this.#open.close();
  }

  /** Reads on in a file whose inode is known; false where it holds something else by now. */
  async #goOn(file: InputFile, entry: Entry): Promise<boolean> {
    if (this.#isFinished(file, entry)) return true;
    return this.#withLog(inodeOf(file), file, (log, status) => this.#readAfter(entry, file, log, status));
  }

  /** Reads on in logs that are held open though nothing of their name is in sight: moved elsewhere, or removed. */
  async #goOnWithoutName(
    inSight: ReadonlySet<string>,
    byInode: ReadonlyMap<string, Entry>,
    lost: Map<string, Entry>,
  ): Promise<void> {
    for (const [inode, held] of this.#open.held()) {
      const entry = byInode.get(inode);
      if (inSight.has(inode) || entry === undefined) continue;
      // Whoever writes it may not have noticed yet.
      const place = { path: entry.path, isLive: !this.#isQuiet(await held.status()) };
      const isSame = await this.#withLog(inode, place, (log, status) => this.#readAfter(entry, place, log, status));
      if (isSame) lost.delete(entry.id);
    }
  }

  /** Begins with a file that is not known, or goes on in it with a log that was read under another inode. */
  async #begin(file: InputFile, lost: Map<string, Entry>, others: readonly Entry[]): Promise<void> {
    if (!file.isRegular) {
      const what = "cannot be read again, so no place in it can be kept — leave out --state and --follow";
      return this.#tell({ code: "unreadable", message: `${file.path}: ${what}` });
    }
    const { isOnce, maxUnpacked } = this.#options;
    await this.#withLog(inodeOf(file), file, async (log, status) => {
      const copy = this.#isQuiet(status) ? undefined : await copyOf(log, others, maxUnpacked);
      this.#isUnsettled ||= copy === "unsettled";
      if (copy === "unsettled" || (copy === "copy" && !isOnce)) return true;
      const known = await recognise(log, [...lost.values()]);
      if (known !== undefined) {
        lost.delete(known.entry.id);
        await this.#read(known.entry, known.content, file, log, status);
        return true;
      }
      const first = await log.first(EDGE_BYTES);
      const document = documentFormat(first);
      if (document !== undefined) {
        const what = `is ${document === "dnstap" ? document : "mail"}, which is screened whole`;
        this.#tell({ code: "unreadable", message: `${file.path}: ${what} — leave out --state and --follow` });
        return true;
      }
      const isWaiting = !isOnce && !first.includes(0x0a) && first.length < EDGE_BYTES && file.isLive;
      const content = isWaiting ? undefined : await log.from(0);
      if (content !== undefined) await this.#read(this.#newEntry(file, first), content, file, log, status);
      return true;
    });
  }

  #newEntry({ name, path, dev, ino }: InputFile, first: Uint8Array): Entry {
    const { state } = this.#options;
    const id = newIdentity({ dev, ino }, first, (taken) => state.entry(taken) !== undefined);
    const file = { dev: String(dev), ino: String(ino), size: "", mtime: "" };
    const nothing = { format: null, read: new Tracker().fingerprint(), parts: [], rest: null, journal: 0 };
    return { v: 1, id, serial: state.nextSerial, name, path, ...file, ...nothing };
  }

  async #readAfter(entry: Entry, place: Place, log: LogFile, status: FileStatus): Promise<boolean> {
    const content = await log.after(entry.read);
    if (content === undefined) return false;
    await this.#read(entry, content, place, log, status);
    return true;
  }

  async #read(from: Entry, content: Content, place: Place, log: LogFile, status: FileStatus): Promise<void> {
    const { isOnce, signal } = this.#options;
    const file = { path: place.path, dev: String(status.dev), ino: String(status.ino) };
    const stands = { size: String(status.size), mtime: String(status.mtimeNs) };
    try {
      // How far a plain file was read tells whether it was read to its end; a packed one must say so.
      let entry = { ...from, ...file, ...(log.isPacked ? UNREAD : stands) };
      entry = await this.#reader.readOn(entry, content);
      if (signal.aborted) return;
      const isQuiet = isOnce || this.#isQuiet(status);
      const fault = content.fault();
      if (fault !== undefined && isQuiet) this.#tell(fault);
      const isWhole = isOnce || (log.isPacked && fault === undefined) || (isQuiet && !place.isLive);
      if (isWhole) entry = await this.#reader.readRest(entry, content);
      const hasMore = !isWhole && (await content.rest()) !== undefined;
      await this.#putDown({ ...entry, ...(hasMore || fault !== undefined ? UNREAD : stands) });
      const isPending = !isQuiet && (fault !== undefined || (hasMore && !place.isLive));
      if (!isPending) this.#finished.set(inodeOf(status), standing(status));
    } finally {
      await content.close();
    }
  }

  #isQuiet({ mtimeNs, ctimeNs }: FileStatus): boolean {
    const changed = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
    return this.#options.now() - Number(changed / 1_000_000n) >= QUIET_MS;
  }

  async #putDown(entry: Entry): Promise<void> {
    const { state } = this.#options;
    if (JSON.stringify(entry) !== JSON.stringify(state.entry(entry.id))) await state.commit(entry);
  }

  /** Whether all of a file was read as it stands, also for the current list what is behind its last line end. */
  #isFinished(file: InputFile, { size, mtime, read, rest, path }: Entry): boolean {
    if (path !== file.path || (rest !== null && rest.list !== this.#options.watchList().version)) return false;
    if (this.#finished.get(inodeOf(file)) === standing(file)) return true;
    return `${size} ${mtime}` === standing(file) && read.offset + (rest?.length ?? 0) >= Number(size);
  }

  /** Uses the log of an inode; true, and nothing done, where it has just lost its name or cannot be read. */
  async #withLog(
    inode: string,
    { path, isLive }: Place,
    use: (log: LogFile, status: FileStatus) => Promise<boolean>,
  ): Promise<boolean> {
    let log: LogFile | undefined;
    let isKept = false;
    try {
      log = await this.#open.get(inode, path);
      const status = await log.status();
      this.#isUnsettled ||= inodeOf(status) !== inode;
      if (inodeOf(status) !== inode) return true;
      const isSame = await use(log, status);
      isKept = isLive && !log.isPacked && !this.#options.isOnce;
      if (isKept) await this.#open.keep(inode, log);
      return isSame;
    } catch (error) {
      await this.#options.state.rollback();
      const { code } = error as NodeJS.ErrnoException;
      if (error instanceof CutWhileRead || code === "ENOENT") this.#isUnsettled = true;
      else if (code === undefined) throw error;
      else this.#tell(unreadable(path, error).fault);
      return true;
    } finally {
      if (log !== undefined && !isKept) await this.#open.drop(inode, log);
    }
  }

  #tell(fault: InputFault): void {
    if (this.#told.has(fault.message)) return;
    this.#told.add(fault.message);
    this.#options.onFault(fault);
  }
}

function standing({ size, mtimeNs }: Pick<FileStatus, "size" | "mtimeNs">): string {
  return `${size} ${mtimeNs}`;
}
