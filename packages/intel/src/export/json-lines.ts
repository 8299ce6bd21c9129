import { canonicalJson } from "@detente/basics";
import type { BlockList } from "./block-list.ts";
import { cleanText } from "../text.ts";
import { instant, joinLines, type Rendering } from "./rendering.ts";

/** As long as a description may be; cleaned, since some readers of lines end them at more than a line feed. */
const MAX_TEXT = 1000;

/** JSON Lines: one canonical object (RFC 8785) for each indicator, with all of its grounds. */
export function renderJsonLines(list: BlockList): Rendering {
  const lines = list.entries.map(({ kind, value, expires, grounds }) =>
    canonicalJson({
      serial: list.serial,
      kind,
      value,
      expires: instant(expires),
      grounds: grounds.map(({ item, party, share, index, title, tlp }) => ({
        party: cleanText(party, MAX_TEXT),
        share,
        index,
        title: cleanText(title, MAX_TEXT),
        tlp,
        ...(item.confidence === undefined ? {} : { confidence: item.confidence }),
        ...(item.description === undefined ? {} : { description: cleanText(item.description, MAX_TEXT) }),
      })),
    }),
  );
  return { files: [{ name: "detente.jsonl", text: joinLines(lines) }], leftOut: [] };
}
