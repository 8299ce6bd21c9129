import * as fc from "fast-check";
import type { LineFormat, LogFormat } from "../hit.ts";
import type { IndexedItem } from "../indicator-index.ts";

const MD5 = "cead3f77f6cda6ec00f57d76c9a6879f";
const SHA1 = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12";
const SHA256 = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";

/** Indicators of every kind, awkward ones among them. */
export const NASTY_ITEMS: readonly IndexedItem<number>[] = (
  [
    ["domain", "evil.example"],
    ["domain", "deep.sub.evil.example"],
    ["domain", "xn--bcher-kva.example"],
    ["domain", "a.b"],
    ["domain", `${"x".repeat(63)}.${"y".repeat(63)}.example`],
    ["domain", "weird.http"],
    ["domain", "xn--e1afmkfd.xn--p1ai"],
    ["ipv4", "1.2.3.4"],
    ["ipv4", "10.20.30.40"],
    ["ipv4", "1.2.3.4"],
    ["cidr4", "10.20.0.0/16"],
    ["cidr4", "10.20.30.0/24"],
    ["cidr4", "10.20.30.40/31"],
    ["cidr4", "77.0.0.0/8"],
    ["ipv6", "2001:db8::1"],
    ["ipv6", "cd::1"],
    ["cidr6", "2001:db8:c2::/48"],
    ["cidr6", "2001:db8:c2:7000::/52"],
    ["url", "http://host.example/a/b?x=1"],
    ["url", "https://bare.example/"],
    ["url", "http://ports.example:8080/p"],
    ["url", "http://5.6.7.8/x"],
    ["url", "http://[2001:db8::5]/six"],
    ["url", "http://localhost/admin"],
    ["url", "https://xn--bcher-kva.example/b"],
    ["url", "ftp://files.example/f"],
    ["email", "Bob@mail.example"],
    ["email", "bob+x@mail.example"],
    ["email", "{bob@mail.example"],
    ["md5", MD5],
    ["sha1", SHA1],
    ["sha256", SHA256],
  ] as const
).map(([kind, value], ref) => ({ kind, value, ref }));

const SPELLINGS: readonly string[] = [
  "evil.example",
  "EVIL.Example",
  "www.evil.example",
  "x.deep.sub.evil.example",
  "evil[.]example",
  "evil(dot)example",
  "evil{.}example",
  "evil\\.example",
  "evil\\\\.example",
  "evil\\x2eexample",
  "evil\\\\x2eexample",
  "evil\\u002eexample",
  "evil%2eexample",
  "evil.exampl%65",
  "evil.exa\u00admple",
  "evil.exam\u200bple",
  "ｅvil.example",
  "evil。example",
  "bücher.example",
  "BÜCHER.example",
  "b%C3%BCcher.example",
  "b\\u00fccher.example",
  "bücher。example",
  "пример.рф",
  "xn--e1afmkfd.xn--p1ai",
  "evil.example…",
  "“evil.example”",
  "a.b",
  `${"x".repeat(63)}.${"y".repeat(63)}.example`,
  "weird.hxxp",
  "weird.h**p",
  "1.2.3.4",
  "1[.]2[.]3[.]4",
  "1.2.3.0-1.2.3.4",
  "10.20.30.41",
  "77.1.2.3",
  "4.3.2.1.in-addr.arpa",
  "40.30.20.10.IN-ADDR.ARPA.",
  "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
  "4.0.3.0.2.0.1.0.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
  "2001:db8::1",
  "2001:DB8:0:0:0:0:0:1",
  "2001:0db8:0000:0000:0000:0000:0000:0001",
  "2001:db8::0.0.0.1",
  "2001:db8:0:0:0:0:0.0.0.1",
  "2001%3Adb8::1",
  "2001:db8[:]:1",
  "::ffff:1.2.3.4",
  "::ffff:0102:0304",
  "0:0:0:0:0:ffff:102:304",
  "64:ff9b::1.2.3.4",
  "ab:cd::1",
  "cd::1",
  "2001:db8:c2:7fff::9",
  "http://host.example/a/b?x=1",
  "hxxp://host[.]example/a/b?x=1",
  "http:\\/\\/host.example\\/a\\/b?x=1",
  "http://user@host.example:80/a/b?x=1).",
  "https://bare.example",
  "http://ports.example:8080/p",
  "http://5.6.7.8/x",
  "http://[2001:db8::5]/six",
  "http://localhost/admin",
  "https://bücher.example/b",
  "ftp[://]files.example/f",
  "bob@mail.example",
  "bob%40mail.example",
  "bob[at]mail[.]example",
  "BOB+x@Mail.Example",
  "{bob@mail.example",
  "hxxp{bob@mail.example",
  MD5,
  MD5.toUpperCase(),
  `${MD5}.bin`,
  SHA1,
  SHA256,
  `${SHA256}0`,
];

const GLUE: readonly string[] = [
  ...Array.from(" \t,;:|/\\.-_@%&=?#'\"`~!$^*()[]{}<>+"),
  "..",
  "...",
  "::",
  "://",
  "0",
  "7",
  "x",
  "é",
  "Ω.",
  "\u00a0",
  "\u2010",
  "\0",
  "\r",
  "\\",
  "\\\\",
  '\\"',
  "\\n",
  "\\u",
  "\\ud83d\\ude00",
  "\\x",
  "\\xc3",
  "%",
  "%2",
  "%2F",
  "%20",
  "%c3",
  "%0a",
  "#012",
  "#177",
  "[.",
  "(d",
  "xn--",
  "client ",
  "12:34:56",
  "00:11:22:33:44:55",
  "y".repeat(40),
  " ".repeat(50),
];

const text: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...SPELLINGS) },
      { weight: 3, arbitrary: fc.constantFrom(...GLUE) },
    ),
    {
      minLength: 1,
      maxLength: 7,
    },
  )
  .map((parts) => parts.join(""));

/** A line of a format, in which almost anything stands in almost any place. */
const LINES: Readonly<Record<LineFormat, (a: string, b: string, c: string) => string>> = {
  "zeek-tsv": (a, b, c) => `1790812345.1\t${a}\t${b}\t${c}\t443`,
  "zeek-json": (a, b, c) => `{"ts":1.5,"host":"${a}","uri":"${b}","id.resp_p":8080,"${c}":1}`,
  eve: (a, b, c) =>
    `{"timestamp":"2026-10-01T06:00:00","event_type":"http","http":{"hostname":"${a}","url":"${b}"},"x":${c}}`,
  json: (a, b, c) => `{"a":"${a}","b":["${b}"],"c":${c}}`,
  "access-log": (a, b, c) => `${a} - - [10/Oct/2000:13:55:36 -0700] "GET ${b} HTTP/1.1" 200 5${c}`,
  squid: (a, b, c) => `1790812345.123 7 ${a} TCP_MISS/200 5 GET ${b} - DIRECT/${c}`,
  bind: (a, b, c) => `${a}client 1.2.3.5#53${b}: query: ${c} IN A`,
  syslog: (a, b, c) => `<13>Oct  1 06:00:00 ${a} ${b} ${c}`,
  csv: (a, b, c) => `${a},"${b}",${c}`,
  text: (a, b, c) => `${a} ${b} ${c}`,
};

const HEADERS: readonly string[] = [
  "#separator \\x09",
  "#set_separator\t,",
  "#set_separator\t.",
  "#set_separator\tx",
  "#fields\tts\thost\turi\tfuid\tid.resp_p",
  "#types\ttime\tstring\tset[string]\tstring\tport",
  "#close\t2026",
];

/** A log whose format is told in advance. */
export interface NastyLog {
  readonly format: LogFormat;
  readonly lines: readonly string[];
}

export const nastyLogs: fc.Arbitrary<NastyLog> = fc
  .constantFrom(...(Object.keys(LINES) as LineFormat[]))
  .chain((format) => {
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(text, text, text).map(([a, b, c]) => LINES[format](a, b, c)) },
      { weight: 1, arbitrary: text },
      { weight: format === "zeek-tsv" ? 2 : 0, arbitrary: fc.constantFrom(...HEADERS) },
    );
    return fc.array(line, { maxLength: 12 }).map((lines) => ({ format, lines }));
  });
