import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { type Bytes, err, type Fault, fromHex, ok, present, type Result, sha256, toHex } from "@detente/basics";
import { type AskedSet, PARTNER_KEY_BYTES, type PublishedSet, TagSet } from "@detente/match";
import type { PartnerEdition } from "@detente/record";
import type { MatchSetReport } from "@detente/unit";
import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { Peer } from "../sync/peer.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Tags } from "./operations.ts";
import type { SetFiles } from "./set-files.ts";
import type { MatchThreads } from "./threads.ts";

/** A partner's set as this party holds it. */
export interface SetCopy {
  readonly party: string;
  readonly report: MatchSetReport;
  /** What the record says of it, for this party. */
  readonly published: PublishedSet;
  readonly budget: number;
  readonly partnerKey: Bytes;
  readonly tags: TagSet;
  readonly labelBytes: number;
}

export interface CopiesOptions {
  readonly party: string;
  /** The origin of this party's log. */
  readonly origin: string;
  readonly unit: () => UnitRuntime | undefined;
  readonly files: SetFiles;
  readonly threads: MatchThreads;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** A set that the record has for this party, and its part of the newest edition. */
interface Offered {
  readonly party: string;
  readonly report: MatchSetReport;
  readonly edition: PartnerEdition;
  readonly sequence: number;
  readonly labelBytes: number;
}

const RETRY_MS = 3000;
/** Bytes of a set file and of a step at most: 2^24 tags of 9 bytes. */
const MAX_TAGS_FILE: number = 9 * 2 ** 24;
/** A step is put together in memory; larger labels are fetched whole, to the disk. */
const MAX_STEP: number = 256 * 1024 * 1024;
const PACE = { graceMs: 10_000, bytesPerSecond: 16 * 1024 } as const;

type FetchFault = Fault<"not-given" | "wrong-copy">;

/**
 * The partners' sets that are for this party, all of each and in step with the record, so that nothing is asked of a
 * partner to see whether something hits.
 */
export class Copies {
  readonly #options: CopiesOptions;
  readonly #held = new Map<string, SetCopy>();
  readonly #faults = new Map<string, string>();
  readonly #job: Job;

  constructor(options: CopiesOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, () => this.#step(), options.onFault);
  }

  /** The record may have changed. */
  wake(): void {
    this.#job.wake({ hurry: true });
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  /** The newest set of a partner that is for this party, as it is here. */
  of(party: string): SetCopy | undefined {
    const offered = this.#offered().find((one) => one.party === party);
    return offered === undefined ? undefined : this.#held.get(offered.report.hash);
  }

  /** What the record offers this party, and whether it is here in that edition; `fault` says why not. */
  list(): (Offered & { readonly isHere: boolean; readonly fault: string | undefined })[] {
    return this.#offered().map((offered) => {
      return { ...offered, isHere: this.#isHere(offered), fault: this.#faults.get(offered.report.hash) };
    });
  }

  async #step(): Promise<StepOutcome> {
    const offered = this.#offered();
    for (const hash of [...this.#held.keys()].filter((held) => !offered.some(({ report }) => report.hash === held))) {
      this.#held.delete(hash);
      await this.#options.files.forget(hash);
    }
    let failed = false;
    for (const one of offered) {
      if (this.#isHere(one)) continue;
      const copied = await this.#copy(one);
      if (copied.ok) this.#faults.delete(one.report.hash);
      else this.#faults.set(one.report.hash, copied.fault.message);
      failed ||= !copied.ok;
    }
    return failed ? { retryAfter: RETRY_MS } : "done";
  }

  #isHere({ report, edition }: Offered): boolean {
    const held = this.#held.get(report.hash);
    return (
      held !== undefined &&
      toHex(held.published.root) === edition.root &&
      held.report.edition?.index === report.edition?.index
    );
  }

  /** Of each party the newest set that is open and has an edition for this party. */
  #offered(): Offered[] {
    const { unit, party: self, origin } = this.#options;
    const runtime = unit();
    const offered = new Map<string, Offered>();
    for (const report of runtime?.archive.fold.matchSets() ?? []) {
      const content = report.edition?.content;
      const edition = content?.partners.find(({ party }) => party === self);
      const isForUs = report.terms.partners.some(({ party }) => party === self);
      if (report.log === origin || report.isWithdrawn || !isForUs || content === undefined || edition === undefined)
        continue;
      const party = runtime?.membership.nameOf(report.log) ?? report.log;
      offered.set(party, { party, report, edition, sequence: content.sequence, labelBytes: content.labelBytes });
    }
    return [...offered.values()];
  }

  async #copy(offered: Offered): Promise<Result<void, FetchFault>> {
    const { unit, files } = this.#options;
    const { party, report, edition } = offered;
    const peer = unit()
      ?.peers.list()
      .find(({ name }) => name === party);
    if (peer === undefined) return err("not-given", `${party} cannot be reached`);
    const partnerKey = await this.#partnerKey(peer, offered);
    if (!partnerKey.ok) return partnerKey;
    const tags = await this.#tags(peer, offered);
    if (!tags.ok) return tags;
    await files.write(report.hash, "edition.json", Buffer.from(JSON.stringify(edition)));
    this.#held.set(report.hash, this.#copyOf(offered, partnerKey.value, tags.value));
    return ok(undefined);
  }

  #copyOf({ party, report, edition, labelBytes }: Offered, partnerKey: Bytes, tags: TagSet): SetCopy {
    const terms = report.terms;
    const mine = present(
      terms.partners.find((one) => one.party === this.#options.party),
      "this party's terms",
    );
    const asked: AskedSet = { set: hex(report.hash), publicKey: hex(terms.key), answererKey: hex(terms.receipts) };
    const committed = { root: hex(edition.root), count: edition.count };
    const published = { ...asked, ...committed, partnerKeyDigest: hex(mine.key) };
    return { party, report, published, budget: mine.budget, partnerKey, tags, labelBytes };
  }

  async #partnerKey(peer: Peer, { report }: Offered): Promise<Result<Bytes, FetchFault>> {
    const { files, party } = this.#options;
    const isRight = (key: Bytes): boolean =>
      key.length === PARTNER_KEY_BYTES &&
      report.terms.partners.some((one) => one.party === party && one.key === toHex(sha256(key)));
    const held = await files.read(report.hash, "key");
    if (held !== undefined && isRight(held)) return ok(held);
    const fetched = await fetchFrom(peer, `/match/${report.hash}/key`, PARTNER_KEY_BYTES);
    if (!fetched.ok) return fetched;
    if (!isRight(fetched.value)) return wrong(peer, "the key that it gives is not the one on the record");
    await files.write(report.hash, "key", fetched.value);
    return fetched;
  }

  /** The tags of the edition, its labels on disk: what is here already, by a step from the edition before, or whole. */
  async #tags(peer: Peer, offered: Offered): Promise<Result<TagSet, FetchFault>> {
    const { files } = this.#options;
    const { report, edition } = offered;
    const committed = { root: hex(edition.root), count: edition.count };
    const on = await files.read(report.hash, "edition.json");
    if (on !== undefined && Buffer.from(on).toString() === JSON.stringify(edition)) {
      const file = await files.read(report.hash, "tags");
      const read = file && (await this.#options.threads.run("decode", { file, committed }));
      if (read?.ok === true) return ok(tagSetOf(read.value));
    }
    return (await this.#byStep(peer, offered, committed)) ?? this.#whole(peer, offered, committed);
  }

  async #byStep(
    peer: Peer,
    { report, edition, sequence, labelBytes }: Offered,
    committed: { readonly root: Bytes; readonly count: number },
  ): Promise<Result<TagSet, FetchFault> | undefined> {
    const { files, threads } = this.#options;
    const held = this.#held.get(report.hash);
    const isNext = held?.report.edition?.content.sequence === sequence - 1;
    if (held === undefined || !isNext || labelBytes * edition.count > MAX_STEP) return undefined;
    const delta = await fetchFrom(peer, `/match/${report.hash}/${sequence}/delta`, 2 * MAX_TAGS_FILE);
    const newLabels = delta.ok
      ? await fetchFrom(peer, `/match/${report.hash}/${sequence}/new-labels`, MAX_STEP)
      : delta;
    const labels = await files.read(report.hash, "labels");
    if (!delta.ok || !newLabels.ok || labels === undefined) return undefined;
    const { high, low } = held.tags;
    const before = { tags: { high, low }, labels };
    const step = { before, delta: delta.value, newLabels: newLabels.value, labelBytes, committed };
    const applied = await threads.run("applyStep", step);
    if (!applied.ok || toHex(sha256(applied.value.labels)) !== edition.labels) return undefined;
    // Not of one edition any more until both are written.
    await files.remove(report.hash, "edition.json");
    await files.write(report.hash, "labels", applied.value.labels);
    await files.write(report.hash, "tags", applied.value.file);
    return ok(tagSetOf(applied.value.tags));
  }

  async #whole(
    peer: Peer,
    { report, edition, sequence, labelBytes }: Offered,
    committed: { readonly root: Bytes; readonly count: number },
  ): Promise<Result<TagSet, FetchFault>> {
    const { files, threads } = this.#options;
    const file = await fetchFrom(peer, `/match/${report.hash}/${sequence}/tags`, MAX_TAGS_FILE);
    if (!file.ok) return file;
    const read = await threads.run("decode", { file: file.value, committed });
    if (!read.ok) return wrong(peer, read.fault.message);
    await files.remove(report.hash, "edition.json");
    await files.write(report.hash, "tags", file.value);
    const labels = await this.#fetchLabels(peer, report.hash, sequence, labelBytes * edition.count);
    if (!labels.ok) return labels;
    if (labels.value !== edition.labels) return wrong(peer, "its labels are not those on the record");
    await rename(files.path(report.hash, "labels.part"), files.path(report.hash, "labels"));
    return ok(tagSetOf(read.value));
  }

  /** To the disk as they come. @returns their digest, in hex */
  async #fetchLabels(peer: Peer, set: string, sequence: number, size: number): Promise<Result<string, FetchFault>> {
    const file = await open(this.#options.files.path(set, "labels.part"), "w", 0o600);
    try {
      const digest = createHash("sha256");
      const sink = async (chunk: Bytes): Promise<void> => {
        digest.update(chunk);
        await file.write(chunk);
      };
      const fetched = await fetchFrom(peer, `/match/${set}/${sequence}/labels`, size, sink);
      if (!fetched.ok) return fetched;
      await file.sync();
      return ok(digest.digest("hex"));
    } finally {
      await file.close();
    }
  }
}

async function fetchFrom(
  peer: Peer,
  path: string,
  maxBytes: number,
  sink?: (chunk: Bytes) => Promise<void>,
): Promise<Result<Bytes, FetchFault>> {
  const timeoutMs = PACE.graceMs + (1000 * maxBytes) / PACE.bytesPerSecond;
  const answer = await peer.client.request("GET", path, { maxBytes, timeoutMs, pace: PACE, ...(sink && { sink }) });
  if (!answer.ok) return err("not-given", answer.fault.message);
  const { status, body } = answer.value;
  return status === 200 ? ok(body) : err("not-given", `${peer.name} answered ${status} to ${path}`);
}

function wrong(peer: Peer, what: string): Result<never, Fault<"wrong-copy">> {
  return err("wrong-copy", `${peer.name}: ${what}; it is fetched again, and if that stays so, complain`);
}

function tagSetOf({ high, low }: Tags): TagSet {
  return new TagSet(high, low);
}

function hex(text: string): Bytes {
  return present(fromHex(text), "32 bytes in hex");
}
