import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Bytes,
  err,
  type Fault,
  fromBase64,
  fromHex,
  type Json,
  ok,
  present,
  type Result,
  sha256,
  toHex,
  utf8,
  utf8Decode,
} from "@detente/basics";
import { openGroup, parseTranscript, type PublishedSet, type Transcript, verifyTranscript } from "@detente/match";
import type { Body, Contents } from "@detente/record";
import { leafHash, type Policy } from "@detente/tlog";
import { plain } from "../ui/text.ts";
import { type ProvenFiles, verifyStatement } from "./statement-proof.ts";
import type { Verdict } from "./verdict.ts";

/** A question laid open, with the statements that opened the set and made its edition. */
export interface OpenedQuestion {
  readonly transcript: Transcript;
  readonly set: Required<ProvenFiles>;
  readonly edition: Required<ProvenFiles>;
}

type TranscriptFileFault = Fault<"bad-transcript-file">;

/** Reads what `detente match prove` writes: `{transcript, set, edition}`, each of the two as an item proof's statement. */
export function parseOpenedQuestion(members: {
  readonly [member: string]: Json | undefined;
}): Result<OpenedQuestion, TranscriptFileFault> {
  const bytes = base64(members["transcript"]);
  if (bytes === undefined) return bad("transcript: expected base64");
  const transcript = parseTranscript(bytes);
  if (!transcript.ok) return bad(transcript.fault.message);
  const set = proven(members["set"]);
  const edition = proven(members["edition"]);
  if (set === undefined || edition === undefined) return bad("set and edition: expected {proof, leaf, body}");
  return ok({ transcript: transcript.value, set, edition });
}

/** Verifies that both statements are on the record, and what they, the partner's answer and the shard show together. */
export async function verifyOpenedQuestion(
  { transcript, set, edition }: OpenedQuestion,
  policy: Policy,
): Promise<Verdict> {
  const [opened, made] = [verifyStatement(set, policy), verifyStatement(edition, policy)];
  const hash = toHex(leafHash(set.leaf));
  const published = publishedSet(hash, opened, made, transcript);
  const group = await openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
  const shown = published.ok ? verifyTranscript(group, published.value.set, transcript) : undefined;
  const what = plain(utf8Decode(transcript.input) ?? "an input that is no text");
  const fault = published.ok ? (shown?.ok === false ? shown.fault.message : undefined) : published.fault.message;
  return {
    form: "match-transcript",
    checked: [
      ...opened.checked,
      ...made.checked,
      ...(shown?.ok === true && published.ok
        ? [
            "the answer was made with the key on the record, and is signed with the receipts' key of the set",
            `the committed set for ${published.value.party} ${shown.value ? "holds" : "does not hold"} ${what}`,
          ]
        : []),
    ],
    problems: [...opened.problems, ...made.problems, ...(fault === undefined ? [] : [fault])],
    says: [...opened.says, ...made.says],
    details: { log: opened.details["log"], set: hash, input: what, holds: shown?.ok === true ? shown.value : null },
  };
}

/** What the two statements say together for the partner whose key the transcript shows. */
function publishedSet(
  hash: string,
  opened: ReturnType<typeof verifyStatement>,
  made: ReturnType<typeof verifyStatement>,
  { partnerKey }: Transcript,
): Result<{ readonly party: string; readonly set: PublishedSet }, TranscriptFileFault> {
  const terms = contentOf(opened.body, "open/match-set");
  const edition = contentOf(made.body, "exhibit/match-edition");
  const isOfSet = made.leaf !== undefined && "of" in made.leaf && made.leaf.of.length === 1 && made.leaf.of[0] === hash;
  if (terms === undefined || edition === undefined || !isOfSet || opened.details["log"] !== made.details["log"]) {
    return bad("the statements are not a match set and an edition of it by the same party");
  }
  const key = toHex(sha256(partnerKey));
  const partner = terms.partners.find((one) => one.key === key);
  const part = edition.partners.find(({ party }) => party === partner?.party);
  if (partner === undefined || part === undefined) return bad("transcript: its key is no partner's of this edition");
  return ok({
    party: partner.party,
    set: {
      set: hex(hash),
      publicKey: hex(terms.key),
      answererKey: hex(terms.receipts),
      root: hex(part.root),
      count: part.count,
      partnerKeyDigest: hex(partner.key),
    },
  });
}

function contentOf<Name extends keyof Contents>(body: Body | undefined, name: Name): Contents[Name] | undefined {
  return body?.name === name ? (body.content as Contents[Name]) : undefined;
}

function proven(value: Json | undefined): Required<ProvenFiles> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { proof, leaf, body } = value as { readonly [member: string]: Json | undefined };
  const [leafBytes, bodyBytes] = [base64(leaf), base64(body)];
  if (typeof proof !== "string" || leafBytes === undefined || bodyBytes === undefined) return undefined;
  return { proof: utf8(proof), leaf: leafBytes, body: bodyBytes };
}

function base64(value: Json | undefined): Bytes | undefined {
  return typeof value === "string" ? fromBase64(value) : undefined;
}

function hex(text: string): Bytes {
  return present(fromHex(text), "32 bytes in hex");
}

function bad(what: string): Result<never, TranscriptFileFault> {
  return err("bad-transcript-file", what);
}
