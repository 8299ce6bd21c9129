import { ed25519PublicKey, unwrap, utf8 } from "@detente/basics";
import { draftStatement } from "@detente/record";
import {
  ed25519Signer,
  formatCheckpoint,
  formatTlogProof,
  formatVkey,
  KEY_TYPE,
  leafHash,
  parsePolicy,
  signNote,
  verifier,
} from "@detente/tlog";
import { expect, it } from "vitest";
import { verifyStatement } from "./statement-proof.ts";

const LOG = "log.example/mallory";
const SEED = new Uint8Array(32).fill(7);

it("is valid in its author's log alone: an entry that another log has copied is named", () => {
  const key = formatVkey(verifier(LOG, KEY_TYPE.ed25519, ed25519PublicKey(SEED)));
  const policy = unwrap(parsePolicy(utf8(`log ${key}\nquorum none\n`)));
  const verdictOf = (by: string): readonly string[] => {
    const content = { title: "t", text: "" };
    const said = { type: "open", kind: "question", of: [], audience: "unit", content } as const;
    const { leaf, body } = draftStatement({ ...said, unit: "ab".repeat(32), by, at: 1, salt: new Uint8Array(32) });
    // A log of one entry: its hash is the root (RFC 6962 §2.1).
    const text = formatCheckpoint({ origin: LOG, size: 1, root: leafHash(leaf), extensions: [] });
    const note = signNote(text, [ed25519Signer(LOG, SEED)]);
    const proof = formatTlogProof({ extra: undefined, index: 0, hashes: [], note });
    return verifyStatement({ proof, leaf, body }, policy).problems;
  };
  expect(verdictOf(LOG)).toEqual([]);
  expect(verdictOf("log.example/alpha")).toEqual([
    "the body is for the log log.example/alpha: the entry was copied, and counts nowhere else",
  ]);
});
