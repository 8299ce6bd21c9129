import { type MispShare, type MispShareItem, renderMispEvent } from "../misp/render-event.ts";
import type { BlockList } from "./block-list.ts";
import { type LeftOut, notInFormat, type Rendering } from "./rendering.ts";

/**
 * MISP events (core format), one for each share that has a ground in the list, as MISP's search answers them. Their ids
 * are those that `renderMispEvent` gives the shares everywhere.
 */
export function renderMispEvents(list: BlockList): Rendering {
  const leftOut: LeftOut[] = [];
  const shares = new Map<string, Omit<MispShare, "items"> & { readonly items: MispShareItem[] }>();
  for (const entry of list.entries) {
    if (entry.kind === "ja4") {
      leftOut.push({ entry, obstacle: notInFormat("MISP has no attribute type for it") });
      continue;
    }
    for (const { share, party, title, tlp, audience, at, index, item } of entry.grounds) {
      const known = shares.get(share);
      if (known === undefined) shares.set(share, { share, party, title, tlp, audience, at, items: [{ index, item }] });
      else known.items.push({ index, item });
    }
  }
  const response = [...shares.values()].map((share) => renderMispEvent(share).document);
  return { files: [{ name: "detente.misp.json", text: `${JSON.stringify({ response })}\n` }], leftOut };
}
