import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { screenAll } from "../testing/screening.ts";

const FILE = "MZ\u0090 not a program\n";
const digest = (algorithm: string, content: string): string =>
  createHash(algorithm).update(Buffer.from(content, "latin1")).digest("hex");

const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
  { kind: "url", value: "http://host.example/stage?id=1", ref: 2 },
  { kind: "sha256", value: digest("sha256", FILE), ref: 3 },
  { kind: "email", value: "bob@mail.example", ref: 4 },
  { kind: "md5", value: digest("md5", "line one\r\nline two\r\n"), ref: 5 },
  { kind: "sha1", value: digest("sha1", "line one\nline two\n"), ref: 6 },
  { kind: "domain", value: "xn--bcher-kva.example", ref: 7 },
  { kind: "sha1", value: digest("sha1", "From there\n>From here"), ref: 8 },
]);

const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
const TIME = "2026-05-01T12:00:00.000Z";

/** `line:column field ref class`, without the time. */
async function places(lines: readonly string[], format?: "mbox" | "eml"): Promise<readonly string[]> {
  const { hits } = await screenAll(index, lines.join("\r\n"), format === undefined ? {} : { format });
  return hits.map((hit) => hit.slice(0, hit.lastIndexOf(" ")));
}

const HEADER = ["From: Ann <ann@mail.test>", "Subject: x", "MIME-Version: 1.0"];

describe("a message", () => {
  it("is told by its header; fields are unfolded and decoded, and have its time", async () => {
    const text = [
      "Return-Path: <bob@mail.example>",
      "Received: from mail.evil.example (unknown [198.51.100.7])",
      "\tby mx.test; Fri, 01 May 2026 14:00:00 +0200 (CEST)",
      "Received: from x by y; Thu, 30 Apr 2026 10:00:00 +0000",
      "Date: Thu, 30 Apr 2026 09:00:00 GMT",
      "From: bob@mail.example",
      "Subject: =?utf-8?B?Z28gdG8gZXZpbC5l?= =?utf-8?Q?xample=2C_now?=",
      " or 198.51.100.7",
      "",
      "see http://host.example/stage?id=1",
    ].join("\n");
    const { format, hits, flags, summary } = await screenAll(index, text);
    expect(format).toBe("eml");
    expect(hits).toEqual([
      `1:15 return-path 4 exact-field ${TIME}`,
      `2:16 received 0 embedded ${TIME}`,
      `2:44 received 1 embedded ${TIME}`,
      `6:7 from 4 exact-field ${TIME}`,
      `7:10 subject 0 embedded ${TIME}`,
      `8:5 subject 1 embedded ${TIME}`,
      `10:5 part.1 2 url ${TIME}`,
    ]);
    expect(flags).toEqual([]);
    expect(summary).toMatchObject({ lines: 10, hits: 7, from: Date.parse(TIME), to: Date.parse(TIME) });
  });

  it("has parts in base64 and quoted-printable, whose hits stand where their text begins", async () => {
    const text = [
      ...HEADER,
      'Content-Type: multipart/mixed; boundary="=_a"',
      "",
      "preamble evil.example",
      "--=_a",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "soft =",
      "break ev=",
      "il=2Eexample b=C3=BCcher.example",
      "--=_a",
      "Content-Type: multipart/alternative; boundary=b",
      "",
      "--b",
      "Content-Type: text/plain; charset=windows-1251",
      "Content-Transfer-Encoding: base64",
      "",
      // 9 letters beyond ASCII, then the name across two lines.
      base64("\u00ef\u00f0\u00e8\u00e2\u00e5\u00f2 evi"),
      base64("l.example"),
      "--b--",
      "--=_a",
      "Content-Type: text/html; name*0=evil; name*1=.example",
      "",
      '<a href="http://host&#46;example/stage?id&#x3d;1">evil&period;example</a>',
      "--=_a--",
      "epilogue 198.51.100.7",
    ];
    expect(await places(text)).toEqual([
      "6:10 text 0 embedded",
      "12:7 part.1 0 embedded",
      "13:14 part.1 7 embedded",
      "21:10 part.2.1 0 embedded",
      "27:10 part.3 2 url",
      "27:51 part.3 0 embedded",
      "29:10 text 1 embedded",
    ]);
  });

  it("has attachments, found by their digests whatever their encoding", async () => {
    const text = [
      ...HEADER,
      'Content-Type: multipart/mixed; boundary*0="a"; boundary*1="b"',
      "",
      "--ab",
      "Content-Type: application/octet-stream",
      "Content-Transfer-Encoding: (which?) BASE64;",
      "Content-Disposition: attachment; filename=x.exe",
      "",
      base64(FILE.slice(0, 6)),
      base64(FILE.slice(6)),
      "--ab",
      "Content-Type: text/plain; name=x.txt",
      "",
      "line one",
      "line two",
      "",
      "--ab",
      "Content-Type: application/x-y",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "line =6Fne",
      "line t=",
      "wo ",
      "",
      "--ab--",
    ];
    expect(await places(text)).toEqual([
      "7:1 part.1.sha256 3 exact-field",
      "14:1 part.2.sha1 6 exact-field",
      "14:1 part.2.md5 5 exact-field",
      "20:1 part.3.sha1 6 exact-field",
      "20:1 part.3.md5 5 exact-field",
    ]);
  });

  it("has messages in it, with headers of their own", async () => {
    const text = [
      ...HEADER,
      "Content-Type: multipart/digest; boundary=x",
      "",
      "--x",
      "",
      "From: bob@mail.example",
      "Subject: fwd",
      "Content-Type: multipart/mixed; boundary=y",
      "",
      "--y",
      "X-A: evil.example",
      "",
      "198.51.100.7",
      "--x",
      "Content-Type: message/rfc822",
      "",
      "Subject: evil.example",
      "",
      "evil.example",
      "--x--",
    ];
    expect(await places(text)).toEqual([
      "8:7 part.1.from 4 exact-field",
      "13:6 part.1.1.x-a 0 exact-field",
      "15:1 part.1.1 1 embedded",
      "19:10 part.2.subject 0 exact-field",
      "21:1 part.2.1 0 embedded",
    ]);
  });

  it("of other character sets keeps its lines; what is damaged or unknown is flagged and read all the same", async () => {
    const part = (headers: readonly string[], ...body: readonly string[]): string[] => ["--b", ...headers, "", ...body];
    const text = [
      ...HEADER,
      "Content-Type: multipart/mixed; boundary=b",
      "",
      ...part(["Content-Type: text/plain; charset=utf-7"], "evil.example"),
      ...part(
        ["Content-Type: text/plain", "Content-Transfer-Encoding: base64"],
        "*&^ZXZp",
        "bC5leG!FtcGxl=",
        base64(" evil.example"),
      ),
      ...part(
        ["Content-Type: text/plain; charset=utf-16le", "Content-Transfer-Encoding: base64"],
        Buffer.from("to evil.example", "utf16le").toString("base64"),
      ),
      "--b--",
    ].join("\n");
    const { hits, flags } = await screenAll(index, text);
    expect(hits.map((hit) => hit.split(" ").slice(0, 3).join(" "))).toEqual([
      "9:1 part.1 0",
      "14:1 part.2 0",
      "16:2 part.2 0",
      "21:9 part.3 0",
    ]);
    expect(flags).toEqual(["bad-encoding 1 11", "unknown-charset 1 7"]);
  });
});

describe("a mailbox", () => {
  const mailbox = [
    "From bob@mail.example Fri May  1 12:00:00 2026",
    ...HEADER,
    "",
    "evil.example",
    ">From evil.example",
    "From here on nothing",
    "",
    "From there neither",
    "",
    "From MAILER-DAEMON Thu Apr 30 08:00:00 2026",
    "Date: Sat, 2 May 2026 01:02:03 -0100",
    "Subject: evil.example",
    "",
    ">>From 198.51.100.7",
    "",
  ].join("\n");

  it("is cut into its messages, quoted lines undone, and each hit names its message", async () => {
    expect(await screenAll(index, mailbox)).toMatchObject({
      format: "mbox",
      hits: [
        "1:6 text 4 embedded 2026-05-01T12:00:00.000Z",
        "6:1 part.1 0 embedded 2026-05-01T12:00:00.000Z",
        "7:7 part.1 0 embedded 2026-05-01T12:00:00.000Z",
        "14:10 subject 0 exact-field 2026-05-02T02:02:03.000Z",
        "16:8 part.1 1 embedded 2026-05-02T02:02:03.000Z",
      ],
      summary: { from: Date.UTC(2026, 4, 1, 12), to: Date.UTC(2026, 4, 2, 2, 2, 3) },
    });
  });

  it("gives attachments back as they were before lines were quoted", async () => {
    const text = [
      "From x Fri May  1 12:00:00 2026",
      "Subject: x",
      "Content-Disposition: attachment",
      "",
      ">From there",
      ">>From here",
    ];
    expect(await places(text)).toEqual(["1:1 part.1.sha1 8 exact-field"]);
  });

  it("of one message may be named an eml, and a log that begins like mail is none", async () => {
    expect((await screenAll(index, mailbox, { format: "eml" })).hits).toHaveLength(5);
    expect((await screenAll(index, "From: evil.example\nwhatever\n")).format).toBe("text");
    expect((await screenAll(index, "From the start 12:00 evil.example\nfoo\n")).format).toBe("text");
  });
});
