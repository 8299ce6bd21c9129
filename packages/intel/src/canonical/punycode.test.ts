import { domainToASCII, domainToUnicode } from "node:url";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePunycode, unicodeName } from "./punycode.ts";

describe("Punycode", () => {
  // RFC 3492 §7.1 (B), (D), (I), (L), (S).
  it.each([
    ["ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"],
    ["Proprostnemluvesky-uyb24dma41a", "Pročprostěnemluvíčesky"],
    ["b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"],
    ["3B-ww4c5e180e575a65lsy2b", "3年B組金八先生"],
    ["-> $1.00 <--", "-> $1.00 <-"],
  ])("decodes %s", (encoded, text) => {
    expect(decodePunycode(encoded)).toBe(text);
  });

  it("refuses what is none", () => {
    for (const text of ["99999999", "a-!", "é", "x".repeat(64), "a-9"]) expect(decodePunycode(text)).toBeUndefined();
    expect(unicodeName("xn--a-!.example")).toBe("xn--a-!.example");
  });

  it("shows names as Node does, and never throws", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\p{L}]{1,12}$/u), (label) => {
        const name = domainToASCII(`${label}.example`);
        fc.pre(name !== "");
        expect(unicodeName(name)).toBe(domainToUnicode(name));
      }),
    );
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9-]{0,63}$/), (text) => void decodePunycode(text)));
  });
});
