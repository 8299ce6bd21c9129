import { type Bytes, toHex } from "@detente/basics";
import { type Body, isHeadsLeaf, type Leaf, parseBody, parseLeaf } from "@detente/record";
import { leafHash, parseTlogProof, type Policy, verifyTlogProof } from "@detente/tlog";
import { amount, audienceText, moment, plain, short } from "../ui/text.ts";
import type { Verdict } from "./verdict.ts";

/** A statement with its proof as it came in files. */
export interface ProvenFiles {
  readonly proof: Bytes;
  /** The entry of the log. */
  readonly leaf: Bytes;
  readonly body?: Bytes | undefined;
}

export type StatementVerdict = Verdict & { readonly leaf?: Leaf; readonly body?: Body };

/** Verifies that an entry is in a log of the policy, and that the body is the one that it names. */
export function verifyStatement({ proof, leaf, body }: ProvenFiles, policy: Policy): StatementVerdict {
  const checked: string[] = [];
  const problems: string[] = [];
  const parsed = parseTlogProof(proof);
  const verified = parsed.ok ? verifyTlogProof(parsed.value, leafHash(leaf), policy) : parsed;
  let log: string | undefined;
  if (!verified.ok) problems.push(verified.fault.message);
  else if (parsed.ok) {
    const { checkpoint, verified: signers } = verified.value;
    log = checkpoint.origin;
    const others = signers.filter(({ name }) => name !== log).map(({ name }) => name);
    checked.push(
      `the checkpoint of ${plain(checkpoint.origin)} with ${amount(checkpoint.size, "entry", "entries")} is signed by that log`,
      `it satisfies the policy; cosigned by ${others.length === 0 ? "nobody" : plain(others.join(", "))}`,
      `the entry is number ${parsed.value.index} under that checkpoint`,
    );
  }
  const read = parseLeaf(leaf);
  if (!read.ok) problems.push(`the entry is no statement: ${read.fault.message}`);
  const said = read.ok && body !== undefined && !isHeadsLeaf(read.value) ? parseBody(body, read.value) : undefined;
  if (said?.ok === false) problems.push(said.fault.message);
  if (said?.ok === true) checked.push("the body is the one that the entry names");
  if (said?.ok === true && log !== undefined && said.value.by !== log)
    problems.push(`the body is for the log ${plain(said.value.by)}: the entry was copied, and counts nowhere else`);
  const hash = toHex(leafHash(leaf));
  return {
    form: "statement-proof",
    checked,
    problems,
    says: read.ok ? sayings(read.value, said?.ok === true ? said.value : undefined, hash) : [],
    details: { log: log ?? null, statement: hash, index: parsed.ok ? parsed.value.index : null },
    ...(read.ok ? { leaf: read.value } : {}),
    ...(said?.ok === true ? { body: said.value } : {}),
  };
}

function sayings(leaf: Leaf, body: Body | undefined, hash: string): string[] {
  const name = `statement ${short(hash)} of unit ${short(leaf.unit)}, dated ${moment(leaf.at)} by its author`;
  if (isHeadsLeaf(leaf)) return [`${name}: an observation of ${amount(leaf.heads.length, "checkpoint")}`];
  if (body === undefined) return [`${name}: ${leaf.type}; its body is not in hand, so what it says is not shown`];
  const content = JSON.stringify(body.content);
  return [`${name}, for ${audienceText(body.audience)}: ${body.type}/${body.kind} ${plain(content, 500)}`];
}
