import {
  type Bytes,
  concatBytes,
  equalBytes,
  err,
  type Fault,
  fromHex,
  ok,
  present,
  type Result,
  sha256,
} from "@detente/basics";
import {
  batchesOf,
  contentsMessage,
  type Doubling,
  doublingPart,
  MAX_BATCH,
  proofOf,
  readCounted,
} from "@detente/match";
import type { MeetingList } from "@detente/record";
import type { MatchThreads } from "../matching/threads.ts";
import type { MeetingFolder, OwnSide } from "./folder.ts";
import { inParts, PART } from "./in-parts.ts";
import { elementsOf } from "./own-list.ts";

/** What can be held against the other side by its own messages, and by one that is not what the record names. */
export type WorkFault = Fault<
  "not-committed" | "bad-message" | "bad-element" | "bad-proof" | "not-as-counted" | "wrong-count"
>;

/** What both have committed to. */
export interface Lists {
  readonly ours: MeetingList;
  readonly theirs: MeetingList;
}

export interface WorkOptions {
  readonly threads: MatchThreads;
  readonly folder: MeetingFolder;
  /** Told how many elements of how many are done. */
  readonly onProgress: (doing: string, done: number, total: number) => void;
}

const HEAD_BYTES = 5;

/** The mathematics of one meeting: every message is on the disk before anybody gets it, and made once. */
export class MeetingWork {
  readonly #options: WorkOptions;

  constructor(options: WorkOptions) {
    this.#options = options;
  }

  /** Erases this party's key and list, which nothing more is made of: on the disk, and what threads have of them. */
  async forget(): Promise<void> {
    const { folder, threads } = this.#options;
    if (!(await folder.isEntered())) return;
    await folder.forgetSide();
    threads.renew();
  }

  /** Takes the other's list as it is here, and makes our message `counted` of it. @returns the message's digest */
  async double({ prover }: OwnSide, { theirs }: Lists): Promise<Result<Bytes, WorkFault>> {
    const { threads, folder, onProgress } = this.#options;
    const known = await folder.message("counted");
    if (known !== undefined) return ok(sha256(known));
    const message = await this.#message("their-list");
    const committed = { count: theirs.count, digest: hex(theirs.digest) };
    const list = await threads.run("checkList", { committed, message });
    if (!list.ok) return list;
    const blinded = list.value;
    const doubled: Bytes[] = [];
    for (const part of await inParts(
      threads,
      theirs.count,
      PART,
      (from, to) => threads.run("multiplyPart", { key: prover.key, elements: elementsOf(blinded, from, to) }),
      (done) => onProgress("counting", done, theirs.count),
    )) {
      if (!part.ok) return part;
      doubled.push(part.value);
    }
    const all = concatBytes(...doubled);
    await folder.keepMessage("doubled", all);
    const counted = await threads.run("countedMessage", all);
    await folder.keepMessage("counted", counted);
    return ok(sha256(counted));
  }

  /** @param digest of the other's message, as the record has it, in hex */
  async count({ ours, theirs }: Lists, digest: string): Promise<Result<number, WorkFault>> {
    const message = await this.#committed("their-counted", digest);
    if (!message.ok) return message;
    const messages = { ours: await this.#message("counted"), theirs: message.value };
    return this.#options.threads.run("countCommon", { messages, counts: { ours: ours.count, theirs: theirs.count } });
  }

  /** Makes our message `contents`. @returns its digest */
  async prove({ prover }: OwnSide, { theirs }: Lists): Promise<Bytes> {
    const { threads, folder, onProgress } = this.#options;
    const known = await folder.message("contents");
    if (known !== undefined) return sha256(known);
    const blinded = (await this.#message("their-list")).slice(HEAD_BYTES);
    const doubled = await this.#message("doubled");
    const all: Doubling = { blinded, doubled };
    const proofs = await inParts(
      threads,
      theirs.count,
      MAX_BATCH,
      (from) => threads.run("provePart", { prover, part: doublingPart(all, from / MAX_BATCH) }),
      (done) => onProgress("proving", done, theirs.count),
    );
    const message = contentsMessage(doubled, proofs);
    await folder.keepMessage("contents", message);
    return sha256(message);
  }

  /** Which of our inputs the other has too, by its message `contents`. @param digest as the record has it, in hex */
  async learn(
    { inputs }: OwnSide,
    { ours, theirs }: Lists,
    digest: string,
  ): Promise<Result<readonly string[], WorkFault>> {
    const { threads, onProgress } = this.#options;
    const message = await this.#committed("their-contents", digest);
    if (!message.ok) return message;
    const counted = readCounted(await this.#message("their-counted"), ours.count);
    if (!counted.ok) return counted;
    const order = { message: message.value, count: ours.count, counted: counted.value };
    const shown = await threads.run("checkContents", order);
    if (!shown.ok) return shown;
    const { elements, proofs } = shown.value;
    const all: Doubling = { blinded: (await this.#message("list")).slice(HEAD_BYTES), doubled: elements };
    const verified = await inParts(
      threads,
      batchesOf(ours.count),
      1,
      (i) =>
        threads.run("verifyPart", {
          publicKey: hex(theirs.key),
          part: doublingPart(all, i),
          proof: proofOf(proofs, i),
        }),
      (done) => onProgress("verifying", Math.min(MAX_BATCH * done, ours.count), ours.count),
    );
    const bad = verified.find((part) => !part.ok);
    if (bad !== undefined && !bad.ok) return bad;
    const sent = (await this.#message("counted")).slice(HEAD_BYTES);
    const places = await threads.run("commonPlaces", { shown: elements, ours: sent });
    return ok(places.flatMap((place) => inputs[place] ?? []));
  }

  /** A message of the other's that is the one on the record. */
  async #committed(name: "their-counted" | "their-contents", digest: string): Promise<Result<Bytes, WorkFault>> {
    const message = await this.#message(name);
    if (equalBytes(sha256(message), hex(digest))) return ok(message);
    return err("not-committed", `meeting: the message ${name} is not the one on the record`);
  }

  async #message(name: Parameters<MeetingFolder["message"]>[0]): Promise<Bytes> {
    return present(await this.#options.folder.message(name), `the message ${name}, which came before`);
  }
}

function hex(text: string): Bytes {
  return present(fromHex(text), "hexadecimal");
}
