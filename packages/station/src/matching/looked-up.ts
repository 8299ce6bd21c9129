import { type Bytes, err, type Fault, ok, present, type Result, utf8Decode } from "@detente/basics";
import { matchInput, MAX_BATCH, openLabel, tagOf } from "@detente/match";
import type { Indicator } from "@detente/record";
import { type HitLabel, parseLabel } from "./label.ts";
import type { SetCopy } from "./partner-copy.ts";
import type { PlaceReader } from "./set-files.ts";

export type Question = Pick<Indicator, "kind" | "value">;

/** An indicator that was looked up, and what the partner's label says where its set has it. */
export interface LookedUp extends Question {
  readonly hit: HitLabel | null;
  /** Why it is not known whether this is a hit: the set has it, and what is behind it does not belong to it. */
  readonly fault?: string;
}

/** What is put into the function for a question. */
export function inputOf(question: Question): string {
  return utf8Decode(matchInput(question)) ?? "";
}

/**
 * Looks up what was asked: here, so that the partner does not learn what hits.
 * @param labels those of the copy
 * @param outputs by input, of all questions
 */
export async function lookedUp(
  labels: PlaceReader,
  copy: SetCopy,
  questions: readonly Question[],
  outputs: ReadonlyMap<string, Bytes>,
): Promise<LookedUp[]> {
  const rows: LookedUp[] = [];
  // Many at once: the disk has most of them ready, and each alone would wait for a turn.
  for (let first = 0; first < questions.length; first += MAX_BATCH) {
    const found = questions.slice(first, first + MAX_BATCH).map(async ({ kind, value }): Promise<LookedUp> => {
      const output = present(outputs.get(inputOf({ kind, value })), "an output of what was asked");
      const hit = await hitOf(labels, copy, output);
      return { kind, value, ...(hit.ok ? { hit: hit.value } : { hit: null, fault: hit.fault.message }) };
    });
    rows.push(...(await Promise.all(found)));
  }
  return rows;
}

/**
 * Whether a partner's set has what an output belongs to, and what its label says; null where it has not. A fault is one
 * of this item and says nothing of the others.
 */
async function hitOf(
  labels: PlaceReader,
  { party, tags, partnerKey, labelBytes }: SetCopy,
  output: Bytes,
): Promise<Result<HitLabel | null, Fault<"bad-label">>> {
  const place = tags.find(tagOf(partnerKey, output));
  if (place === -1) return ok(null);
  const text = openLabel(output, await labels.readAt(labelBytes * place, labelBytes));
  const label = text.ok ? parseLabel(text.value) : text;
  if (label.ok) return label;
  return err("bad-label", `${party}: ${label.fault.message}; \`detente match prove\` shows that its set has this one`);
}
