import {
  type Bytes,
  canonicalJsonBytes,
  equalBytes,
  err,
  type Fault,
  fromBase64,
  type Json,
  ok,
  type Result,
  utf8,
} from "@detente/basics";
import { parseItem, readStixObject } from "@detente/intel";
import { type ObjectsContent, type Opening, parseOpening, type ShareContent, verifyOpening } from "@detente/record";
import type { Policy } from "@detente/tlog";
import { amount, plain } from "../ui/text.ts";
import { type ProvenFiles, verifyStatement } from "./statement-proof.ts";
import type { Verdict } from "./verdict.ts";

/** That an item was shared, for somebody else to verify: `detente intel --proof … --json` prints it. */
export interface ItemProof {
  /** What the file says the item is; only the opening shows it. */
  readonly item: Json | undefined;
  readonly opening: Opening;
  readonly share: Required<ProvenFiles>;
}

/** Reads an item proof: `{item, opening, proof, leaf, body}`, the last two in base64. */
export function parseItemProof(value: {
  readonly [member: string]: Json | undefined;
}): Result<ItemProof, Fault<"bad-item-proof">> {
  const { item, opening, proof, leaf, body } = value;
  const parsed = opening === undefined ? undefined : parseOpening(canonicalJsonBytes(opening));
  const leafBytes = typeof leaf === "string" ? fromBase64(leaf) : undefined;
  const bodyBytes = typeof body === "string" ? fromBase64(body) : undefined;
  if (parsed?.ok !== true) return err("bad-item-proof", parsed?.fault.message ?? "opening: missing");
  if (typeof proof !== "string") return err("bad-item-proof", "proof: missing");
  if (leafBytes === undefined || bodyBytes === undefined)
    return err("bad-item-proof", "leaf and body: expected base64");
  return ok({ item, opening: parsed.value, share: { proof: utf8(proof), leaf: leafBytes, body: bodyBytes } });
}

/** Verifies that the share is on the record, and that the item stands in it. */
export function verifyItem({ item, opening, share }: ItemProof, policy: Policy): Verdict {
  const { checked, problems, says, details, body } = verifyStatement(share, policy);
  const shared = shareIn(body);
  const found = shared === undefined ? undefined : checkOpening(shared, opening);
  const isOther = item !== undefined && !equalBytes(bytesOf(item), opening.item);
  return {
    form: "item-proof",
    checked: [...checked, ...(found?.ok === true ? [found.value] : [])],
    problems: [
      ...problems,
      ...(problems.length === 0 && shared === undefined ? ["the statement is no share"] : []),
      ...(found?.ok === false ? [found.fault.message] : []),
      ...(isOther ? ["item: is not the one that the opening shows"] : []),
    ],
    says,
    details: { ...details, item: opening.index },
  };
}

/** What a statement shares: of a list of indicators, or of objects. */
export type SharedContent =
  | { readonly name: "open/share"; readonly content: ShareContent }
  | { readonly name: "open/objects"; readonly content: ObjectsContent };

function shareIn(body: { readonly name: string; readonly content: unknown } | undefined): SharedContent | undefined {
  return body?.name === "open/share" || body?.name === "open/objects" ? (body as SharedContent) : undefined;
}

/** An object stands in a proof as the text that it is, an indicator as JSON. */
function bytesOf(item: Json): Bytes {
  return typeof item === "string" ? utf8(item) : canonicalJsonBytes(item);
}

/** Checks that an item is in the collection of a share; gives the words for it. */
export function checkOpening({ name, content: { collection } }: SharedContent, opening: Opening): Result<string> {
  const verified = verifyOpening(collection, opening);
  if (!verified.ok) return verified;
  if (name === "open/objects") {
    const object = readStixObject(opening.item);
    const called = object.ok ? plain(object.value.id) : "something that is no object of STIX 2.1";
    return ok(
      `${called} is object ${opening.index} of the ${amount(collection.count, "object")} that the share commits to`,
    );
  }
  const item = parseItem(opening.item);
  if (!item.ok) return item;
  const { kind, value } = item.value;
  return ok(
    `${kind} ${plain(value)} is item ${opening.index} of the ${amount(collection.count, "item")} that the share commits to`,
  );
}
