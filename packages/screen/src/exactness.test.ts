import type { IndicatorKind } from "@detente/record";
import { describe, expect, it } from "vitest";
import type { Hit } from "./hit.ts";
import { buildIndicatorIndex } from "./indicator-index.ts";
import { createSieveScreener } from "./engine/sieve-screener.ts";
import { createScreener, type ScreenOptions } from "./screener.ts";
import { imageIndex } from "./testing/sieve.ts";

const MD5 = "cead3f77f6cda6ec00f57d76c9a6879f";
const JA3 = "ada70206e40642a3e4461f35503241d5";
const JA4 = "t13d1516h2_8daaf6152771_e5627efa2ab1";
const SHA256 = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";

const INDICATORS: readonly (readonly [IndicatorKind, string])[] = [
  ["domain", "evil.example"],
  ["domain", "deep.sub.evil.example"],
  ["domain", "xn--bcher-kva.example"],
  ["ipv4", "1.2.3.4"],
  ["ipv4", "10.20.30.40"],
  ["cidr4", "10.20.0.0/16"],
  ["cidr4", "10.20.30.0/24"],
  ["ipv6", "2001:db8::1"],
  ["cidr6", "2001:db8:c2::/48"],
  ["cidr6", "2001:db8:c2:5::/64"],
  ["url", "http://host.example/a/b?x=1"],
  ["url", "https://bare.example/"],
  ["url", "http://ports.example:8080/p"],
  ["email", "Bob@mail.example"],
  ["md5", MD5],
  ["sha256", SHA256],
  ["ja3", JA3],
  ["ja4", JA4],
];

const index = buildIndicatorIndex(INDICATORS.map(([kind, value], ref) => ({ kind, value, ref })));

async function* bytesOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === "string" ? new TextEncoder().encode(text) : text;
}

const fast = createSieveScreener(imageIndex(INDICATORS.map(([kind, value], ref) => ({ kind, value, ref }))));

/** By the walker, and by the sieve, which must agree; it always walks the first line, so there is one before. */
async function screen(text: string | Uint8Array, options: Partial<ScreenOptions> = {}): Promise<Hit<number>[]> {
  const walked = createScreener(index).screen(bytesOf(text), { name: "log", ...options });
  const hits: Hit<number>[] = [];
  for await (const hit of walked) hits.push(hit);
  const format = walked.summary().format ?? "text";
  const behindFirst = Buffer.concat([Buffer.from("\n"), Buffer.from(text)]);
  const kept: Hit<number>[] = [];
  for await (const hit of fast.screen(bytesOf(behindFirst), { name: "log", format })) kept.push(hit);
  expect(kept.map((hit) => ({ ...hit, line: hit.line - 1 }))).toEqual(hits);
  return hits;
}

/** `value @ column class`, in order. */
async function found(text: string | Uint8Array, options: Partial<ScreenOptions> = {}): Promise<string[]> {
  return (await screen(text, options)).map((hit) => `${hit.indicator.value} @${hit.column} ${hit.class}`);
}

describe("domains", () => {
  it("match at label boundaries, in any case, themselves and below", async () => {
    expect(await found("see EVIL.Example here")).toEqual(["evil.example @5 embedded"]);
    expect(await found("a.b.evil.example.")).toEqual(["evil.example @1 embedded"]);
    expect(await found("x.deep.sub.evil.example")).toEqual([
      "deep.sub.evil.example @1 embedded",
      "evil.example @1 embedded",
    ]);
  });

  it("do not match inside other names", async () => {
    for (const text of [
      "notevil.example",
      "not-evil.example",
      "x_evil.example",
      "evil.example.com",
      "evil.examples",
      "evil.example-cdn.test",
      "evil.example_x",
      "evil-example",
      "evil .example",
      "evil..example",
      "example",
    ]) {
      expect(await found(text)).toEqual([]);
    }
  });

  it("end at punctuation, ports, paths and ellipses", async () => {
    for (const text of [
      "(evil.example)",
      "<evil.example>",
      "'evil.example'",
      "=evil.example;",
      ",evil.example,",
      "`evil.example`",
    ]) {
      expect(await found(text)).toEqual(["evil.example @2 embedded"]);
    }
    expect(await found("evil.example:443")).toEqual(["evil.example @1 embedded"]);
    expect(await found("evil.example...more")).toEqual(["evil.example @1 embedded"]);
    expect(await found("Domain=.evil.example")).toEqual(["evil.example @9 embedded"]);
  });

  it("match in URLs and e-mail addresses", async () => {
    expect(await found("http://www.evil.example/x")).toEqual(["evil.example @8 embedded"]);
    expect(await found("http://user@evil.example:81/x?y")).toEqual(["evil.example @13 embedded"]);
    expect(await found("/go?u=http%3A%2F%2Fevil%2eexample%2Fx")).toEqual(["evil.example @20 embedded"]);
    expect(await found("someone@evil.example")).toEqual(["evil.example @9 embedded"]);
    expect(await found("evil.example%2ecom")).toEqual([]);
  });

  it("match as U-labels and as A-labels", async () => {
    expect(await found("bücher.example")).toEqual(["xn--bcher-kva.example @1 embedded"]);
    expect(await found("www.BÜCHER.example")).toEqual(["xn--bcher-kva.example @1 embedded"]);
    expect(await found("XN--BCHER-KVA.EXAMPLE")).toEqual(["xn--bcher-kva.example @1 embedded"]);
    expect(await found("bücher。example")).toEqual(["xn--bcher-kva.example @1 embedded"]);
    expect(await found("b%C3%BCcher.example")).toEqual(["xn--bcher-kva.example @1 embedded"]);
    expect(await found("“evil.example” — evil.example\u00a01.2.3.4")).toEqual([
      // The opening quotation mark has three bytes.
      "evil.example @4 embedded",
      "evil.example @24 embedded",
      "1.2.3.4 @38 embedded",
    ]);
    expect(await found("éevil.example")).toEqual([]);
  });

  it("match defanged", async () => {
    expect(await found("evil[.]example")).toEqual(["evil.example @1 embedded"]);
    expect(await found("hxxp://evil(dot)example/x")).toEqual(["evil.example @8 embedded"]);
    expect(await found("evil\\.example 1[.]2[.]3[.]4")).toEqual(["evil.example @1 embedded", "1.2.3.4 @15 embedded"]);
    expect(await found("evil.example[.]com")).toEqual([]);
    expect((await screen("see evil[.]example."))[0]?.match).toBe("evil[.]example");
  });

  it("match through \\x and \\u escapes", async () => {
    expect(await found("evil\\x2eexample")).toEqual(["evil.example @1 embedded"]);
    expect(await found("evil.example\\x2ecom")).toEqual([]);
    const json = JSON.stringify({ q: "@" }).replace("@", "evil\\u002eexample");
    expect(await found(json)).toEqual(["evil.example @7 exact-field"]);
    expect(await found('{"q":"\\u0065vil.example\\n\\/"}')).toEqual(["evil.example @7 embedded"]);
    expect(await found('{"q":"b\\u00fccher.example"}')).toEqual(["xn--bcher-kva.example @7 exact-field"]);
    expect(await found('{"q":"evil.example\\u002ecom"}')).toEqual([]);
    expect(await found('{"q":"evil\\\\x2eexample"}')).toEqual(["evil.example @7 exact-field"]);
    expect(await found('{"q":"evil\\u002Eexample"}')).toEqual(["evil.example @7 exact-field"]);
    expect(await found("evil\\x2Eexample")).toEqual(["evil.example @1 embedded"]);
  });

  it("end at JSON's escapes, which are no letters of theirs", async () => {
    for (const escape of ["\\n", "\\/", '\\"', "\\t", "\\u0020"]) {
      expect(await found(`{"q":"x${escape}evil.example${escape}x"}`)).toEqual([
        `evil.example @${8 + escape.length} embedded`,
      ]);
    }
    expect(await found('{"q":"\\\\nevil.example"}')).toEqual([]);
    expect(await found('{"q":"\\ud83d\\ude00evil.example"}')).toEqual(["evil.example @19 embedded"]);
  });
});

describe("addresses", () => {
  it("match alone, with a port, in a range", async () => {
    expect(await found("1.2.3.4")).toEqual(["1.2.3.4 @1 embedded"]);
    expect(await found("from 1.2.3.4:443.")).toEqual(["1.2.3.4 @6 embedded"]);
    expect(await found("1.2.3.4->1.2.3.5")).toEqual(["1.2.3.4 @1 embedded"]);
    expect(await found("1.2.3.0-1.2.3.4")).toEqual(["1.2.3.4 @9 embedded"]);
    expect(await found("[1.2.3.4]#53")).toEqual(["1.2.3.4 @2 embedded"]);
  });

  it("do not match inside other numbers, versions and names", async () => {
    for (const text of [
      "1.2.3.45",
      "11.2.3.4",
      "1.2.3.4.5",
      "0.1.2.3.4",
      "001.2.3.4",
      "1.02.3.4",
      "1.2.3.04",
      "1.2.3",
      "v1.2.3.4",
      "1.2.3.4a",
      "lib-1.2.3.4-1.el7",
      "1.2.3.4.host.test",
      "1-2-3-4",
      "0x1.2.3.4",
    ]) {
      expect(await found(text)).toEqual([]);
    }
  });

  it("report every network around them, the narrowest first", async () => {
    expect(await found("10.20.30.40")).toEqual([
      "10.20.30.40 @1 embedded",
      "10.20.30.0/24 @1 cidr",
      "10.20.0.0/16 @1 cidr",
    ]);
    expect(await found("10.20.31.1 10.21.0.0")).toEqual(["10.20.0.0/16 @1 cidr"]);
    expect(await found("2001:db8:c2:ffff::9 2001:db8:c3::")).toEqual(["2001:db8:c2::/48 @1 cidr"]);
    expect(await found("2001:db8:c2:5::9")).toEqual(["2001:db8:c2:5::/64 @1 cidr", "2001:db8:c2::/48 @1 cidr"]);
  });

  it("match as IPv6 in every spelling", async () => {
    for (const text of [
      "2001:db8::1",
      "2001:DB8::1",
      "2001:0db8:0000:0000:0000:0000:0000:0001",
      "2001:db8:0:0:0:0:0:1",
      "2001:db8::0.0.0.1",
    ]) {
      expect(await found(text)).toEqual(["2001:db8::1 @1 embedded"]);
    }
    expect(await found("[2001:db8::1]:443")).toEqual(["2001:db8::1 @2 embedded"]);
    expect(await found("to 2001:db8::1, then")).toEqual(["2001:db8::1 @4 embedded"]);
    expect(await found("to 2001:db8::1.")).toEqual(["2001:db8::1 @4 embedded"]);
    expect(await found("2001:db8::1%eth0")).toEqual(["2001:db8::1 @1 embedded"]);
    expect(await found("src:2001:db8::1:")).toEqual(["2001:db8::1 @5 embedded"]);
    for (const text of ["2001:db8::11", "x2001:db8::1", "2001:db8::1x", "1:2001:db8::1", "2001:db8::1:0", "12:34:56"]) {
      expect(await found(text)).toEqual([]);
    }
  });

  it("match IPv4-mapped, dotted and in hex, but not other addresses with a dotted tail", async () => {
    expect(await found("::ffff:1.2.3.4")).toEqual(["1.2.3.4 @1 embedded"]);
    expect(await found("::ffff:0102:0304")).toEqual(["1.2.3.4 @1 embedded"]);
    expect(await found("0:0:0:0:0:FFFF:102:304")).toEqual(["1.2.3.4 @1 embedded"]);
    expect(await found("64:ff9b::1.2.3.4 1.2.3.4")).toEqual(["1.2.3.4 @18 embedded"]);
  });

  it("match as reverse names", async () => {
    expect(await found("4.3.2.1.in-addr.arpa")).toEqual(["1.2.3.4 @1 embedded"]);
    expect(await found("40.30.20.10.IN-ADDR.ARPA.")).toEqual([
      "10.20.30.40 @1 embedded",
      "10.20.30.0/24 @1 cidr",
      "10.20.0.0/16 @1 cidr",
    ]);
    const nibbles = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
    expect(await found(nibbles)).toEqual(["2001:db8::1 @1 embedded"]);
    // A delegation below an octet (RFC 2317 §4) is no address.
    expect(await found("0/4.3.2.1.in-addr.arpa")).toEqual([]);
    expect(await found("dns://ns/4.3.2.1.in-addr.arpa")).toEqual(["1.2.3.4 @10 embedded"]);
    for (const text of ["4.3.2.in-addr.arpa", "04.3.2.1.in-addr.arpa", `x${nibbles}`, nibbles.slice(2)]) {
      expect(await found(text)).toEqual([]);
    }
  });
});

describe("hashes, addresses of mail, URLs", () => {
  it("match digests in any case at their full length only", async () => {
    expect(await found(`md5=${MD5.toUpperCase()};`)).toEqual([`${MD5} @5 embedded`]);
    expect(await found(`/f/${SHA256}.bin`)).toEqual([`${SHA256} @4 embedded`]);
    for (const text of [`${MD5}0`, `0${MD5}`, `x-${MD5}`, SHA256.slice(1), `${SHA256}${MD5}`])
      expect(await found(text)).toEqual([]);
  });

  it("match fingerprints of TLS clients whole", async () => {
    expect(await found(`ja3=${JA3.toUpperCase()}`)).toEqual([`${JA3} @5 embedded`]);
    expect(await found(`(${JA4.toUpperCase()}),`)).toEqual([`${JA4} @2 embedded`]);
    // As Suricata's eve.json has them.
    expect(await found(`{"tls":{"ja3":{"hash":"${JA3}"},"ja4":"${JA4}"}}`)).toEqual([
      `${JA3} @24 exact-field`,
      `${JA4} @66 exact-field`,
    ]);
    for (const text of [`${JA4}_r`, `x${JA4}`, JA4.slice(0, -1), JA4.slice(0, 23), `${JA4}-1`]) {
      expect(await found(text)).toEqual([]);
    }
  });

  it("match e-mail addresses whole", async () => {
    for (const text of ["<bob@mail.example>", "=BOB@Mail.Example,", "'bob@mail.example'", ":bob[at]mail[.]example."]) {
      expect(await found(text)).toEqual(["Bob@mail.example @2 embedded"]);
    }
    expect(await found("user=bob@mail.example")).toEqual(["Bob@mail.example @6 embedded"]);
    expect(await found("bob%40mail.example")).toEqual(["Bob@mail.example @1 embedded"]);
    for (const text of [
      "jimbob@mail.example",
      "x.bob@mail.example",
      "x+bob@mail.example",
      "bob@mail.example.com",
      "bob@x.mail.example",
      "bob`mail.example",
    ]) {
      expect(await found(text)).toEqual([]);
    }
  });

  it("match URLs by their canonical form", async () => {
    for (const text of [
      "http://host.example/a/b?x=1",
      "HTTP://HOST.example:80/a/b?x=1",
      "hxxp://host[.]example/a/b?x=1",
      "http://host.example/a/b?x=1#top",
      "http://user@host.example/a/b?x=1",
      "http://host.example/a/b?x=1).",
    ]) {
      expect(await found(text)).toEqual(["http://host.example/a/b?x=1 @1 url"]);
    }
    expect(await found('"https://bare.example"')).toEqual(["https://bare.example/ @2 url"]);
    expect(await found("see https://bare.example.")).toEqual(["https://bare.example/ @5 url"]);
    for (const text of [
      "https://host.example/a/b?x=1",
      "http://host.example/A/b?x=1",
      "http://host.example/a/b?x=10",
      "http://host.example/a/b",
      "http://x.host.example/a/b?x=1",
      "http://host.example:81/a/b?x=1",
    ]) {
      expect(await found(text)).toEqual([]);
    }
  });
});
