import { type Bytes, err, type Fault, ok, present, type Result, toBase64, utf8 } from "@detente/basics";
import { at, encodeTranscript } from "@detente/match";
import type { AnswerStore } from "@detente/store";
import type { SetCopy } from "./partner-copy.ts";
import { inputOf, type Question } from "./looked-up.ts";
import type { MatchThreads } from "./threads.ts";

export type TranscriptFault = Fault<"no-set" | "not-asked">;

/**
 * Lays one question to a partner open (docs/formats.md, Transcript): whoever reads it learns this question and what
 * belongs to it, and this party's key for the set.
 * @returns the transcript in base64
 */
export async function transcriptOf(
  { answers, threads }: { readonly answers: AnswerStore; readonly threads: MatchThreads },
  { party, published, partnerKey, tags }: SetCopy,
  question: Question,
): Promise<Result<string, TranscriptFault>> {
  const input = inputOf(question);
  const known = answers.find(published.set, input);
  if (known?.from === undefined) {
    return err("not-asked", `${question.value}: was not asked of ${party} in this epoch; look it up first`);
  }
  const { exchange, place } = known.from;
  const { high, low } = tags;
  const proof = await threads.run("proveTag", { tags: { high, low }, partnerKey, output: known.output });
  const { request, response, blinds, previous } = exchange;
  const blind: Bytes = at(blinds, place);
  const open = { request, response, index: place, input: utf8(input), blind, partnerKey, previous, proof };
  return ok(toBase64(encodeTranscript(open)));
}

/** The statements against which a transcript is judged, by their leaf hashes. */
export function statementsFor(
  { report }: SetCopy,
  hashAt: (log: string, index: number) => string | undefined,
): {
  readonly set: string;
  readonly edition: string;
} {
  const index = present(report.edition, "an edition, or there were no copy").index;
  return { set: report.hash, edition: present(hashAt(report.log, index), "a statement in effect") };
}
