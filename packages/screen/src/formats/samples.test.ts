import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { screenAll } from "../testing/screening.ts";

const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
  { kind: "url", value: "http://host.example/stage?id=1", ref: 2 },
  { kind: "email", value: "bob@mail.example", ref: 4 },
  { kind: "sha256", value: "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f", ref: 5 },
  { kind: "ja3", value: "ada70206e40642a3e4461f35503241d5", ref: 6 },
  { kind: "ja4", value: "t13d1516h2_8daaf6152771_e5627efa2ab1", ref: 7 },
  { kind: "ipv6", value: "2001:db8::7", ref: 8 },
]);

/** `field ref class` of each hit, and the format that was told. */
async function fields(...lines: readonly string[]): Promise<{ format: string | null; hits: string[]; flags: string }> {
  const { format, hits, flags } = await screenAll(index, lines.join("\n"));
  return { format, hits: hits.map((hit) => hit.split(" ").slice(1, -1).join(" ")), flags: flags.join() };
}

async function time(line: string): Promise<string | undefined> {
  return (await screenAll(index, line)).hits[0]?.split(" ").at(-1);
}

describe("Zeek", () => {
  it("writes any of its logs as JSON", async () => {
    expect(
      await fields(
        // Field names of Zeek's files.log, x509.log and ssl.log with the ja3 and ja4 packages.
        '{"ts":1777636800.1,"fuid":"F1","uid":"C1","id.orig_h":"198.51.100.7","sha256":"AEC070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f"}',
        '{"ts":1777636800.1,"uid":"C2","server_name":"www.evil.example","ja3":"ada70206e40642a3e4461f35503241d5","ja4":"t13d1516h2_8daaf6152771_e5627efa2ab1"}',
        '{"ts":"2026-05-01T12:00:00.100000Z","fuid":"F3","san.dns":["evil.example","*.evil.example"]}',
      ),
    ).toEqual({
      format: "zeek-json",
      hits: [
        "id.orig_h 1 exact-field",
        "sha256 5 exact-field",
        "server_name 0 subdomain",
        "ja3 6 exact-field",
        "ja4 7 exact-field",
        "san.dns 0 exact-field",
        "san.dns 0 embedded",
      ],
      flags: "",
    });
  });
});

describe("Suricata's eve.json", () => {
  const event = (type: string, rest: string): string =>
    `{"timestamp":"2026-05-01T12:00:00.000000+0000","flow_id":1,"event_type":"${type}","src_ip":"10.0.0.1","dest_port":80,${rest}}`;

  it("has a field of its own for what each event type says", async () => {
    // Members as "Eve JSON Format" of the Suricata user guide names them.
    expect(
      await fields(
        event(
          "alert",
          '"alert":{"signature":"ET evil.example"},"http":{"hostname":"host.example","url":"\\/stage?id=1"}',
        ),
        event("dns", '"dns":{"version":3,"queries":[{"rrname":"evil.example"}],"grouped":{"A":["198.51.100.7"]}}'),
        event("tls", '"tls":{"sni":"a.evil.example","ja3":{"hash":"ada70206e40642a3e4461f35503241d5"}}'),
        event("quic", '"quic":{"sni":"evil.example","ja4":"t13d1516h2_8daaf6152771_e5627efa2ab1"}'),
        event(
          "fileinfo",
          '"http":{"hostname":"host.example","url":"/stage?id=1","http_refer":"http:\\/\\/host.example\\/stage?id=1"},"fileinfo":{"sha256":"aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f"}',
        ),
        event("smtp", '"smtp":{"helo":"evil.example","mail_from":"<bob@mail.example>","rcpt_to":["<a@b.test>"]}'),
        event("flow", '"dest_ip":"2001:0db8:0000:0000:0000:0000:0000:0007"'),
        event("anomaly", '"anomaly":{"event":"evil.example"}'),
        event("stats", '"stats":{"uptime":5}'),
      ),
    ).toEqual({
      format: "eve",
      hits: [
        "alert.signature 0 embedded",
        "http.url 2 url",
        "dns.queries.rrname 0 exact-field",
        "dns.grouped.A 1 exact-field",
        "tls.sni 0 subdomain",
        "tls.ja3.hash 6 exact-field",
        "quic.sni 0 exact-field",
        "quic.ja4 7 exact-field",
        "http.url 2 url",
        "http.http_refer 2 url",
        "fileinfo.sha256 5 exact-field",
        "smtp.helo 0 exact-field",
        "smtp.mail_from 4 exact-field",
        "dest_ip 8 exact-field",
        "anomaly.event 0 exact-field",
      ],
      flags: "",
    });
  });

  it("sent through syslog is text", async () => {
    const line = `<134>May  1 12:00:00 ids suricata[7]: ${event("dns", '"dns":{"rrname":"evil.example","u":"http:\\/\\/evil.example\\/"}')}`;
    expect(await fields(line)).toMatchObject({ format: "syslog", hits: ["text 0 embedded", "text 0 embedded"] });
  });
});

describe("web servers", () => {
  const rest = '- - [10/Oct/2000:13:55:36 -0700] "GET /stage?id=1 HTTP/1.1" 200 2326';

  it("name virtual hosts with and without a port, and join them with the request", async () => {
    expect(
      await fields(
        `evil.example:443 198.51.100.7 ${rest}`,
        `www.evil.example 198.51.100.7 ${rest} "-" "-"`,
        `host.example:80 10.0.0.1 ${rest} "-" "-"`,
        `host.example 10.0.0.1 ${rest}`,
        `host.example:81 10.0.0.1 ${rest}`,
        `10.0.0.2:80 198.51.100.7 ${rest}`,
      ),
    ).toEqual({
      format: "access-log",
      hits: [
        "server_name 0 exact-field",
        "remote_addr 1 exact-field",
        "server_name 0 subdomain",
        "remote_addr 1 exact-field",
        "request 2 url",
        "request 2 url",
        "remote_addr 1 exact-field",
      ],
      flags: "",
    });
  });

  it("look clients up, have users with blanks, and are reached by IPv6", async () => {
    expect(
      await fields(
        `evil.example ${rest}`,
        `www.evil.example - john doe ${rest.slice(4)}`,
        `2001:db8::7 - "john doe" ${rest.slice(4)}`,
        `2001:db8::7 ${rest}`,
      ),
    ).toMatchObject({
      format: "access-log",
      hits: [
        "remote_addr 0 exact-field",
        "remote_addr 0 subdomain",
        "remote_addr 8 exact-field",
        "remote_addr 8 exact-field",
      ],
      flags: "",
    });
  });

  it("write errors as text, with times", async () => {
    // nginx's ngx_log_error_core, and the example of Apache's "Log Files", with our names.
    const nginx =
      '2026/05/01 12:00:00 [error] 1234#0: *5 open() "/srv/x" failed (2: No such file or directory), client: 198.51.100.7, server: a.test, request: "GET /x HTTP/1.1", host: "evil.example", referrer: "http://host.example/stage?id=1"';
    const apache =
      "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] [client 198.51.100.7:55555] File does not exist: /usr/local/apache2/htdocs/favicon.ico, referer: http://evil.example/";
    expect(await fields(nginx)).toEqual({
      format: "text",
      hits: ["text 1 embedded", "text 0 embedded", "text 2 url"],
      flags: "",
    });
    expect(await fields(apache)).toMatchObject({ format: "text", hits: ["text 1 embedded", "text 0 embedded"] });
    expect(await time(nginx)).toBe("2026-05-01T12:00:00.000Z");
    expect(await time(apache)).toBe("2011-09-09T10:42:29.902Z");
  });
});

describe("Squid", () => {
  it("whatever became of the request", async () => {
    expect(
      await fields(
        "1777636800.001      0 198.51.100.7 NONE_NONE/400 3890 - error:invalid-request - HIER_NONE/- text/html",
        "1777636800.002  60123 198.51.100.7 TCP_TUNNEL_ABORTED/200 0 CONNECT evil.example:443 bob FIRSTUP_PARENT/198.51.100.7 -",
        "1777636800.003     -1 2001:db8::7 TCP_DENIED/403 0 GET http://host.example/stage?id=1 - HIER_NONE/- text/html",
      ),
    ).toMatchObject({
      format: "squid",
      hits: [
        "client 1 exact-field",
        "client 1 exact-field",
        "url 0 exact-field",
        "peer 1 exact-field",
        "client 8 exact-field",
        "url 2 url",
      ],
      flags: "",
    });
  });
});

describe("JSON of services", () => {
  it.each([
    ["AWS CloudTrail", '"eventTime":"2026-05-01T12:00:00Z"'],
    ["Microsoft 365", '"CreationTime":"2026-05-01T12:00:00"'],
    ["Kubernetes", '"requestReceivedTimestamp":"2026-05-01T12:00:00.000000Z"'],
    ["Okta", '"published":"2026-05-01T12:00:00.000Z"'],
    ["journald", '"__REALTIME_TIMESTAMP":"1777636800000000"'],
  ])("%s says when", async (_, member) => {
    expect(await time(`{"v":1,${member},"client":"198.51.100.7"}`)).toBe("2026-05-01T12:00:00.000Z");
  });
});

describe("BIND", () => {
  const query =
    "client @0x7f2c 198.51.100.7#53124 (www.evil.example): query: www.evil.example IN AAAA -E(0)DC (10.0.0.53)";
  const hits = ["client 1 exact-field", "query 0 subdomain"];

  it.each([
    query,
    query.replace("@0x7f2c ", ""),
    `01-May-2026 12:00:00.123 ${query}`,
    `01-May-2026 12:00:00.123 queries: info: ${query}`,
    `01-May-2026 12:00:00.123 info: ${query}`,
    `2026-05-01T12:00:00.123Z queries: info: ${query}`,
    `May  1 12:00:00 ns1 named[123]: ${query}`,
    query.replace(": query", ": view internal: query"),
    query.replace("#53124", "#53124/key update-key"),
    query.replace(": query: www.evil.example IN AAAA", ": response: www.evil.example IN AAAA NOERROR"),
  ])("%s", async (line) => {
    expect(await fields(line)).toEqual({ format: "bind", hits, flags: "" });
  });

  it("counts a name once that stands twice, two names that differ twice", async () => {
    const other = query.replace("(www.evil.example)", "(evil.example)");
    expect((await fields(other)).hits).toEqual(["client 1 exact-field", "text 0 embedded", "query 0 subdomain"]);
    const longer = query.replace("(www.evil.example)", "(www.evil.exampl)").replace("query: www", "query: x.www");
    expect((await fields(longer)).hits).toEqual(["client 1 exact-field", "query 0 subdomain"]);
  });

  it("has times of both kinds, and clients with a zone", async () => {
    expect(await time(`01-May-2026 12:00:00.123 ${query}`)).toBe("2026-05-01T12:00:00.123Z");
    expect(await time(`2026-05-01T12:00:00.123Z ${query}`)).toBe("2026-05-01T12:00:00.123Z");
    expect(await time(`2026-05-01T14:00:00.123+02:00 ${query}`)).toBe("2026-05-01T12:00:00.123Z");
    expect(await fields("client fe80::1%eth0#53 (a.test): query: evil.example IN A + (::1)")).toMatchObject({
      format: "bind",
      hits: ["query 0 exact-field"],
    });
  });
});

describe("syslog and mail servers", () => {
  it("Postfix", async () => {
    expect(
      await fields(
        "May  1 12:00:00 mx postfix/smtpd[1234]: 4F1C2: client=mail.evil.example[198.51.100.7]",
        "May  1 12:00:00 mx postfix/qmgr[1]: 4F1C2: from=<bob@mail.example>, size=1, nrcpt=1 (queue active)",
        "May  1 12:00:00 mx postfix/smtp[2]: 4F1C2: to=<a@b.test>, orig_to=<bob@mail.example>, relay=mx.evil.example[2001:db8::7]:25, dsn=2.0.0",
        "May  1 12:00:00 mx postfix/smtpd[3]: NOQUEUE: reject: RCPT from unknown[198.51.100.7]: 550 5.1.1; helo=<evil.example>",
      ),
    ).toMatchObject({
      format: "syslog",
      hits: ["0", "1", "4", "4", "0", "8", "1", "0"].map((ref) => `text ${ref} embedded`),
    });
  });

  it("RFC 5424 with structured data, RFC 3339 without a priority, and escaped control characters", async () => {
    const structured =
      '<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 app 8710 - [origin ip="198.51.100.7" x="\\]"] \ufeffevil.example';
    expect(await fields(structured)).toMatchObject({ format: "syslog", hits: ["text 1 embedded", "text 0 embedded"] });
    expect(await time(structured)).toBe("2003-08-24T12:14:15.000Z");
    expect(await time("2026-05-01T12:00:00.123456+02:00 host app[1]: evil.example")).toBe("2026-05-01T10:00:00.123Z");
    // rsyslog's $EscapeControlCharactersOnReceive.
    expect(await fields("May  1 12:00:00 h app: a#012evil.example#011198.51.100.7#012")).toMatchObject({
      hits: ["text 0 embedded", "text 1 embedded"],
    });
    expect((await fields("May  1 12:00:00 h app: #999evil.example")).hits).toEqual([]);
  });
});
