import { parseCanonicalJson, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readIndicators } from "../read/read-indicators.ts";
import { candidate, NOW } from "../testing/candidates.ts";
import { blockList, type Candidate } from "./block-list.ts";
import { BLOCK_FORMATS, type BlockFormat } from "./block-formats.ts";
import { renderBlockList } from "./render.ts";
import { uuid5 } from "../uuid.ts";

const policy = { now: NOW, minConfidence: 0 };
const render = (format: BlockFormat, candidates: readonly Candidate[]) =>
  renderBlockList(format, blockList(candidates, policy));
const text = (format: BlockFormat, ...candidates: readonly Candidate[]): string =>
  render(format, candidates).files[0]?.text ?? "";
/** The lines that are no comments, without what follows as a comment. */
const bare = (format: BlockFormat, mark: RegExp, ...candidates: readonly Candidate[]): string[] =>
  text(format, ...candidates)
    .split("\n")
    .map((line) => line.replace(mark, "").trimEnd())
    .filter((line) => line !== "");
const SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("each tool's syntax", () => {
  it("RPZ: names with all below, addresses and networks backwards (draft-vixie-dns-rpz §4.1, §4.3)", () => {
    const values = ["evil.example", "8.8.4.3", "198.18.0.0/15", "2001:db8:0:1::57", "2a00:1::/32", "a@evil.example"];
    const lines = bare("rpz", / ?;.*/, ...values.map((value) => candidate(value, { item: plainItem(value) })));
    expect(lines).toEqual([
      "$TTL 60",
      `@ SOA localhost. hostmaster.localhost. ${Math.floor(NOW / 1000)} 3600 600 604800 60`,
      "@ NS localhost.",
      "evil.example CNAME .",
      "*.evil.example CNAME .",
      "32.3.4.8.8.rpz-ip CNAME .",
      "128.57.zz.1.0.db8.2001.rpz-ip CNAME .",
      "15.0.0.18.198.rpz-ip CNAME .",
      "32.zz.1.2a00.rpz-ip CNAME .",
    ]);
    // A name that would be a rule about an address.
    expect(text("rpz", candidate("8.0.0.10.rpz-ip"), candidate("rpz-ip.example"))).not.toContain("8.0.0.10");
    const long = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.example`;
    expect(render("rpz", [candidate(long)]).leftOut.map(({ obstacle }) => obstacle.code)).toEqual(["not-in-format"]);
  });

  it("hosts: both families, names only", () => {
    expect(bare("hosts", / ?#.*/, candidate("evil.example"), candidate("8.8.4.3"))).toEqual([
      "0.0.0.0 evil.example",
      ":: evil.example",
    ]);
  });

  it("Suricata: names with all below, special characters in hexadecimal", () => {
    const rules = bare("suricata", /^#.*/, candidate("evil.example"), candidate('http://evil.example:8080/a;b"?c=|d'));
    expect(rules.map((rule) => rule.replace(/msg:"[^"]*"; /, "").replace(/sid:1[0-9]{9}/, "sid:N"))).toEqual([
      'alert dns any any -> any any (dns.query; dotprefix; content:".evil.example"; nocase; endswith; sid:N; rev:1;)',
      'alert tls any any -> any any (tls.sni; dotprefix; content:".evil.example"; nocase; endswith; sid:N; rev:1;)',
      'alert http any any -> any 8080 (http.host; content:"evil.example"; startswith; endswith; http.uri.raw; content:"/a|3b|b|22||3f|c|3d||7c|d"; startswith; endswith; sid:N; rev:1;)',
    ]);
    const sid = (rule: string | undefined): string | undefined => /sid:(\d+)/.exec(rule ?? "")?.[1];
    expect(sid(bare("suricata", /^#.*/, candidate("evil.example"), candidate("a.example")).at(-2))).toBe(sid(rules[0]));
  });

  it("Suricata datasets: strings in base64, digests and addresses as they are; no file is empty", () => {
    const { files } = render("suricata-datasets", [candidate("evil.example"), candidate(SHA256), candidate("8.8.4.3")]);
    expect(files.slice(1, -1)).toEqual([
      { name: "detente-domains.lst", text: "ZXZpbC5leGFtcGxl\n" },
      { name: "detente-addresses.lst", text: "8.8.4.3\n" },
      { name: "detente-sha256.lst", text: `${SHA256}\n` },
    ]);
    expect(files[0]?.text).toContain(
      "dns.query; to_lowercase; dataset:isset,detente-domains,type string,load detente-domains.lst;",
    );
    expect(files[0]?.text).toContain("filesha256:detente-sha256.lst;");
    expect(files.at(-1)?.text).toContain("domain\tevil.example\talpha 1a2b3c4d5e6f:7; until ");
  });

  it("Zeek: tabs between fields, URLs without scheme, nothing that looks like a comment", () => {
    const rows = bare(
      "zeek",
      /^# ?[^f].*/,
      candidate("http://evil.example/x"),
      candidate("a@evil.example", { description: "-" }),
    );
    expect(rows.map((row) => row.split("\t"))).toEqual([
      ["#fields", "indicator", "indicator_type", "meta.source", "meta.desc"],
      ["evil.example/x", "Intel::URL", expect.stringContaining("alpha 1a2b3c4d5e6f:7; until"), "Phishing"],
      ["a@evil.example", "Intel::EMAIL", expect.anything(), String.raw`\x2d`],
    ]);
  });

  it("nftables: what a listed network covers is left out, the rest has its timeout", () => {
    const { files, leftOut } = render("nftables", [
      candidate("8.8.4.0/24"),
      candidate("8.8.4.3"),
      candidate("2a00:1::1"),
    ]);
    expect(leftOut.map(({ entry, obstacle }) => [entry.value, obstacle.code])).toEqual([["8.8.4.3", "covered"]]);
    expect(files[0]?.text).toContain(`  8.8.4.0/24 timeout ${59 * 86_400}s comment "alpha 1a2b3c4d5e6f:7, until `);
    expect(files[0]?.text).toContain(
      "add set inet detente blocked4_networks { type ipv4_addr; flags interval, timeout; }",
    );
  });

  it("Squid: a name covers what is below", () => {
    const { files, leftOut } = render("squid", [
      candidate("evil.example"),
      candidate("www.evil.example"),
      candidate("8.8.4.3"),
    ]);
    expect(files.map((file) => file.text.split("\n").filter((line) => !line.startsWith("#")))).toEqual([
      [".evil.example", ""],
      ["8.8.4.3", ""],
    ]);
    expect(leftOut.map(({ obstacle }) => obstacle.message)).toEqual(["evil.example is listed, which covers it"]);
  });

  it("YARA, Sigma: strings with their own escapes", () => {
    expect(text("yara", candidate(SHA256, { description: 'a "quote" \\ é' }))).toContain(
      String.raw`reason = "a \x22quote\x22 \x5c \xc3\xa9"`,
    );
    const sigma = text(
      "sigma",
      candidate("http://evil.example/it's?x=*"),
      candidate("evil.example"),
      candidate("8.8.4.0/24"),
    );
    expect(sigma).toContain(String.raw`      - 'http://evil.example/it''s\?x=\*' # alpha`);
    expect(sigma.split("\n---\n").length).toBe(4);
    expect(sigma).toContain("    dst_ip|cidr:\n      - '8.8.4.0/24'");
  });

  it("CSV: what a spreadsheet would compute is text (OWASP, CSV Injection)", () => {
    const rows = text("csv", candidate("+a@evil.example", { description: '=HYPERLINK("http://x")' })).split("\n");
    expect(rows[1]).toMatch(/^email,"'\+a@evil\.example",,2027-/);
    expect(rows[1]).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  it("JSON Lines are canonical, a STIX bundle gives back what went in", () => {
    const values = ["evil.example", "8.8.4.3", "8.8.4.0/24", "http://evil.example/it's?\\x", SHA256, "a@evil.example"];
    const candidates = values.map((value, index) => candidate(value, { index }));
    for (const line of text("jsonl", ...candidates)
      .trimEnd()
      .split("\n"))
      unwrap(parseCanonicalJson(utf8(line)));
    const read = readIndicators("bundle", text("stix", ...candidates));
    expect(read.rejected).toEqual([]);
    expect(read.items.map(({ value }) => value).sort()).toEqual(values.toSorted());
  });

  it("MISP events, one a share, give back what went in; without an audience they stay with whoever reads them", () => {
    const one = candidate("evil.example", { audience: "unit", index: 3 });
    const other = candidate("8.8.4.3", { share: "2".repeat(64), party: "bravo" });
    const ja4 = candidate("t13d1516h2_8daaf6152771_e5627efa2ab1");
    const { files, leftOut } = render("misp", [one, other, { ...one, share: "3".repeat(64) }, ja4]);
    const { response } = JSON.parse(files[0]?.text ?? "") as { response: { Event: { distribution: string } }[] };
    expect(response.map(({ Event }) => Event.distribution)).toEqual(["1", "1", "0"]);
    expect(leftOut.map(({ entry }) => entry.kind)).toEqual(["ja4"]);
    expect(readIndicators("events", files[0]?.text ?? "").items.map(({ value }) => value)).toEqual([
      "evil.example",
      "8.8.4.3",
    ]);
  });
});

function plainItem(value: string): Candidate["item"] {
  return { ...candidate(value).item, labels: [] };
}

it("UUIDs are those of RFC 9562, appendix A.4", () => {
  expect(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});

/** The lines of a kind that do not have the form that they should. */
function linesOf(format: BlockFormat, candidates: readonly Candidate[], kind: RegExp, form: RegExp): string[] {
  const lines = text(format, ...candidates).split("\n");
  return lines.filter((line) => kind.test(line) && !form.test(line));
}

/** Text as an attacker would choose it: line ends, quotes and marks of all formats. */
const hostile = fc
  .array(
    fc.constantFrom(
      "\n",
      "\r",
      "\t",
      "\u2028",
      "\u0085",
      "\0",
      '"',
      "'",
      "\\",
      ";",
      "#",
      "}",
      "{",
      "|",
      "*/",
      "%",
      "\u001b[",
      "\ufeff",
      "é",
      "=1+1",
      "x",
      " ",
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("whatever a party writes", () => {
  it("adds no line: each format has as many as for a harmless text, and every remark stays a remark", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (description, title, party) => {
        const values = ["evil.example", "8.8.4.3", "http://evil.example/x", SHA256];
        const harmless = values.map((value) => candidate(value, { description: "x", title: "x", party: "x" }));
        const nasty = values.map((value) => candidate(value, { description, title, party }));
        const separators = /\r\n|[\n\r\u0085\u2028\u2029\v\f]/;
        const lineCounts = (candidates: readonly Candidate[]): [string, number[]][] =>
          BLOCK_FORMATS.map((format) => [
            format,
            render(format, candidates).files.map((file) => file.text.split(separators).length),
          ]);
        expect(lineCounts(nasty)).toEqual(lineCounts(harmless));
        const all = BLOCK_FORMATS.flatMap((format) => render(format, nasty).files.map((file) => file.text)).join("");
        expect(all).not.toMatch(/[\0\u001b\ufeff]/);
        // Quoted strings without escapes hold no quote, those with escapes nothing that is not escaped.
        const odd = [
          ...linesOf("suricata", nasty, /^alert/, /^alert [^("]*\(msg:"[^"\\;]*"; (?:[^"]|"[^"]*")*\)$/),
          ...linesOf("nftables", nasty, /^ /, /^ {2}[0-9a-f.:/]+ timeout [0-9]+s comment "[ !#-[\]-~]{1,127}",$/),
          ...linesOf("yara", nasty, /^ {4}(?:source|reason)/, /^ {4}\w+ = "(?:[ !#-[\]-~]|\\x[0-9a-f]{2})*"$/),
        ];
        expect(odd).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("and gives the same bytes in any order", () => {
    const values = fc.shuffledSubarray(["evil.example", "a.evil.example", "8.8.4.3", "8.8.4.0/24", SHA256], {
      minLength: 5,
    });
    fc.assert(
      fc.property(values, fc.constantFrom(...BLOCK_FORMATS), (order, format) => {
        const sorted = order.toSorted().map((value) => candidate(value));
        expect(
          render(
            format,
            order.map((value) => candidate(value)),
          ),
        ).toEqual(render(format, sorted));
      }),
      { numRuns: 50 },
    );
  });
});
