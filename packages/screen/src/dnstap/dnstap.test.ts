import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { screenAll } from "../testing/screening.ts";
import { readDnsMessage } from "./dns-message.ts";
import { FrameSplitter, isFrameStreams } from "./frames.ts";
import { readDnstap } from "./record.ts";

const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
  { kind: "ipv6", value: "2001:db8::7", ref: 2 },
]);

const ascii = (text: string): number[] => [...Buffer.from(text, "latin1")];
const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** Frame Streams: `fstrm_control` and data frames. */
const control = (type: number, content = "protobuf:dnstap.Dnstap"): number[] => {
  const field = content === "" ? [] : [...u32(1), ...u32(content.length), ...ascii(content)];
  return [...u32(0), ...u32(4 + field.length), ...u32(type), ...field];
};
const [ACCEPT, START, STOP, READY, FINISH] = [1, 2, 3, 4, 5];
const data = (frame: readonly number[]): number[] => [...u32(frame.length), ...frame];

/** Protocol Buffers, "Encoding": a tag is the field's number and its wire type, lengths are varints. */
const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const fixed32 = (field: number, value: number): number[] => [...varint(field * 8 + 5), ...u32(value).reverse()];

const wireName = (name: string): number[] => [
  ...name.split(".").flatMap((label) => [label.length, ...ascii(label)]),
  0,
];
const header = (...counts: readonly number[]): number[] => [...u16(1), ...u16(0x8180), ...counts.flatMap(u16)];
const record = (name: readonly number[], type: number, rdata: readonly number[]): number[] => [
  ...name,
  ...u16(type),
  ...u16(1),
  ...u32(60),
  ...u16(rdata.length),
  ...rdata,
];
const QUESTION = [...wireName("www.evil.example"), ...u16(1), ...u16(1)];
/** Points at the question's name, and at `evil.example` in it. */
const [WWW, EVIL] = [
  [0xc0, 12],
  [0xc0, 16],
];

const query = [...header(1, 0, 0, 0), ...QUESTION];
const response = [
  ...header(1, 4, 1, 1),
  ...QUESTION,
  ...record(WWW, 5, [3, ...ascii("cdn"), ...EVIL]),
  ...record([3, ...ascii("cdn"), ...EVIL], 1, [198, 51, 100, 7]),
  ...record(WWW, 28, [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]),
  ...record(WWW, 16, [3, ...ascii("evi"), 9, ...ascii("l.example")]),
  ...record(EVIL, 2, wireName("ns.test")),
  ...record([0], 41, []),
];

/** `Message` of dnstap.proto: a CLIENT_RESPONSE. */
const message = [
  ...number(1, 6),
  ...number(2, 1),
  ...bytes(4, [198, 51, 100, 7]),
  ...bytes(5, [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]),
  ...number(8, 1_777_636_800),
  ...fixed32(9, 250_000_000),
  ...bytes(10, query),
  ...bytes(11, wireName("evil.example")),
  ...number(12, 1_777_636_801),
  ...fixed32(13, 999_999_999),
  ...bytes(14, response),
];
const frame = [
  ...bytes(1, ascii("ns1.evil.example")),
  ...bytes(2, ascii("v")),
  ...number(15, 1),
  ...bytes(14, message),
];
const of = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());

/** Where a run of bytes stands in the frame, counted from 1. */
const place = (part: readonly number[]): number => Buffer.from(frame).indexOf(Uint8Array.from(part)) + 1;

describe("dnstap", () => {
  it.each([
    ["of a file", of(control(START), data(frame), control(STOP, ""))],
    [
      "of a connection",
      of(control(READY), control(ACCEPT), control(START), data(frame), control(STOP, ""), control(FINISH, "")),
    ],
  ])("%s is told by its first frame; hits name frame, byte and field", async (_, log) => {
    const { format, hits, flags, summary } = await screenAll(index, log);
    expect(format).toBe("dnstap");
    const at = place(response) - 1;
    const time = "2026-05-01T12:00:01.999Z";
    expect(hits).toEqual([
      `1:3 identity 0 subdomain ${time}`,
      `1:${place([198, 51, 100, 7])} query_address 1 exact-field ${time}`,
      `1:${place([0x20, 0x01, 0x0d, 0xb8])} response_address 2 exact-field ${time}`,
      `1:${place(query) + 12} query_name 0 subdomain ${time}`,
      `1:${place(bytes(11, wireName("evil.example"))) + 2} query_zone 0 exact-field ${time}`,
      `1:${at + 12 + QUESTION.length + 1} answer_name 0 subdomain ${time}`,
      `1:${at + 12 + QUESTION.length + 13} answer 0 subdomain ${time}`,
      `1:${at + 12 + QUESTION.length + 19} answer_name 0 subdomain ${time}`,
      `1:${at + 12 + QUESTION.length + 35} answer 1 exact-field ${time}`,
      `1:${at + 12 + QUESTION.length + 51} answer 2 exact-field ${time}`,
      `1:${at + 12 + QUESTION.length + 79} answer 0 exact-field ${time}`,
      `1:${at + 12 + QUESTION.length + 93} authority_name 0 exact-field ${time}`,
    ]);
    expect(flags).toEqual([]);
    expect(summary).toMatchObject({ lines: 1, bytes: log.length, from: Date.parse(time), to: Date.parse(time) });
  });

  it("has a query's time where there is no response's", () => {
    const only = of(bytes(14, [...number(8, 1_777_636_800), ...fixed32(9, 250_000_000)]));
    expect(readDnstap(only).time).toBe(Date.UTC(2026, 4, 1, 12) + 250);
    expect(readDnstap(of(bytes(14, number(8, 2 ** 52)))).time).toBeNull();
  });

  it("that is damaged is flagged, and what could be read is screened", async () => {
    const cut = [...header(2, 0, 0, 0), ...QUESTION, 63];
    const { hits, flags } = await screenAll(
      index,
      of(
        control(START),
        data(bytes(14, bytes(10, cut))),
        data([0xff]),
        data(bytes(14, bytes(4, [1, 2, 3]))),
        data(frame),
        control(9),
        [...u32(100), 1, 2],
      ),
    );
    expect(hits.map((hit) => hit.split(" ").slice(0, 3).join(" ")).slice(0, 2)).toEqual([
      "1:17 query_name 0",
      "4:3 identity 0",
    ]);
    expect(flags).toEqual(["bad-frame 5 1"]);
  });

  it("of other content, or with frames over the limit, is flagged", async () => {
    const other = await screenAll(index, of(control(START, "protobuf:other"), data(frame)));
    expect(other).toMatchObject({ format: "dnstap", flags: ["bad-frame 1 1"] });
    const large = [
      of(control(START)),
      of(u32(3 * 1024 * 1024)),
      ...Array.from({ length: 3 }, () => new Uint8Array(1024 * 1024)),
      of(data(frame)),
    ];
    const { hits, flags } = await screenAll(index, large);
    expect(hits[0]).toMatch(/^2:3 identity/);
    expect(flags).toEqual(["bad-frame 1 1"]);
  });

  it("is told from a log by its escape, and may be forced", async () => {
    expect(isFrameStreams(of([0, 0, 0]))).toBeUndefined();
    expect(isFrameStreams(of([0, 0, 1]))).toBe(false);
    expect(await screenAll(index, of(data(frame)), { format: "dnstap" })).toMatchObject({
      format: "dnstap",
      flags: [],
    });
    const text = [...u32(0), ...ascii("\nevil.example and more\n")];
    expect(await screenAll(index, of(text))).toMatchObject({ format: "text", summary: { hits: 1 } });
    expect(await screenAll(index, of([0, 0]))).toMatchObject({ format: "text", summary: { lines: 1 } });
    expect(await screenAll(index, of([]))).toMatchObject({ format: "text", summary: { lines: 0 } });
  });
});

describe("DNS messages", () => {
  const names = (wire: readonly number[]): readonly string[] =>
    readDnsMessage(of(wire)).items.map(({ field, text, at }) => `${at} ${field} ${text}`);

  it("have names as the example of RFC 1035 §4.1.4 compresses them", () => {
    // F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root, at 20, 40, 64 and 92 there.
    const wire = [
      header(4, 0, 0, 0),
      [1, ...ascii("F"), 3, ...ascii("ISI"), 4, ...ascii("ARPA"), 0, 0, 1, 0, 1],
      [3, ...ascii("FOO"), 0xc0, 12, 0, 1, 0, 1],
      [0xc0, 18, 0, 1, 0, 1],
      [0, 0, 1, 0, 1],
    ].flat();
    expect(names(wire)).toEqual([
      "12 query_name F.ISI.ARPA",
      "28 query_name FOO.F.ISI.ARPA",
      "38 query_name ARPA",
      "44 query_name .",
    ]);
  });

  it("have dots in labels that divide nothing", () => {
    const wire = [...header(1, 0, 0, 0), 6, ...ascii("a.evil"), ...wireName("example"), 0, 1, 0, 1];
    expect(names(wire)).toEqual(["12 query_name a\\046evil.example"]);
  });

  it("with pointers forwards or in circles, or names too long, are damaged", () => {
    const question = (name: readonly number[]): Uint8Array => of([...header(1, 0, 0, 0), ...name, 0, 1, 0, 1]);
    const long = Array.from({ length: 4 }, () => [63, ...ascii("x".repeat(63))]).flat();
    for (const name of [
      [0xc0, 12],
      [0xc0, 14],
      [0xc0, 40],
      [1, 0x61, 0xc0, 12],
      [0x40, 0x61, 0],
      [...long, 0],
      [5, 0x61],
    ]) {
      expect(readDnsMessage(question(name))).toEqual({ items: [], isDamaged: true });
    }
    expect(readDnsMessage(new Uint8Array(11)).isDamaged).toBe(true);
    expect(readDnsMessage(of(header(1, 0, 0, 0))).isDamaged).toBe(true);
    expect(readDnsMessage(new Uint8Array(65_536)).isDamaged).toBe(true);
  });

  it("of many records that point at one long name cost no more than their length", () => {
    const name = Array.from({ length: 120 }, () => [1, 0x61]).flat();
    const wire = [...header(1, 4000, 0, 0), ...name, 0, 0, 1, 0, 1];
    for (let i = 0; i < 4000; i++) wire.push(...record([0xc0, 12], 1, [192, 0, 2, 1]));
    expect(readDnsMessage(of(wire)).items).toHaveLength(1 + 2 * 4000);
  });
});

describe("decoding dnstap", () => {
  const part = fc.oneof(
    fc.constantFrom(control(START), control(STOP, ""), data(frame), data(bytes(14, message.slice(0, 90))), u32(7)),
    fc.array(fc.nat(255), { maxLength: 12 }),
  );

  it("never throws, and gives the same whatever the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 8 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        async (parts, cuts) => {
          const log = of(control(START), ...parts);
          const at = [...cuts.map((cut) => Math.floor(cut * log.length)).sort((a, b) => a - b), log.length];
          const chunks = at.map((end, i) => log.slice(at[i - 1] ?? 0, end));
          expect(await screenAll(index, chunks)).toEqual(await screenAll(index, log));
        },
      ),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.nat(255), (at, value) => {
        readDnstap(Uint8Array.from(frame.with(at, value)));
      }),
      { numRuns: 500 },
    );
  });

  it("hands out frames that stay whole when the next chunk comes", () => {
    const log = of(data([1, 2, 3]), data([4]));
    const splitter = new FrameSplitter();
    const found = [...splitter.push(log.subarray(0, 5)), ...splitter.push(log.subarray(5)), ...splitter.end()];
    expect(found).toEqual([
      { number: 1, bytes: Uint8Array.of(1, 2, 3) },
      { number: 2, bytes: Uint8Array.of(4) },
    ]);
  });
});
