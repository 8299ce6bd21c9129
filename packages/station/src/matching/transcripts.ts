import { type Bytes, err, type Fault, fromHex, ok, present, type Result, toBase64, utf8 } from "@detente/basics";
import { at, encodeTranscript } from "@detente/match";
import type { AnswerStore, KnownOutput } from "@detente/store";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Copies } from "./copies.ts";
import type { KeptCopies } from "./kept-copies.ts";
import type { SetCopy } from "./partner-copy.ts";
import { inputOf, type Question } from "./looked-up.ts";
import type { MatchThreads } from "./threads.ts";

export interface TranscriptsOptions {
  readonly unit: () => UnitRuntime | undefined;
  readonly copies: Copies;
  readonly kept: KeptCopies;
  readonly answers: AnswerStore;
  readonly threads: MatchThreads;
}

/** A question laid open, and the statements by which that is judged, by their leaf hashes. */
export interface Opened {
  /** In base64. */
  readonly transcript: string;
  readonly set: string;
  readonly edition: string;
}

export type TranscriptFault = Fault<"no-set" | "not-asked">;

/** Lays questions to partners open (docs/formats.md, Transcript). */
export class Transcripts {
  readonly #options: TranscriptsOptions;

  constructor(options: TranscriptsOptions) {
    this.#options = options;
  }

  /**
   * Lays one question open, of the newest epoch in which it was asked: whoever reads it learns this question and what
   * belongs to it, and this party's key for the set. A set that was taken back is no obstacle.
   * @param epoch the one that is meant, where it is not the newest
   */
  async open(partner: string, question: Question, epoch?: number): Promise<Result<Opened, TranscriptFault>> {
    const { unit, copies, kept, answers } = this.#options;
    const runtime = unit();
    const sets = (runtime?.archive.fold.matchSets() ?? []).filter(
      ({ log, terms }) => runtime?.membership.nameOf(log) === partner && (epoch === undefined || terms.epoch === epoch),
    );
    if (sets.length === 0) return err("no-set", `${partner}: the record has no such set of it`);
    const current = copies.of(partner);
    for (const report of sets.toReversed()) {
      const known = answers.find(hex(report.hash), inputOf(question));
      if (known?.from === undefined) continue;
      const copy = current?.report.hash === report.hash ? current : await kept.open(partner, report);
      if (copy !== undefined) return ok(await this.#opened(copy, question, known.output, known.from));
    }
    return err("not-asked", `${question.value}: was not asked of ${partner} while that set was here; look it up first`);
  }

  async #opened(
    { report, partnerKey, tags: { high, low } }: SetCopy,
    question: Question,
    output: Bytes,
    { exchange, place }: NonNullable<KnownOutput["from"]>,
  ): Promise<Opened> {
    const { unit, threads } = this.#options;
    const proof = await threads.run("proveTag", { tags: { high, low }, partnerKey, output });
    const { request, response, blinds, previous } = exchange;
    const blind: Bytes = at(blinds, place);
    const input = utf8(inputOf(question));
    const transcript = encodeTranscript({ request, response, index: place, input, blind, partnerKey, previous, proof });
    const { index } = present(report.edition, "an edition, or there were no copy");
    const { hash } = present(unit()?.archive.fold.statement(report.log, index), "a statement in effect");
    return { transcript: toBase64(transcript), set: report.hash, edition: hash };
  }
}

function hex(text: string): Bytes {
  return present(fromHex(text), "32 bytes in hex");
}
