import { type Bytes, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { at } from "../group.ts";
import { evaluate } from "../oprf/oprf.ts";
import { encodeSet } from "../set/set-file.ts";
import { setProver } from "../set/set-proof.ts";
import { tagOf, tagSet } from "../set/tag.ts";
import { kernel } from "../testing/groups.ts";
import { hex } from "../testing/hex.ts";
import { answererOf, askedSetOf, Conversation, noise } from "../testing/parties.ts";
import {
  encodeTranscript,
  parseTranscript,
  type PublishedSet,
  type Transcript,
  verifyTranscript,
} from "./transcript.ts";

const partnerKey = noise(32, "partner");
const known = ["domain:evil.example", "ipv4:203.0.113.7"].map((text) => utf8(text));
const outputs = evaluate(kernel, "voprf", answererOf(kernel).key, known);
const tags = tagSet(partnerKey, outputs, noise(32, "filler"));
const published: PublishedSet = {
  ...askedSetOf(kernel),
  ...encodeSet(tags),
  partnerKeyDigest: sha256(partnerKey),
};

function transcriptOf(input: Bytes): Transcript {
  const conversation = new Conversation(kernel);
  conversation.ask([utf8("domain:before.example")], "before");
  const { previous } = conversation.tab;
  const { asked, response, outputs: found } = conversation.ask([utf8("domain:other.example"), input], "transcript");
  const proof = setProver(tags)(tagOf(partnerKey, found[1] as Bytes));
  return { request: asked.request, response, index: 1, input, blind: at(asked.blinds, 1), partnerKey, previous, proof };
}

function verdict(transcript: Transcript, set = published): unknown {
  const verified = verifyTranscript(kernel, set, transcript);
  return verified.ok ? verified.value : verified.fault.code;
}

describe("a transcript", () => {
  const present = transcriptOf(known[0] as Bytes);
  const absent = transcriptOf(utf8("domain:unknown.example"));

  it("shows anybody that the committed set holds an indicator, or that it does not", () => {
    expect(verdict(present)).toBe(true);
    expect(verdict(absent)).toBe(false);
  });

  it("comes back from its bytes, and is refused when cut or longer", () => {
    const bytes = encodeTranscript(present);
    expect(toHex(encodeTranscript(unwrap(parseTranscript(bytes))))).toBe(toHex(bytes));
    expect(verdict(unwrap(parseTranscript(bytes)))).toBe(true);
    for (const broken of [
      bytes.subarray(1),
      bytes.subarray(0, -1),
      Uint8Array.from([...bytes, 0]),
      new Uint8Array(9),
    ]) {
      expect(parseTranscript(broken)).toMatchObject({ ok: false, fault: { code: "bad-transcript" } });
    }
  });

  it("is refused where a part has not its length, or the blind is none: whoever sends it has made it up", () => {
    const order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    const changes: Partial<Transcript>[] = [
      { previous: noise(31, "x") },
      { partnerKey: noise(33, "x") },
      { proof: { ...present.proof, path: [noise(31, "x")] } },
      ...[new Uint8Array(32), hex(order), noise(31, "x")].map((blind) => ({ blind })),
    ];
    for (const [i, change] of changes.entries()) {
      const parsed = parseTranscript(encodeTranscript({ ...present, ...change }));
      expect([i, parsed]).toMatchObject([i, { fault: { code: "bad-transcript" } }]);
    }
  });

  it("proves nothing about another input, set, key or answer", () => {
    expect(verdict({ ...present, input: known[1] as Bytes })).toBe("bad-transcript");
    expect(verdict({ ...present, index: 0 })).toBe("bad-transcript");
    expect(verdict({ ...present, index: 99 })).toBe("bad-transcript");
    expect(verdict({ ...present, partnerKey: noise(32, "x") })).toBe("bad-transcript");
    expect(verdict({ ...present, previous: noise(32, "x") })).toBe("bad-receipt");
    expect(verdict({ ...present, response: absent.response })).toBe("bad-proof");
    expect(verdict({ ...present, proof: { ...present.proof, path: [noise(32, "x")] } })).toBe("proof-length");
    expect(verdict(present, { ...published, set: noise(32, "x") })).toBe("bad-transcript");
    expect(verdict(present, { ...published, root: noise(32, "x") })).toBe("root-mismatch");
    // A set from which the item was taken out has another root: the one on the record convicts.
    const hidden = tagSet(partnerKey, outputs.slice(1), noise(32, "filler"));
    const proof = setProver(hidden)(tagOf(partnerKey, outputs[0] as Bytes));
    expect(verdict({ ...present, proof })).toBe("root-mismatch");
  });
});
