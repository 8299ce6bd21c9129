import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { openLabel, tagOf } from "@detente/match";
import { type HitLabel, parseLabel } from "./label.ts";
import type { SetCopy } from "./partner-copy.ts";
import type { PlaceReader } from "./set-files.ts";

/**
 * Whether a partner's set has what an output belongs to, and what its label says; null where it has not. A fault is one
 * of this item and says nothing of the others.
 * @param labels those of the copy
 */
export async function hitOf(
  labels: PlaceReader,
  { party, tags, partnerKey, labelBytes }: SetCopy,
  output: Bytes,
): Promise<Result<HitLabel | null, Fault<"bad-label">>> {
  const place = tags.find(tagOf(partnerKey, output));
  if (place === -1) return ok(null);
  const sealed = await labels.readAt(labelBytes * place, labelBytes);
  const text = openLabel(output, sealed);
  const label = text.ok ? parseLabel(text.value) : text;
  if (label.ok) return label;
  return err("bad-label", `${party}: ${label.fault.message}; \`detente match prove\` shows that its set has this one`);
}
