import type { EquivocationContent } from "@detente/record";
import type { Speaker } from "./speaker.ts";

/** Puts a proof that a log has two versions on this party's record; false where that cannot be done now. */
export async function accuse(speaker: Speaker, content: EquivocationContent): Promise<boolean> {
  const { first, second, log, proof } = content;
  const stated = await speaker.state({
    type: "observe",
    kind: "equivocation",
    of: [],
    audience: "unit",
    content: { log, first, second, ...(proof === undefined ? {} : { proof }) },
  });
  return stated.ok;
}
