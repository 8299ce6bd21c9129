import { type Bytes, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seed } from "../test/memory-log.ts";
import { formatCheckpoint } from "./checkpoint.ts";
import { formatNote } from "./note.ts";
import { parsePolicy, type Policy } from "./policy.ts";
import { checkPolicy } from "./policy-check.ts";
import { type Cosigner, ed25519Cosigner, ed25519Signer, type Signer } from "./signer.ts";
import { formatVkey } from "./vkey.ts";

const ORIGIN = "example.com/log";
const log = ed25519Signer(ORIGIN, seed(1));
const otherLog = ed25519Signer("example.com/other", seed(2));
const [w1, w2, w3] = [3, 4, 5].map((byte) => ed25519Cosigner(`w${byte}.example`, seed(byte))) as [
  Cosigner,
  Cosigner,
  Cosigner,
];

const TEXT = formatCheckpoint({ origin: ORIGIN, size: 42, root: new Uint8Array(32), extensions: [] });

function note(signers: readonly Signer[], cosigners: readonly Cosigner[], text = TEXT): Bytes {
  const signatures = [...signers.map((s) => s.sign(text)), ...cosigners.map((c) => c.cosign(text, 1_700_000_000))];
  return formatNote({ text, signatures });
}

function policy(...lines: readonly string[]): Policy {
  const keys = [
    `log ${formatVkey(log.verifier)}`,
    `log ${formatVkey(otherLog.verifier)}`,
    ...[w1, w2, w3].map((w, i) => `witness w${i + 1} ${formatVkey(w.verifier)}`),
  ];
  return unwrap(parsePolicy(utf8(`${[...keys, ...lines].join("\n")}\n`)));
}

function outcome(bytes: Bytes, trusted: Policy): string {
  const checked = checkPolicy(bytes, trusted);
  return checked.ok ? `size ${checked.value.checkpoint.size}` : checked.fault.code;
}

// The cases of TestSatisfied, transparency-dev/formats, policy/tlog_policy_test.go.
describe("w1 and one of w2 and w3", () => {
  const nested = policy("group inner any w2 w3", "group outer all w1 inner", "quorum outer");
  test.each([
    ["all witnesses", [w1, w2, w3], "size 42"],
    ["the smallest set that suffices", [w1, w3], "size 42"],
    ["w1 alone", [w1], "no-quorum"],
    ["w2 and w3", [w2, w3], "no-quorum"],
    ["none", [], "no-quorum"],
  ])("%s", (_, cosigners, expected) => {
    expect(outcome(note([log], cosigners), nested)).toBe(expected);
  });
});

describe("the log", () => {
  const one = policy("quorum w1");

  test("must have signed, whoever else has", () => {
    expect(outcome(note([], [w1, w2]), one)).toBe("unknown-log");
    expect(outcome(note([log], []), policy("quorum none"))).toBe("size 42");
  });

  test("must be the one of the origin: another trusted log cannot sign for it", () => {
    expect(outcome(note([otherLog], [w1]), one)).toBe("unknown-log");
  });

  test("unknown signatures are ignored, a known one that is bad rejects all", () => {
    const stranger = ed25519Cosigner("stranger.example", seed(9));
    expect(outcome(note([log], [w1, stranger]), one)).toBe("size 42");
    const bad = { ...w2.cosign("other\n", 1) };
    const signatures = [log.sign(TEXT), w1.cosign(TEXT, 1), bad];
    expect(outcome(formatNote({ text: TEXT, signatures }), one)).toBe("bad-signature");
  });

  test("a policy without logs trusts none", () => {
    const none = unwrap(parsePolicy(utf8(`witness w1 ${formatVkey(w1.verifier)}\nquorum w1\n`)));
    expect(outcome(note([log], [w1]), none)).toBe("unknown-log");
    expect(outcome(note([log], [w1]), { ...none, logs: [{ key: log.verifier, url: undefined }] })).toBe("size 42");
  });

  test("what is no checkpoint, or no note, is told apart", () => {
    expect(outcome(note([log], [w1], "hello\n"), one)).toBe("bad-checkpoint");
    expect(outcome(utf8("hello"), one)).toBe("malformed-note");
  });
});

test("a threshold counts distinct witnesses, whatever the number of lines", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(w1, w2, w3), { maxLength: 8 }),
      fc.integer({ min: 1, max: 3 }),
      (cosigners, k) => {
        const expected = new Set(cosigners).size >= k ? "size 42" : "no-quorum";
        expect(outcome(note([log], cosigners), policy(`group g ${k} w1 w2 w3`, "quorum g"))).toBe(expected);
      },
    ),
    { numRuns: 60 },
  );
});
