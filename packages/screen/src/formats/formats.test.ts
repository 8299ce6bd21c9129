import { describe, expect, it } from "vitest";
import type { LogFormat } from "../hit.ts";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { createScreener } from "../screener.ts";

const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
  { kind: "url", value: "http://host.example/stage?id=1", ref: 2 },
  { kind: "url", value: "http://host.example:8080/p", ref: 3 },
  { kind: "email", value: "bob@mail.example", ref: 4 },
]);

async function screen(
  text: string,
  format?: LogFormat,
): Promise<{ format: LogFormat | null; hits: string[]; flags: string[] }> {
  const source = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  const screening = createScreener(index).screen(source, { name: "log", ...(format && { format }) });
  const hits: string[] = [];
  for await (const hit of screening) {
    const time = hit.time === null ? "-" : new Date(hit.time).toISOString();
    hits.push(`${hit.line}:${hit.column} ${hit.field} ${hit.indicator.ref} ${hit.class} ${time}`);
  }
  const { format: told, flags } = screening.summary();
  return { format: told, hits, flags: flags.map(({ code, count, line }) => `${code} ${count} ${line}`) };
}

// From the Zeek documentation ("Log Formats"), with our names and addresses put in.
const ZEEK_DNS = String.raw`#separator \x09
#set_separator	,
#empty_field	(empty)
#unset_field	-
#path	dns
#open	2026-05-01-12-00-00
#fields	ts	uid	id.orig_h	query	answers
#types	time	string	addr	string	vector[string]
1777636800.250000	C1	10.0.0.1	evil.example	198.51.100.7,www.evil.example
1777636801.000000	C2	198.51.100.7	a\x2devil.example	txt\x2cevil.example,-
1777636802.000000	C3	10.0.0.1	b.evil\x2eexample	-
#close	2026-05-01-13-00-00
`;

describe("Zeek", () => {
  it("TSV: columns, elements of vectors, escapes, times", async () => {
    expect(await screen(ZEEK_DNS)).toEqual({
      format: "zeek-tsv",
      hits: [
        "9:31 query 0 exact-field 2026-05-01T12:00:00.250Z",
        "9:44 answers 1 exact-field 2026-05-01T12:00:00.250Z",
        "9:57 answers 0 subdomain 2026-05-01T12:00:00.250Z",
        "10:22 id.orig_h 1 exact-field 2026-05-01T12:00:01.000Z",
        "10:60 answers 0 embedded 2026-05-01T12:00:01.000Z",
        "11:31 query 0 subdomain 2026-05-01T12:00:02.000Z",
      ],
      flags: [],
    });
  });

  it("TSV: other separators, CR LF, a second header, a row of the wrong width", async () => {
    const text = [
      "#separator \\x7c",
      "#set_separator|;",
      "#fields|ts|host|names",
      "#types|time|string|set[string]",
      "1777636800.000000|evil.example|a.test;evil.example",
      "#fields|query|ts",
      "evil.example|1777636801.000000",
      "evil.example|1777636801.000000|more",
    ].join("\r\n");
    expect(await screen(text)).toMatchObject({
      hits: [
        "5:19 host 0 exact-field 2026-05-01T12:00:00.000Z",
        "5:39 names 0 exact-field 2026-05-01T12:00:00.000Z",
        "7:1 query 0 exact-field 2026-05-01T12:00:01.000Z",
        "8:1 text 0 embedded 2026-05-01T12:00:01.000Z",
      ],
      flags: ["not-in-format 1 8"],
    });
  });

  it("joins host and uri, with the port of the connection where the host has none", async () => {
    const text = [
      "#separator \\x09",
      "#fields\tts\tid.resp_p\thost\turi",
      "#types\ttime\tport\tstring\tstring",
      "1777636800.0\t80\thost.example\t/stage?id=1",
      "1777636800.0\t8080\tHOST.example\t/p",
      "1777636800.0\t80\thost.example:8080\t/p",
      "1777636800.0\t80\thost.example\t/p",
      "1777636800.0\t80\tother.example\t/stage?id=1",
    ].join("\n");
    expect((await screen(text)).hits).toEqual([
      "4:30 uri 2 url 2026-05-01T12:00:00.000Z",
      "5:32 uri 3 url 2026-05-01T12:00:00.000Z",
      "6:35 uri 3 url 2026-05-01T12:00:00.000Z",
    ]);
  });

  it("JSON: flat names and times as numbers", async () => {
    const line =
      '{"ts":1777636800.5,"uid":"C1","id.orig_h":"198.51.100.7","id.resp_p":80,"host":"host.example","uri":"/stage?id=1"}';
    expect(await screen(`${line}\n`)).toEqual({
      format: "zeek-json",
      hits: ["1:44 id.orig_h 1 exact-field 2026-05-01T12:00:00.500Z", "1:102 uri 2 url 2026-05-01T12:00:00.500Z"],
      flags: [],
    });
  });
});

describe("JSON", () => {
  const head = '{"timestamp":"2026-05-01T14:00:00.123456+0200","event_type":"x",';
  const at = head.length;

  it("Suricata EVE: paths, arrays, the request joined", async () => {
    const text = [
      `${head}"dest_ip":"198.51.100.7","dns":{"rrname":"www.evil.example","answers":[{"rdata":"198.51.100.7"}]}}`,
      `${head}"dest_port":80,"http":{"hostname":"host.example","url":"\\/stage?id=1"}}`,
      `${head}"dest_port":8080,"http":{"hostname":"host.example","url":"/p"}}`,
      `${head}"dest_port":80,"tls":{"hostname":"host.example","url":"/stage?id=1"}}`,
      `${head}"email":{"from":"Bob <bob@mail.example>","to":["bob@mail.example"]}}`,
    ].join("\n");
    const time = "2026-05-01T12:00:00.123Z";
    const { format, hits } = await screen(text);
    expect(format).toBe("eve");
    expect(hits).toEqual([
      `1:${at + 12} dest_ip 1 exact-field ${time}`,
      `1:${at + 43} dns.rrname 0 subdomain ${time}`,
      `1:${at + 82} dns.answers.rdata 1 exact-field ${time}`,
      `2:${at + 57} http.url 2 url ${time}`,
      `3:${at + 59} http.url 3 url ${time}`,
      `5:${at + 23} email.from 4 embedded ${time}`,
      `5:${at + 49} email.to 4 exact-field ${time}`,
    ]);
  });

  it("any JSON lines: names of members, text around and after JSON, lines that are none", async () => {
    const { format, hits, flags } = await screen(
      [
        '{"@timestamp":"2026-05-01T12:00:00Z","evil.example":1,"n":{"a b":["x",["evil.example"]]}}',
        '{"a":"b"} evil.example',
        '{"a":{"b":"evil.example"',
        '{"a":"evil.example',
        "evil.example",
        '{"a":evil.example,"b":true}',
      ].join("\n"),
    );
    expect(format).toBe("json");
    expect(hits).toEqual([
      "1:39 evil.example 0 exact-field 2026-05-01T12:00:00.000Z",
      "1:73 n.a b 0 exact-field 2026-05-01T12:00:00.000Z",
      "2:11 text 0 embedded -",
      "3:12 text 0 embedded -",
      "4:7 text 0 embedded -",
      "5:1 text 0 embedded -",
      "6:6 text 0 embedded -",
    ]);
    expect(flags).toEqual(["not-in-format 3 3"]);
  });
});

describe("columns", () => {
  it("nginx and Apache, common, combined and with a virtual host", async () => {
    const time = "2000-10-10T20:55:36.000Z";
    // The line of the Apache documentation ("Log Files"), with our addresses.
    const common = '198.51.100.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326';
    const { format, hits } = await screen(
      [
        common,
        `${common} "http://host.example/stage?id=1" "Mozilla/4.08 \\"evil.example\\" [en]"`,
        `www.evil.example:80 ${common} "-" "-"`,
        `10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET http://host.example/stage?id=1 HTTP/1.1" 200 1 "-" "-" "198.51.100.7"`,
        `10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "\\x16\\x03 evil\\x2eexample" 400 0 "-" "-"`,
      ].join("\n"),
    );
    expect(format).toBe("access-log");
    expect(hits).toEqual([
      `1:1 remote_addr 1 exact-field ${time}`,
      `2:1 remote_addr 1 exact-field ${time}`,
      `2:${common.length + 3} referer 2 url ${time}`,
      `2:${common.length + 51} user_agent 0 embedded ${time}`,
      `3:1 server_name 0 subdomain ${time}`,
      `3:21 remote_addr 1 exact-field ${time}`,
      `4:48 request 2 url ${time}`,
      `4:104 text 1 embedded ${time}`,
      `5:53 request 0 embedded ${time}`,
    ]);
  });

  it("Squid", async () => {
    const text = [
      "1777636800.123   1042 198.51.100.7 TCP_MISS/200 1024 GET http://host.example/stage?id=1 - HIER_DIRECT/198.51.100.7 text/html",
      "1777636800.123     10 10.0.0.1 TCP_TUNNEL/200 39 CONNECT www.evil.example:443 - HIER_DIRECT/192.0.2.9 -",
    ].join("\n");
    const time = "2026-05-01T12:00:00.123Z";
    expect(await screen(text)).toEqual({
      format: "squid",
      hits: [
        `1:23 client 1 exact-field ${time}`,
        `1:58 url 2 url ${time}`,
        `1:103 peer 1 exact-field ${time}`,
        `2:58 url 0 subdomain ${time}`,
      ],
      flags: [],
    });
  });

  it("BIND's query log", async () => {
    const line =
      "01-May-2026 12:00:00.123 queries: info: client @0x7f01 198.51.100.7#53124 (www.evil.example): query: www.evil.example IN A +E(0)K (10.0.0.53)";
    const time = "2026-05-01T12:00:00.123Z";
    expect(await screen(line)).toEqual({
      format: "bind",
      hits: [`1:56 client 1 exact-field ${time}`, `1:102 query 0 subdomain ${time}`],
      flags: [],
    });
  });

  it("syslog, old and new, and any text", async () => {
    expect(await screen("<34>Oct 11 22:14:15 mymachine su: evil.example\n")).toMatchObject({
      format: "syslog",
      hits: ["1:35 text 0 embedded -"],
    });
    // The first example of RFC 5424 §6.5, with our name.
    expect(
      await screen("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - for evil.example\n"),
    ).toMatchObject({
      format: "syslog",
      hits: ["1:70 text 0 embedded 2003-10-11T22:14:15.003Z"],
    });
    expect(await screen("2026-05-01 12:00:00,123 INFO evil.example\n")).toMatchObject({
      format: "text",
      hits: ["1:30 text 0 embedded 2026-05-01T12:00:00.123Z"],
    });
  });
});

describe("whatever the format", () => {
  it("says when lines are not UTF-8, and when a file is UTF-16", async () => {
    const screening = createScreener(index).screen(
      (async function* () {
        yield Uint8Array.from([...Buffer.from("a\nevil.example "), 0xff, 0x80, ...Buffer.from(" 198.51.100.7\r\n")]);
      })(),
      { name: "x" },
    );
    const hits = [];
    for await (const hit of screening) hits.push(`${hit.line}:${hit.column}`);
    expect(hits).toEqual(["2:1", "2:17"]);
    expect(screening.summary()).toMatchObject({
      lines: 2,
      bytes: 32,
      hits: 2,
      flags: [{ code: "invalid-utf8", count: 1, line: 2 }],
    });

    const wide = createScreener(index).screen(
      (async function* () {
        yield new Uint8Array(Buffer.from("\ufeffevil.example\n", "utf16le"));
      })(),
      { name: "x" },
    );
    for await (const _ of wide) expect.unreachable();
    expect(wide.summary().flags[0]?.code).toBe("utf-16");
  });

  it("skips a byte order mark and keeps columns in bytes", async () => {
    expect((await screen("\ufeff198.51.100.7 x\n")).hits).toEqual(["1:4 text 1 embedded -"]);
    expect((await screen("äö 198.51.100.7\r\n")).hits).toEqual(["1:6 text 1 embedded -"]);
  });

  it("tallies by indicator, with times and what the log covers", async () => {
    const source = (async function* () {
      yield new TextEncoder().encode(ZEEK_DNS);
    })();
    const screening = createScreener(index).screen(source, { name: "dns.log" });
    for await (const _ of screening) continue;
    const noon = Date.UTC(2026, 4, 1, 12);
    expect(screening.summary()).toMatchObject({
      name: "dns.log",
      lines: 12,
      bytes: ZEEK_DNS.length,
      hits: 6,
      from: noon + 250,
      to: noon + 2000,
      byIndicator: [
        { indicator: { ref: 0 }, count: 4, line: 9, first: noon + 250, last: noon + 2000 },
        { indicator: { ref: 1 }, count: 2, line: 9, first: noon + 250, last: noon + 1000 },
      ],
    });
  });
});
