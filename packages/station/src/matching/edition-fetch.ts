import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { type Bytes, err, type Fault, ok, type Result, sha256, toHex } from "@detente/basics";
import { PARTNER_KEY_BYTES, type SetCommitment, TagSet } from "@detente/match";
import type { Peer } from "../sync/peer.ts";
import type { Tags } from "./operations.ts";
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

export type FetchFault = Fault<"not-given" | "wrong-copy">;

/** Bytes of a set file at most: 2^24 tags of 9 bytes. */
const MAX_TAGS_FILE: number = 9 * 2 ** 24;
/** Bytes of all labels at most: 2^24 of 256 bytes. What a partner claims is written to this disk. */
const MAX_LABELS: number = 256 * 2 ** 24;
/** A step is put together in memory; larger labels are fetched whole, to the disk. */
const MAX_STEP: number = 256 * 1024 * 1024;
const PACE = { graceMs: 10_000, bytesPerSecond: 16 * 1024 } as const;
/** Which edition the files here are of: absent while they are not of one. */
const MARK = "edition";

/** Fetches editions of partners' sets and holds each against the record before it takes the place of the one before. */
export class EditionFetch {
  readonly #files: SetFiles;
  readonly #threads: MatchThreads;

  constructor(files: SetFiles, threads: MatchThreads) {
    this.#files = files;
    this.#threads = threads;
  }

  /** This party's key for the set. @param digest what the record says of it, in hex */
  async partnerKey(peer: Peer | undefined, set: string, digest: string): Promise<Result<Bytes, FetchFault>> {
    const isRight = (key: Bytes): boolean => key.length === PARTNER_KEY_BYTES && toHex(sha256(key)) === digest;
    const held = await this.#files.read(set, "key");
    if (held !== undefined && isRight(held)) return ok(held);
    const fetched = await fetchFrom(peer, `/match/${set}/key`, PARTNER_KEY_BYTES);
    if (!fetched.ok) return fetched;
    if (!isRight(fetched.value)) return wrong(peer, "the key that it gives is not the one on the record");
    await this.#files.write(set, "key", fetched.value);
    return fetched;
  }

  /**
   * The tags of an edition, its labels on disk: what is here already, by a step from the edition before, or whole.
   * @param before the tags of the edition before, if that is the one whose files are here
   */
  async tags(
    peer: Peer | undefined,
    wanted: WantedEdition,
    before: TagSet | undefined,
  ): Promise<Result<TagSet, FetchFault>> {
    const size = wanted.labelBytes * wanted.committed.count;
    if (size > MAX_LABELS) return wrong(peer, `its labels have ${size} bytes, at most ${MAX_LABELS} are taken`);
    const tags = (await this.#here(wanted)) ?? (await this.#byStep(peer, wanted, before));
    if (tags !== undefined) return ok(tags);
    const whole = await this.#whole(peer, wanted);
    return whole.ok ? ok(tagSetOf(whole.value)) : whole;
  }

  async #here({ set, committed, labels }: WantedEdition): Promise<TagSet | undefined> {
    const mark = await this.#files.read(set, MARK);
    const file = await this.#files.read(set, "tags");
    if (mark === undefined || file === undefined || Buffer.from(mark).toString() !== labels) return undefined;
    const read = await this.#threads.run("decode", { file, committed });
    return read.ok ? tagSetOf(read.value) : undefined;
  }

  /** Undefined where that cannot be done, whyever: the whole is fetched then. */
  async #byStep(
    peer: Peer | undefined,
    wanted: WantedEdition,
    before: TagSet | undefined,
  ): Promise<TagSet | undefined> {
    const { set, labelBytes, committed } = wanted;
    if (before === undefined || labelBytes * committed.count > MAX_STEP) return undefined;
    const delta = await fetchFrom(peer, pathOf(wanted, "delta"), 2 * MAX_TAGS_FILE);
    const newLabels = delta.ok ? await fetchFrom(peer, pathOf(wanted, "new-labels"), MAX_STEP) : delta;
    const labels = await this.#files.read(set, "labels");
    if (!delta.ok || !newLabels.ok || labels === undefined) return undefined;
    const { high, low } = before;
    const step = { delta: delta.value, newLabels: newLabels.value, labelBytes, committed };
    const applied = await this.#threads.run("applyStep", { before: { tags: { high, low }, labels }, ...step });
    if (!applied.ok || toHex(sha256(applied.value.labels)) !== wanted.labels) return undefined;
    await this.#files.remove(set, MARK);
    await this.#files.write(set, "labels", applied.value.labels);
    await this.#keep(wanted, applied.value.file);
    return tagSetOf(applied.value.tags);
  }

  async #whole(peer: Peer | undefined, wanted: WantedEdition): Promise<Result<Tags, FetchFault>> {
    const { set, committed, labelBytes } = wanted;
    const file = await fetchFrom(peer, pathOf(wanted, "tags"), MAX_TAGS_FILE);
    if (!file.ok) return file;
    const read = await this.#threads.run("decode", { file: file.value, committed });
    if (!read.ok) return wrong(peer, read.fault.message);
    await this.#files.remove(set, MARK);
    const labels = await this.#fetchLabels(peer, wanted, labelBytes * committed.count);
    if (!labels.ok) return labels;
    if (labels.value !== wanted.labels) return wrong(peer, "its labels are not those on the record");
    await rename(this.#files.path(set, "labels.part"), this.#files.path(set, "labels"));
    await this.#keep(wanted, file.value);
    return ok(read.value);
  }

  /** Once the labels are here: the tags, then the word that both are of one edition. */
  async #keep({ set, labels }: WantedEdition, file: Bytes): Promise<void> {
    await this.#files.write(set, "tags", file);
    await this.#files.write(set, MARK, Buffer.from(labels));
  }

  /** To the disk as they come. @returns their digest, in hex */
  async #fetchLabels(peer: Peer | undefined, wanted: WantedEdition, size: number): Promise<Result<string, FetchFault>> {
    const file = await open(this.#files.path(wanted.set, "labels.part"), "w", 0o600);
    try {
      const digest = createHash("sha256");
      const sink = async (chunk: Bytes): Promise<void> => {
        digest.update(chunk);
        await file.write(chunk);
      };
      const fetched = await fetchFrom(peer, pathOf(wanted, "labels"), size, sink);
      if (!fetched.ok) return fetched;
      await file.sync();
      return ok(digest.digest("hex"));
    } finally {
      await file.close();
    }
  }
}

function pathOf({ set, sequence }: WantedEdition, file: EditionFile): string {
  return `/match/${set}/${sequence}/${file}`;
}

async function fetchFrom(
  peer: Peer | undefined,
  path: string,
  maxBytes: number,
  sink?: (chunk: Bytes) => Promise<void>,
): Promise<Result<Bytes, FetchFault>> {
  if (peer === undefined) return err("not-given", "the partner cannot be reached");
  const timeoutMs = PACE.graceMs + (1000 * maxBytes) / PACE.bytesPerSecond;
  const answer = await peer.client.request("GET", path, { maxBytes, timeoutMs, pace: PACE, ...(sink && { sink }) });
  if (!answer.ok) return err("not-given", answer.fault.message);
  const { status, body } = answer.value;
  return status === 200 ? ok(body) : err("not-given", `${peer.name} answered ${status} to ${path}`);
}

function wrong(peer: Peer | undefined, what: string): Result<never, Fault<"wrong-copy">> {
  return err("wrong-copy", `${peer?.name ?? "partner"}: ${what}; it is fetched again, and if that stays so, complain`);
}

function tagSetOf({ high, low }: Tags): TagSet {
  return new TagSet(high, low);
}
