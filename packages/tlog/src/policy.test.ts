import { concatBytes, toBase64, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seed } from "../test/memory-log.ts";
import { parsePolicy, type Policy, type QuorumRule } from "./policy.ts";
import { ed25519Cosigner, ed25519Signer } from "./signer.ts";
import { formatVkey, keyIdHex, keyIdOf } from "./vkey.ts";

const LOG = formatVkey(ed25519Signer("example.com/log", seed(100)).verifier);
const WITNESS = Array.from({ length: 40 }, (_, i) => formatVkey(ed25519Cosigner(`w${i}.example`, seed(i)).verifier));
const [W1, W2, W3, W4, W5, W6] = WITNESS as [string, string, string, string, string, string];

function parse(text: string): Policy {
  return unwrap(parsePolicy(utf8(text)));
}

/** A rule as text: names of witnesses, and groups as `k(...)`. */
function shape(rule: QuorumRule | undefined): string {
  if (rule === undefined) return "none";
  return "witness" in rule ? rule.witness.name : `${rule.threshold}(${rule.members.map(shape).join(" ")})`;
}

// The cases, though not the keys, are those of transparency-dev/formats, policy/tlog_policy_test.go.
describe("policies that can be read", () => {
  test("the example of c2sp.org/tlog-policy", () => {
    const policy = parse(`log ${LOG}

witness X1 ${W1}
witness X2 ${W2}
witness X3 ${W3}
group X-witnesses 2 X1 X2 X3

witness Y1 ${W4}
witness Y2 ${W5}
witness Y3 ${W6}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`);
    expect(policy.logs.map(({ key }) => formatVkey(key))).toEqual([LOG]);
    expect(policy.witnesses.map(({ key }) => formatVkey(key))).toEqual([W1, W2, W3, W4, W5, W6]);
    expect(shape(policy.quorum)).toBe("2(2(X1 X2 X3) 1(Y1 Y2 Y3))");
  });

  test("the smallest one", () => {
    expect(parse("quorum none\n")).toEqual({ logs: [], witnesses: [], quorum: undefined });
  });

  test("white space and comments", () => {
    const policy = parse(
      `\n# comment\n\t # another comment\n\twitness \t w1  ${W1}   https://w1.example.com/  \n\n  quorum\tw1`,
    );
    expect(policy.witnesses[0]?.url).toBe("https://w1.example.com/");
    expect(shape(policy.quorum)).toBe("w1");
  });

  test("keywords are names too", () => {
    const policy = parse(`witness all ${W1}\nwitness any ${W2}\ngroup group 2 all any\nquorum group\n`);
    expect(shape(policy.quorum)).toBe("2(all any)");
  });

  test("names are octets: those that are not UTF-8 serve, and look-alikes are two", () => {
    const name = Uint8Array.of(0x4b, 0xe2, 0x84, 0xaa, 0x80);
    const bytes = concatBytes(utf8("witness "), name, utf8(` ${W1}\nwitness K ${W2}\nquorum `), name, utf8("\n"));
    expect(shape(unwrap(parsePolicy(bytes)).quorum)).toBe("K\u00e2\u0084\u00aa\u0080");
  });

  test("keys may have names beyond ASCII", () => {
    const vkey = formatVkey(ed25519Cosigner("zürich.example", seed(77)).verifier);
    expect(parse(`witness w ${vkey}\nquorum w\n`).witnesses[0]?.key.name).toBe("zürich.example");
  });

  test("forty logs, witnesses and groups", () => {
    const logs = WITNESS.map((_, i) => `log ${formatVkey(ed25519Signer(`log${i}`, seed(i)).verifier)}\n`);
    const witnesses = WITNESS.map((vkey, i) => `witness w${i} ${vkey}\ngroup g${i} all w${i}\n`);
    const all = `group everyone all ${WITNESS.map((_, i) => `g${i}`).join(" ")}\nquorum everyone\n`;
    const policy = parse([...logs, ...witnesses, all].join(""));
    expect([policy.logs.length, policy.witnesses.length]).toEqual([40, 40]);
  });
});

describe("policies that are refused, with the line", () => {
  const withType = (type: number, key: Uint8Array): string => {
    const id = keyIdHex(keyIdOf("k.example", type, key));
    return `k.example+${id}+${toBase64(concatBytes(Uint8Array.of(type), key))}`;
  };
  const renamed = formatVkey(ed25519Cosigner("impostor.example", seed(0)).verifier);

  test.each([
    ["a control octet", "quorum none\n\u0001", "bad-octet", 2],
    ["DEL", "quorum none\n\u007f", "bad-octet", 2],
    ["a carriage return", "quorum none\r\n", "bad-octet", 1],
    ["an unknown keyword", "quibble w1\nquorum none\n", "bad-line", 1],
    ["a comment after a line", `witness w1 ${W1} https://w1.example.com/ # comment\nquorum w1\n`, "bad-line", 1],
    ["a log without key", "log\nquorum none\n", "bad-line", 1],
    ["a log with garbage", "log garbage\nquorum none\n", "bad-key", 1],
    [
      "a log with a key of unknown type",
      `log ${withType(0x63, new Uint8Array(32))}\nquorum none\n`,
      "wrong-key-type",
      1,
    ],
    ["a log with a cosigner's key", `log ${W1}\nquorum none\n`, "wrong-key-type", 1],
    ["a log twice", `log ${LOG}\nlog ${LOG} https://log.example.com/\nquorum none\n`, "duplicate", 2],
    ["a witness without key", "witness w1\nquorum none\n", "bad-line", 1],
    [
      "a witness with an ECDSA key",
      `witness w1 ${withType(2, Uint8Array.of(1, 2, 3))}\nquorum w1\n`,
      "wrong-key-type",
      1,
    ],
    ["a witness with a log's key", `witness w1 ${LOG}\nquorum w1\n`, "wrong-key-type", 1],
    ["a witness named none", `witness none ${W1}\nquorum none\n`, "duplicate", 1],
    ["two witnesses of one name", `witness w1 ${W1}\nwitness w1 ${W2}\nquorum w1\n`, "duplicate", 2],
    ["one key under two names", `witness w1 ${W1}\nwitness w2 ${renamed}\nquorum w1\n`, "duplicate", 2],
    ["a group named like a witness", `witness w1 ${W1}\ngroup w1 any w1\nquorum w1\n`, "duplicate", 2],
    ["a group without members", `witness w1 ${W1}\ngroup g1 1\nquorum w1\n`, "bad-line", 2],
    ["a group named none", `witness w1 ${W1}\ngroup none any w1\nquorum none\n`, "duplicate", 2],
    ["a threshold of zero", `witness w1 ${W1}\ngroup g1 0 w1\nquorum g1\n`, "bad-threshold", 2],
    ["a negative threshold", `witness w1 ${W1}\ngroup g1 -1 w1\nquorum g1\n`, "bad-threshold", 2],
    ["a threshold above the members", `witness w1 ${W1}\ngroup g1 2 w1\nquorum g1\n`, "bad-threshold", 2],
    ["an unknown member", `witness w1 ${W1}\ngroup g1 any w2\nquorum g1\n`, "unknown-name", 2],
    ["a member defined later", `group g1 any w1\nwitness w1 ${W1}\nquorum g1\n`, "unknown-name", 1],
    ["a group in itself", `group g1 any g1\nquorum g1\n`, "unknown-name", 1],
    ["none as a member", `witness w1 ${W1}\ngroup g1 any none w1\nquorum g1\n`, "unknown-name", 2],
    ["a member twice in a group", `witness w1 ${W1}\ngroup g1 all w1 w1\nquorum g1\n`, "duplicate", 2],
    [
      "a member of two groups",
      `witness w1 ${W1}\nwitness w2 ${W2}\ngroup g1 any w1 w2\ngroup g2 any w1\nquorum g1\n`,
      "duplicate",
      4,
    ],
    ["no quorum", `witness w1 ${W1}\n`, "no-quorum", 1],
    ["two quorums", `witness w1 ${W1}\nquorum w1\nquorum w1\n`, "duplicate", 3],
    ["an unknown quorum", "quorum unknown\n", "unknown-name", 1],
    ["a quorum defined later", `quorum w1\nwitness w1 ${W1}\n`, "unknown-name", 1],
    ["a quorum without name", "quorum\n", "bad-line", 1],
    ["nothing at all", "", "no-quorum", 1],
  ])("%s", (_, text, code, line) => {
    const policy = parsePolicy(utf8(text));
    expect(policy).toMatchObject({ ok: false, fault: { code, line } });
    expect(policy.ok ? "" : policy.fault.message).toContain(`line ${line} `);
  });

  test("a file of more than 2 MiB", () => {
    expect(parsePolicy(new Uint8Array((1 << 21) + 1).fill(0x0a)).ok).toBe(false);
    expect(parsePolicy(new Uint8Array(1 << 21).fill(0x0a))).toMatchObject({ fault: { code: "no-quorum" } });
  });
});

test("nothing makes the reader throw", () => {
  const words = [
    "log",
    "witness",
    "group",
    "quorum",
    "none",
    "all",
    "any",
    "1",
    "2",
    "a",
    "b",
    W1,
    LOG,
    "\n",
    "\t",
    "#",
    "\u0001",
  ];
  const texts = fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((chosen) => utf8(chosen.join(" ")));
  fc.assert(
    fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 100 })), (bytes) => {
      const policy = parsePolicy(bytes);
      expect(policy.ok ? 1 : policy.fault.line).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});
