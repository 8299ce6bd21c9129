import { type Bytes, err, type Fault, type Json, ok, type Result } from "@detente/basics";
import {
  checkContent,
  type ItemsSummary,
  ItemsWriter,
  MAX_ITEMS,
  type PiecedBlob,
  type ShareContent,
} from "@detente/record";
import { Pace } from "@detente/store";
import type { ShareInput } from "../api/contract.ts";

export interface DraftedShare {
  readonly content: ShareContent;
  /** Of the blob. */
  readonly pieces: PiecedBlob["pieces"];
}

type DraftFault = Fault<"bad-item" | "bad-statement" | "too-large">;

/** Makes what a share says and the blob of its items; a station goes on answering meanwhile. */
export async function draftShare(input: ShareInput, key: Bytes): Promise<Result<DraftedShare, DraftFault>> {
  const items = await draftItems(input.items, key);
  if (!items.ok) return items;
  const { pieces, ...summary } = items.value;
  const { title, tlp, source } = input;
  const content: ShareContent = { title, tlp, ...summary, ...(source === undefined ? {} : { source }) };
  const said = checkContent("open", "share", content as unknown as Json);
  return said.ok ? ok({ content, pieces }) : err("bad-statement", said.fault.message);
}

async function draftItems(
  items: readonly Json[],
  key: Bytes,
): Promise<Result<ItemsSummary & PiecedBlob, Fault<"bad-item" | "too-large">>> {
  if (items.length === 0 || items.length > MAX_ITEMS) {
    return err("bad-item", `items: a share has 1 to ${MAX_ITEMS} indicators`);
  }
  const writer = new ItemsWriter(key, items.length);
  const pace = new Pace();
  for (const item of items) {
    if (pace.isOver) await pace.rest();
    const pushed = writer.push(item);
    if (!pushed.ok) return err("bad-item", pushed.fault.message);
  }
  return writer.end();
}
