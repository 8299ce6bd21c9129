import { type Bytes, concatBytes, fromHex, present, sha256, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinFields } from "../lookup/fields.ts";
import { kernel } from "../testing/groups.ts";
import { meet, type Met, show, type Side, sideOf } from "../testing/meeting.ts";
import { countedMessage } from "./counted.ts";
import { type Author, encodeEvidence, parseEvidence, type SentMessage } from "./evidence.ts";
import { encodeStep, type Step } from "./message.ts";
import { type JudgedMessage, judgeMessages, type RecordedSides } from "./judge.ts";

/* What is expected is what docs/formats.md says of meetings: two honest sides that have two items in common, and lies. */

const MEETING = sha256(new Uint8Array(0));
const [a, b] = [sideOf(kernel, ["a", "b", "c"], "a"), sideOf(kernel, ["b", "c", "d"], "b")];
const [by, other] = [meet(kernel, a, b.commitment, b.list), meet(kernel, b, a.commitment, a.list)];
const honest: Readonly<Record<Author, Readonly<Record<Step, Bytes>>>> = {
  by: messagesOf(by),
  with: messagesOf(other),
};

function messagesOf(met: Met): Record<Step, Bytes> {
  return { list: met.list, counted: met.counted, contents: show(kernel, met) };
}

type Sent = Record<Author, Record<Step, Bytes>>;

/** What is shown where one side sends, and puts on the record, other messages than it should. */
function shownWith(
  lie: Partial<Record<Step, Bytes>>,
  { says = 2, key = b.commitment.publicKey }: { readonly says?: number; readonly key?: Bytes } = {},
): readonly JudgedMessage[] {
  const sent: Sent = { by: { ...honest.by }, with: { ...honest.with, ...lie } };
  const sides = recorded(sent, a, { ...b, commitment: { ...b.commitment, publicKey: key } }, says);
  return unwrap(judgeMessages(kernel, sides, all(sent))).filter(({ what }) => what !== undefined);
}

function recorded(sent: Sent, first: Side, second: Side, says: number): RecordedSides {
  const side = (author: Author, { commitment: { publicKey, count } }: Side, number: number): RecordedSides["by"] => {
    const { list, counted, contents } = sent[author];
    return {
      publicKey,
      count,
      digests: { list: sha256(list), counted: sha256(counted), contents: sha256(contents) },
      says: number,
    };
  };
  return { by: side("by", first, 2), with: side("with", second, says) };
}

function all(sent: Sent): SentMessage[] {
  return (["by", "with"] as const).flatMap((author) =>
    (["list", "counted", "contents"] as const).map((step) => ({ author, step, message: sent[author][step] })),
  );
}

describe("what the messages of a meeting show", () => {
  it("is nothing where both were honest", () => {
    expect(shownWith({})).toEqual([]);
  });

  it("is who sent a list that is none", () => {
    const identity = Uint8Array.from(b.list).fill(0, 5, 37);
    // RFC 9496, appendix A.3: p is not canonical.
    const large = Uint8Array.from(b.list);
    large.set(present(fromHex(`${"ff".repeat(31)}7f`), "hexadecimal"), large.length - 32);
    const twice = Uint8Array.from(b.list).copyWithin(37, 5, 37);
    const shown = [identity, large, twice, encodeStep("counted", b.blinded)].map((list) => shownWith({ list }));
    const expected = ["bad-element", "bad-element", "bad-message", "bad-message"].map((what) => ({
      author: "with",
      step: "list",
      what,
    }));
    expect(shown).toEqual(expected.map((fault) => [fault]));
  });

  it("is who counted with what is no counted message, and whose number is false", () => {
    const counted = { author: "with", step: "counted" };
    expect(shownWith({ counted: encodeStep("counted", other.doubled) })).toEqual([{ ...counted, what: "bad-message" }]);
    expect(shownWith({}, { says: 3 })).toEqual([{ ...counted, what: "wrong-count" }]);
  });

  it("is neither of both where their counted messages are the same", () => {
    expect(
      shownWith({ counted: by.counted, contents: encodeStep("contents", by.doubled, honest.by.contents.slice(-64)) }),
    ).toEqual([{ author: "with", step: "contents", what: "bad-proof" }]);
  });

  it("is who shows other elements than it counted with, by another key, swapped, or none", () => {
    const noise = countedMessage(sideOf(kernel, ["x"], "noise").blinded);
    const swapped = Uint8Array.from(honest.with.contents);
    swapped.set(honest.with.contents.subarray(5, 37), 37);
    swapped.set(honest.with.contents.subarray(37, 69), 5);
    const cut = honest.with.contents.slice(0, -64);
    const identity = Uint8Array.from(honest.with.contents).fill(0, 5, 37);
    const shown = [
      ...shownWith({ counted: noise }, { says: 0 }),
      ...shownWith({ contents: swapped }),
      ...shownWith({}, { key: a.commitment.publicKey }),
      ...shownWith({ contents: cut }),
      ...shownWith({ contents: identity }),
      ...shownWith({}, { key: new Uint8Array(32) }),
    ];
    const whats = ["not-as-counted", "bad-proof", "bad-proof", "bad-message", "bad-element", "bad-element"];
    expect(shown.filter(({ author }) => author === "with")).toEqual(
      whats.map((what) => ({ author: "with", step: "contents", what })),
    );
    // Noise leaves the honest side's number false: the number is that of the messages, whoever made them up.
    expect(shown.filter(({ author }) => author === "by")).toEqual([
      { author: "by", step: "counted", what: "wrong-count" },
    ]);
  });

  it("is nothing of a side whose counterpart's list is none: there is nothing to be proven against", () => {
    const list = Uint8Array.from(b.list).fill(0, 5, 37);
    expect(shownWith({ list }).map(({ author }) => author)).toEqual(["with"]);
  });

  it("needs the messages that the record names, to the bit", () => {
    const sent = { by: { ...honest.by }, with: { ...honest.with } };
    const sides = recorded(sent, a, b, 2);
    const messages = all(sent);
    fc.assert(
      fc.property(fc.nat(5), fc.nat(), fc.nat(7), (which, place, bit) => {
        const changed = messages.map((one, i) => {
          const message = Uint8Array.from(one.message);
          if (i === which) message[place % message.length] = (message[place % message.length] as number) ^ (1 << bit);
          return { ...one, message };
        });
        expect(judgeMessages(kernel, sides, changed)).toMatchObject({ fault: { code: "not-committed" } });
      }),
      { numRuns: 20 },
    );
    const uncommitted = { ...sides, with: { ...sides.with, digests: {} } };
    expect(judgeMessages(kernel, uncommitted, messages)).toMatchObject({ fault: { code: "not-committed" } });
  });
});

describe("a file of evidence", () => {
  const message = fc.record({
    author: fc.constantFrom<Author>("by", "with"),
    step: fc.constantFrom<Step>("list", "counted", "contents"),
    message: fc.uint8Array({ maxLength: 50 }),
  });
  const messages = fc.uniqueArray(message, {
    minLength: 1,
    maxLength: 4,
    selector: ({ author, step }) => `${author} ${step}`,
  });

  it("is read as it was written, and as nothing else: not with anything behind it, nor a message twice", () => {
    fc.assert(
      fc.property(messages, fc.nat(), (sent, at) => {
        const file = encodeEvidence({ meeting: MEETING, messages: sent });
        expect(parseEvidence(file)).toEqual({ ok: true, value: { meeting: MEETING, messages: sent } });
        const cut = parseEvidence(file.subarray(0, at % file.length));
        // Between two messages it is a file of the first ones.
        const left = cut.ok ? cut.value.messages : [];
        expect(left).toEqual(sent.slice(0, left.length));
        expect(parseEvidence(concatBytes(file, Uint8Array.of(0))).ok).toBe(false);
        const [first] = sent;
        const twice = encodeEvidence({ meeting: MEETING, messages: [...sent.slice(0, 3), first as SentMessage] });
        expect(parseEvidence(twice)).toMatchObject({ fault: { code: "bad-evidence" } });
      }),
    );
    expect(parseEvidence(encodeEvidence({ meeting: MEETING, messages: [] })).ok).toBe(false);
    const many = all({ by: { ...honest.by }, with: { ...honest.with } });
    expect(parseEvidence(encodeEvidence({ meeting: MEETING, messages: many })).ok).toBe(false);
  });

  it("has a meeting of 32 bytes, and of each message two that say whose and which it is", () => {
    const parts = (meeting: number, head: number): Bytes[] => [
      new Uint8Array(meeting),
      Uint8Array.of(1, 2, 0).slice(0, head),
      Uint8Array.of(1),
    ];
    const read = (meeting: number, head: number): boolean =>
      parseEvidence(concatBytes(utf8("DME1"), joinFields(parts(meeting, head)))).ok;
    expect([read(32, 2), read(31, 2), read(33, 2), read(32, 1), read(32, 3)]).toEqual([true, ...Array(4).fill(false)]);
  });

  it("has the bytes of docs/formats.md", () => {
    const file = encodeEvidence({
      meeting: new Uint8Array(32).fill(0xaa),
      messages: [{ author: "with", step: "counted", message: Uint8Array.of(1, 2, 3) }],
    });
    const expected = `444d4531 00000020 ${"aa".repeat(32)} 00000002 0102 00000003 010203`;
    expect(Buffer.from(file).toString("hex")).toBe(expected.replaceAll(" ", ""));
  });
});
