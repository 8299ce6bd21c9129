import { type Bytes, equalBytes, fromHex, present } from "@detente/basics";
import { TagSet } from "@detente/match";
import type { MatchEditionContent } from "@detente/record";
import type { AnswerStore } from "@detente/store";
import type { MatchSetReport } from "@detente/unit";
import type { UnitRuntime } from "../unit-runtime.ts";
import { offeredOf } from "./offered.ts";
import { copyOf, type SetCopy } from "./partner-copy.ts";
import type { SetFiles } from "./set-files.ts";
import type { MatchThreads } from "./threads.ts";

export interface KeptCopiesOptions {
  readonly party: string;
  readonly unit: () => UnitRuntime | undefined;
  /** Where the copies of sets are that can be asked. */
  readonly copies: SetFiles;
  /** Where what shows a lie is kept. */
  readonly evidence: SetFiles;
  readonly answers: Pick<AnswerStore, "isAsked">;
  readonly threads: MatchThreads;
}

/** Of one partner; a set of a million is 6 MB. */
const MOST = 64;

/**
 * What is left of partners' sets that are over and were asked: enough to lay each question open, so that nobody ends what
 * can be proven by taking its set back. Labels are not kept.
 */
export class KeptCopies {
  readonly #options: KeptCopiesOptions;

  constructor(options: KeptCopiesOptions) {
    this.#options = options;
  }

  /** Takes over what shows what a set has said, if it was asked; durable when it resolves. */
  async keep(set: string): Promise<void> {
    const { copies, evidence, answers } = this.#options;
    const isWhole = (await copies.size(set, "key")) !== undefined && (await copies.size(set, "tags")) !== undefined;
    if (!isWhole || !answers.isAsked(hex(set))) return;
    await evidence.write(set, "key", present(await copies.read(set, "key"), "a key, which was here"));
    await evidence.take(copies, set, "tags");
    await this.#prune(set);
  }

  /** The copy of a set that is over, in the last edition that was here; undefined where none is kept. */
  async open(party: string, report: MatchSetReport): Promise<SetCopy | undefined> {
    const { evidence, threads } = this.#options;
    const partnerKey = await evidence.read(report.hash, "key");
    if (partnerKey === undefined || (await evidence.size(report.hash, "tags")) === undefined) return undefined;
    const file = await threads.run("readFile", { path: evidence.path(report.hash, "tags") });
    const edition = file.ok ? this.#editionOf(report, file.value.root) : undefined;
    const offered = offeredOf(party, this.#options.party, { ...report, edition }, Number.NEGATIVE_INFINITY);
    if (!file.ok || edition === undefined || offered === undefined) return undefined;
    return copyOf(offered, partnerKey, new TagSet(file.value.high, file.value.low));
  }

  /** The edition whose set for this party has a root. */
  #editionOf({ hash, log, index }: MatchSetReport, root: Bytes): MatchSetReport["edition"] {
    const archive = this.#options.unit()?.archive;
    for (let i = (archive?.foldedSize(log) ?? 0) - 1; i > index; i--) {
      const { status, body } = archive?.fold.statement(log, i) ?? {};
      if (status?.state !== "effective" || body?.kind !== "match-edition" || body.of[0] !== hash) continue;
      const content = body.content as unknown as MatchEditionContent;
      const part = content.partners.find(({ party }) => party === this.#options.party);
      if (part !== undefined && equalBytes(hex(part.root), root)) return { index: i, content };
    }
    return undefined;
  }

  /** Forgets the oldest sets of the partner whose this one is: what it says fills no disk. */
  async #prune(set: string): Promise<void> {
    const { unit, evidence } = this.#options;
    const sets = unit()?.archive.fold.matchSets() ?? [];
    const log = sets.find(({ hash }) => hash === set)?.log;
    const kept: string[] = [];
    for (const one of sets) {
      if (one.log === log && (await evidence.size(one.hash, "tags")) !== undefined) kept.push(one.hash);
    }
    for (const old of kept.slice(0, -MOST)) {
      for (const name of ["tags", "key"]) await evidence.remove(old, name);
    }
  }
}

function hex(text: string): Bytes {
  return present(fromHex(text), "32 bytes in hex");
}
