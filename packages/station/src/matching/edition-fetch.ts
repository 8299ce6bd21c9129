import { createHash } from "node:crypto";
import { type Bytes, err, type Fault, ok, type Result, sha256, toHex } from "@detente/basics";
import { PARTNER_KEY_BYTES, type SetCommitment, TagSet } from "@detente/match";
import type { Peer } from "../sync/peer.ts";
import { Turns } from "../turns.ts";
import type { Tags } from "./copy-operations.ts";
import type { EditionFile, SetFiles } from "./set-files.ts";
import type { MatchThreads } from "./threads.ts";

/** An edition of a partner's set as the record has it for this party. */
export interface WantedEdition {
  /** The set, by its leaf hash. */
  readonly set: string;
  readonly sequence: number;
  readonly committed: SetCommitment;
  readonly labelBytes: number;
  /** SHA-256 of the labels, in hex. */
  readonly labels: string;
}

/** From whom, and until when: a download may take hours, and is given up when the station stops. */
export interface Source {
  readonly peer: Peer | undefined;
  readonly signal: AbortSignal;
}

export type FetchFault = Fault<"not-given" | "wrong-copy">;

/** Bytes of all labels at most: 2^24 of 256 bytes. What a partner claims is written to this disk. */
const MAX_LABELS: number = 256 * 2 ** 24;
/** A tag takes 9 bytes at most, the heads of file and shards less than this. */
const [TAG_ROOM, HEAD_ROOM] = [9, 64 * 1024];
const PACE = { graceMs: 10_000, bytesPerSecond: 16 * 1024 } as const;
/** Which edition the files here are of: absent while they are not of one. */
const MARK = "edition";

/** Fetches editions of partners' sets and holds each against the record before it takes the place of the one before. */
export class EditionFetch {
  readonly #files: SetFiles;
  readonly #threads: MatchThreads;
  /** Large sets are read one after another: threads are for answers first. */
  readonly #turns: Turns = new Turns();

  constructor(files: SetFiles, threads: MatchThreads) {
    this.#files = files;
    this.#threads = threads;
  }

  /** This party's key for the set. @param digest what the record says of it, in hex */
  async partnerKey(source: Source, set: string, digest: string): Promise<Result<Bytes, FetchFault>> {
    const isRight = (key: Bytes): boolean => key.length === PARTNER_KEY_BYTES && toHex(sha256(key)) === digest;
    const held = await this.#files.read(set, "key");
    if (held !== undefined && isRight(held)) return ok(held);
    const fetched = await fetchFrom(source, `/match/${set}/key`, PARTNER_KEY_BYTES);
    if (!fetched.ok) return fetched;
    if (!isRight(fetched.value)) return wrong(source, "the key that it gives is not the one on the record");
    await this.#files.write(set, "key", fetched.value);
    return fetched;
  }

  /**
   * The tags of an edition, its labels on disk: what is here already, by a step from the edition before, or whole.
   * @param before the tags of the edition before, if that is the one whose files are here
   */
  async tags(source: Source, wanted: WantedEdition, before: TagSet | undefined): Promise<Result<TagSet, FetchFault>> {
    const size = wanted.labelBytes * wanted.committed.count;
    if (size > MAX_LABELS) return wrong(source, `its labels have ${size} bytes, at most ${MAX_LABELS} are taken`);
    const tags = (await this.#here(wanted)) ?? (await this.#byStep(source, wanted, before));
    return tags === undefined ? this.#whole(source, wanted) : ok(tags);
  }

  async #here({ set, committed, labels }: WantedEdition): Promise<TagSet | undefined> {
    const mark = await this.#files.read(set, MARK);
    const size = await this.#files.size(set, "tags");
    if (mark === undefined || size === undefined || Buffer.from(mark).toString() !== labels) return undefined;
    const path = this.#files.path(set, "tags");
    const read = await this.#turns.run(() => this.#threads.run("decodeFile", { path, committed }));
    return read.ok ? tagSetOf(read.value) : undefined;
  }

  /** Undefined where that cannot be done, whyever: the whole is fetched then. */
  async #byStep(source: Source, wanted: WantedEdition, before: TagSet | undefined): Promise<TagSet | undefined> {
    const { set, labelBytes, committed, labels } = wanted;
    if (before === undefined) return undefined;
    // Padded to a power of two.
    const most = 2 * (TAG_ROOM * (before.count + committed.count) + HEAD_ROOM);
    const delta = await this.#download(source, wanted, "delta", most);
    const added = delta.ok ? await this.#download(source, wanted, "new-labels", labelBytes * committed.count) : delta;
    if (!added.ok) return undefined;
    const order = { dir: this.#files.path(set, "."), before: halvesOf(before), labelBytes, committed, digest: labels };
    const applied = await this.#turns.run(() => this.#threads.run("applyStep", order));
    if (!applied.ok) return undefined;
    await this.#adopt(wanted);
    return tagSetOf(applied.value);
  }

  async #whole(source: Source, wanted: WantedEdition): Promise<Result<TagSet, FetchFault>> {
    const { set, committed, labelBytes } = wanted;
    const file = await this.#download(source, wanted, "tags", TAG_ROOM * committed.count + HEAD_ROOM);
    if (!file.ok) return file;
    const path = this.#files.path(set, "tags.part");
    const read = await this.#turns.run(() => this.#threads.run("decodeFile", { path, committed }));
    if (!read.ok) return wrong(source, read.fault.message);
    const labels = await this.#download(source, wanted, "labels", labelBytes * committed.count);
    if (!labels.ok) return labels;
    if (labels.value !== wanted.labels) return wrong(source, "its labels are not those on the record");
    await this.#adopt(wanted);
    return ok(tagSetOf(read.value));
  }

  /** Lets the parts take the place of the edition before, then says of which edition both are. */
  async #adopt({ set, labels }: WantedEdition): Promise<void> {
    await this.#files.remove(set, MARK);
    for (const name of ["labels", "tags"]) await this.#files.adopt(set, `${name}.part`, name);
    await this.#files.write(set, MARK, Buffer.from(labels));
    for (const name of ["delta", "new-labels"]) await this.#files.remove(set, `${name}.part`);
  }

  /** To the disk as it comes, as a part. @returns its digest, in hex */
  async #download(
    source: Source,
    wanted: WantedEdition,
    name: EditionFile,
    maxBytes: number,
  ): Promise<Result<string, FetchFault>> {
    const digest = createHash("sha256");
    const part = await this.#files.create(wanted.set, `${name}.part`);
    try {
      const sink = async (chunk: Bytes): Promise<void> => {
        digest.update(chunk);
        await part.writeFile(chunk);
      };
      const fetched = await fetchFrom(source, `/match/${wanted.set}/${wanted.sequence}/${name}`, maxBytes, sink);
      if (!fetched.ok) return fetched;
      await part.sync();
      return ok(digest.digest("hex"));
    } finally {
      await part.close();
    }
  }
}

async function fetchFrom(
  { peer, signal }: Source,
  path: string,
  maxBytes: number,
  sink?: (chunk: Bytes) => Promise<void>,
): Promise<Result<Bytes, FetchFault>> {
  if (peer === undefined) return err("not-given", "the partner cannot be reached");
  const timeoutMs = PACE.graceMs + (1000 * maxBytes) / PACE.bytesPerSecond;
  const wanted = { maxBytes, timeoutMs, pace: PACE, signal, ...(sink && { sink }) };
  const answer = await peer.client.request("GET", path, wanted);
  if (!answer.ok) return err("not-given", answer.fault.message);
  const { status, body } = answer.value;
  return status === 200 ? ok(body) : err("not-given", `${peer.name} answered ${status} to ${path}`);
}

function wrong({ peer }: Source, what: string): Result<never, Fault<"wrong-copy">> {
  return err("wrong-copy", `${peer?.name ?? "partner"}: ${what}; it is fetched again, and if that stays so, complain`);
}

function tagSetOf({ high, low }: Tags): TagSet {
  return new TagSet(high, low);
}

function halvesOf({ high, low }: TagSet): Tags {
  return { high, low };
}
