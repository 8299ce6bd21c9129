import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { screenAll, type Screened } from "../testing/screening.ts";

const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
  { kind: "sha256", value: "0".repeat(64), ref: 2 },
]);
const mail = { protectedDomains: ["google.com"], onFinding: (): void => undefined };

const MEBI = 1024 * 1024;

function screen(log: string | readonly Uint8Array[], format: "eml" | "mbox" = "eml"): Promise<Screened> {
  return screenAll(index, log, { format, mail });
}

const lines = ({ hits }: Screened): number[] => hits.map((hit) => Number.parseInt(hit, 10));

describe("mail made to hide something", () => {
  it.each([
    ["multiparts", (i: number) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`],
    ["messages", () => "Content-Type: message/rfc822\n\n"],
  ])("in %s ten thousand deep is found, and flagged", async (_, level) => {
    const text = `${Array.from({ length: 10_000 }, (__, i) => level(i)).join("")}\nevil.example\n--b3\n\n198.51.100.7\n`;
    const screened = await screen(text);
    expect(screened.summary.hits).toBe(2);
    expect(screened.flags.join()).toMatch(/^deep-nesting 1 \d+$/);
  });

  it.each([
    ["a boundary that begins another", ["--b", "", "evil.example", "--bb", "evil.example"]],
    ["parts after the last", ["--b", "", "x", "--b--", "evil.example", "--b", "", "evil.example"]],
    ["no blank line before the body", ["--b", "evil.example", "--b", "Subject: evil.example", "--b--"]],
    [
      "an outer boundary inside a part",
      ["--b", "Content-Type: multipart/mixed; boundary=c", "", "--c", "", "x", "--b", "evil.example"],
    ],
    ["no end", ["--b", "Content-Type: text/plain", "", "evil.example"]],
    [
      "two types",
      ["--b", "Content-Type: text/plain", "Content-Type: multipart/mixed; boundary=q", "", "--q", "", "evil.example"],
    ],
    ["no boundary", ["--b", "Content-Type: multipart/mixed", "", "evil.example"]],
    ["blanks after a boundary", ["--b  ", "", "x", "--b--\t", "evil.example"]],
  ])("behind %s", async (_, body) => {
    const text = ["Content-Type: multipart/mixed; boundary=b", "", ...body];
    const expected = text.flatMap((line, i) => (line.includes("evil.example") ? [i + 1] : []));
    expect(lines(await screen(text.join("\r\n")))).toEqual(expected);
  });

  it("behind a boundary in sections, in whatever order these stand (RFC 2231 §3)", async () => {
    const encoded = Buffer.from("evil.example").toString("base64");
    const header = "Content-Type: multipart/mixed; boundary*1=d; boundary*0=c\n";
    expect(lines(await screen(`${header}\n--cd\nContent-Transfer-Encoding: base64\n\n${encoded}\n`))).toEqual([6]);
  });

  it("after an outer boundary, an inner one is text of the part where it stands", async () => {
    const inner = [
      "--b",
      "Content-Type: multipart/mixed; boundary=c",
      "",
      "--c",
      "",
      "x",
      "--b",
      "",
      "--c",
      "evil.example",
    ];
    const { hits } = await screen(["Content-Type: multipart/mixed; boundary=b", "", ...inner].join("\n"));
    expect(hits).toEqual(["12:1 part.2 0 embedded -"]);
  });

  it("between any lines that give a message its form, every line that is not encoded is read", async () => {
    const line = fc.constantFrom(
      "evil.example",
      "--a",
      "--a--",
      "--b",
      "--b--",
      "",
      "",
      "Content-Type: multipart/mixed; boundary=a",
      "Content-Type: multipart/digest; boundary=b",
      "Content-Type: message/rfc822",
      "Content-Type: text/html; charset=koi8-r",
      "Content-Disposition: attachment",
      "Subject: x",
      " folded",
      "From x@y Fri May  1 12:00:00 2026",
      ">From z",
      "no header",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.constantFrom("eml", "mbox"), async (text, format) => {
        const expected = text.flatMap((one, i) => (one === "evil.example" ? [i + 1] : []));
        expect(lines(await screen(text.join("\n"), format))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe("mail made to be slow", () => {
  // Each of these took the square of its length: minutes, and more than a test may.
  it.each([
    ["quotes without end", `From: "${'\\"'.repeat(32_000)}\n${`Reply-To: "${'\\"'.repeat(32_000)}\n`.repeat(10)}\n`],
    ["comments without end", `${`Reply-To: (${"\\(".repeat(32_000)}\n`.repeat(10)}\n`],
  ])("by %s is read in its time", async (_, header) => {
    expect((await screen(`${header}\nevil.example\n`)).summary.hits).toBe(1);
  });
});

describe("mail made to be large", () => {
  const gap = `${"x ".repeat(MEBI / 16)}evil.example `;

  it.each([
    ["a header field of one line", `Subject: ${gap.repeat(40)}\n\nx`],
    ["a folded header field", `Subject: x\n${`\t${gap}\n`.repeat(40)}\nx`],
    ["a line of text", `Subject: x\n\n${gap.repeat(40)}`],
    ["a soft-broken line", `Content-Transfer-Encoding: quoted-printable\n\n${`${gap}=\n`.repeat(40)}`],
    [
      "fields that are long to read",
      `Authentication-Results: a; spf=pass ${"a".repeat(60_000)}\nFrom: ${'"(<'.repeat(20_000)}\n\n${gap.repeat(40)}`,
    ],
    ["HTML", `Content-Type: text/html\n\n${`<a href="${gap}`.repeat(40)}`],
  ])("in %s is found once each time", async (_, text) => {
    const screened = await screen(text);
    expect(screened.summary.hits).toBe(40);
  });

  it("in base64 of one line is found", async () => {
    const text = Buffer.from(gap.repeat(40)).toString("base64");
    expect((await screen(`Content-Transfer-Encoding: base64\n\n${text}`)).summary.hits).toBe(40);
  });
});

describe("decoding mail", () => {
  const piece = fc.constantFrom(
    "From: =?utf-8?b?ZXZpbA==?= <a@evil.example>\n",
    "Subject: =?koi8-r?q?=C1?= =?x?b?!!?= =?",
    "Content-Type: multipart/mixed; boundary*0=a; boundary*1*=%62\n\n--ab\n",
    "Content-Type: text/html; charset=shift_jis\n",
    "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "\n",
    "\r\n",
    "ev=\nil.example=3",
    "=E3=81=82 evil=2Eexample\n",
    "ZXZpbC5leGFtcGxl\nIA==!*",
    "--ab\n",
    "--ab--\n",
    "<a href='http://google.com.evil.example'>google.com</a>&#x2e;",
    "\nFrom - Fri May 01 12:00:00 2026\n",
    "Authentication-Results: x; dmarc=fail (((",
    "\u0000\u00ff\u0080",
  );

  it("never throws, and gives the same whatever the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 10 })), { maxLength: 30 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        fc.constantFrom("eml", "mbox"),
        async (pieces, cuts, format) => {
          const bytes = new Uint8Array(Buffer.from(pieces.join(""), "latin1"));
          const at = [...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
          const chunks = at.map((end, i) => bytes.slice(at[i - 1] ?? 0, end));
          const [whole, cut] = [await screen([bytes], format), await screen(chunks, format)];
          expect(cut).toEqual(whole);
        },
      ),
      { numRuns: 120 },
    );
  });
});
