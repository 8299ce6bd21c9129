/**
 * Runs in the browser: does with the packages what an offline verifier does, on the cases that the test wrote into the
 * page, and writes into the page what came out.
 */
import * as basics from "@detente/basics";
import * as tlog from "@detente/tlog";

const { fromHex, present, toHex, utf8 } = basics;

/** @param {string} text */
const bytes = (text) => present(fromHex(text), "the test writes strict hexadecimal");

/** @param {import("./cases.ts").Cases} cases */
function answers({ hash, mac, signature, inclusion, note }) {
  const message = bytes(signature.message);
  const publicKey = bytes(signature.publicKey);
  const root = bytes(inclusion.root);
  const proof = inclusion.proof.map(bytes);
  const known = tlog.parseVkey(note.vkey);
  const verifiers = known.ok ? [known.value] : [];
  /** @param {string} text */
  const noteHolds = (text) => {
    const parsed = tlog.parseNote(utf8(text));
    return parsed.ok && tlog.verifyNote(parsed.value, verifiers).ok;
  };
  /** @param {string} entry */
  const included = (entry) =>
    tlog.verifyInclusion(inclusion.index, inclusion.size, tlog.leafHash(utf8(entry)), proof, root).ok;
  return {
    hash: toHex(basics.sha256(utf8(hash.message))),
    mac: toHex(basics.hmacSha256(bytes(mac.key), utf8(mac.message))),
    signed: toHex(basics.ed25519Sign(bytes(signature.seed), message)),
    signatureHolds: basics.ed25519Verify(publicKey, message, bytes(signature.signature)),
    otherSignatureHolds: basics.ed25519Verify(publicKey, utf8("other"), bytes(signature.signature)),
    included: included(inclusion.entry),
    otherIncluded: included("other"),
    noteHolds: noteHolds(note.text),
    otherNoteHolds: noteHolds(note.text.replace("3", "4")),
  };
}

/** The document, as much as is used of it: the checker knows no browser. */
const page = /** @type {{ getElementById(id: string): { textContent: string } }} */ (
  Reflect.get(globalThis, "document")
);
page.getElementById("result").textContent = JSON.stringify(
  answers(JSON.parse(page.getElementById("cases").textContent)),
);
