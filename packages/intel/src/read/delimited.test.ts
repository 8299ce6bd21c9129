import { utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readIndicators } from "./read-indicators.ts";
import type { IndicatorFile } from "./report.ts";
import { rows } from "./rows.ts";

const values = (file: IndicatorFile): string[] => file.items.map(({ kind, value }) => `${kind} ${value}`);
const rejections = (file: IndicatorFile): string[] => file.rejected.map(({ line, code }) => `${line} ${code}`);

describe("CSV", () => {
  it("reads until when an indicator is good, by any of its names", () => {
    for (const name of ["valid_until", "Valid until", "expires", "Expiration Date", "expiry", "until"]) {
      const file = readIndicators(
        "iocs.csv",
        utf8(`indicator,${name}\nevil.example,2026-05-02T00:00:00Z\nbad.example,\nold.example,never\n`),
      );
      expect(file.items.map(({ value, until }) => [value, until])).toEqual([
        ["evil.example", Date.UTC(2026, 4, 2)],
        ["bad.example", undefined],
        ["old.example", undefined],
      ]);
      expect(file.remarks.map(({ line, code }) => [line, code])).toEqual([[4, "bad-time"]]);
    }
  });

  it("reads named columns, quoted cells, and names the row, column and remedy of what it refuses", () => {
    const text = [
      "indicator,type,description,tags,confidence,first_seen,last_seen",
      'Evil[.]example,domain,"seen, they say, ""twice""\nin May",c2|apt,80,2026-05-01T00:00:00Z,2026-05-02',
      "192.0.2.1,ip-dst,,,,,",
      "1.2.3.456,ipv4,,,,,",
      "evil.exe,filename,,,,,",
      "192.0.2.9,domain,,,,,",
      ",domain,,,,,",
      "EVIL.example,hostname,again,c3,90,2026-04-30T00:00:00Z,yesterday",
    ].join("\r\n");
    const file = readIndicators("iocs.csv", utf8(text));
    expect(file.format).toBe("csv");
    expect(file.items).toEqual([
      {
        kind: "domain",
        value: "evil.example",
        labels: ["apt", "c2", "c3"],
        description: 'seen, they say, "twice" in May',
        confidence: 80,
        first: Date.UTC(2026, 3, 30),
        last: Date.UTC(2026, 4, 2),
      },
      { kind: "ipv4", value: "192.0.2.1", labels: ["special-use:documentation"] },
    ]);
    expect(file.occurrences).toEqual([2, 1]);
    // The quoted cell spans lines 2 and 3.
    expect(rejections(file)).toEqual(["5 bad-ipv4", "6 unsupported-type", "7 type-mismatch", "8 no-value"]);
    expect(file.rejected[0]?.message).toMatch(/^iocs\.csv:5: column indicator: "1\.2\.3\.456" is not four octets/);
    expect(file.remarks.map(({ line, code }) => `${line} ${code}`)).toEqual(["9 bad-time"]);
  });

  it("reads semicolons, tabs, and columns named after what they hold", () => {
    expect(values(readIndicators("a.csv", "value;kind\nevil.example;domain\n192.0.2.1;ip\n"))).toEqual([
      "domain evil.example",
      "ipv4 192.0.2.1",
    ]);
    const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const wide = readIndicators("a.tsv", `host\tsha256\tanalyst\nevil.example\t${hash}\tann\nbad.example\t\tbob\n`);
    expect(values(wide)).toEqual(["domain evil.example", `sha256 ${hash}`, "domain bad.example"]);
    expect(wide.ignored).toEqual([{ what: 'column "analyst"', count: 1 }]);
  });

  it("finds the value column of a file without a heading", () => {
    const file = readIndicators("a.csv", "1,evil.example,phishing\n2,192.0.2.1,c2\n3,nonsense-here.,x\n".repeat(1));
    expect(file.format).toBe("list");
    const good = readIndicators("a.csv", "1,evil.example,phishing\n2,192.0.2.1,c2\n");
    expect(good.format).toBe("csv");
    expect(values(good)).toEqual(["domain evil.example", "ipv4 192.0.2.1"]);
  });

  it("reads the heading that abuse.ch puts into a comment, and Zeek intelligence files", () => {
    const feed = [
      "################",
      "# Feed of things, updated hourly",
      '# "first_seen_utc","ioc_id","ioc_value","ioc_type"',
      '"2026-05-01 10:00:00", "77", "192.0.2.1:4444", "ip:port"',
      '"2026-05-01 10:00:01", "78", "hxxp://evil[.]example/x", "url"',
    ].join("\n");
    expect(values(readIndicators("feed.csv", feed))).toEqual(["ipv4 192.0.2.1", "url http://evil.example/x"]);
    const zeek =
      "#fields\tindicator\tindicator_type\tmeta.source\nevil.example\tIntel::DOMAIN\tx\n192.0.2.0/24\tIntel::SUBNET\tx\n";
    expect(values(readIndicators("intel.dat", zeek))).toEqual(["domain evil.example", "cidr4 192.0.2.0/24"]);
  });

  it("reads MISP's CSV export with its composite types", () => {
    const text = [
      "uuid,event_id,category,type,value,comment,to_ids,date",
      'aaaa,1,Network activity,domain|ip,"evil.example|192.0.2.1","",1,20260501',
      'bbbb,1,Payload delivery,filename|md5,"a.exe|d41d8cd98f00b204e9800998ecf8427e","",1,20260501',
      'cccc,1,Network activity,ip-dst|port,"192.0.2.2|443","",1,20260501',
    ].join("\n");
    expect(values(readIndicators("misp.csv", text))).toEqual([
      "domain evil.example",
      "ipv4 192.0.2.1",
      "md5 d41d8cd98f00b204e9800998ecf8427e",
      "ipv4 192.0.2.2",
    ]);
  });

  it("goes on after a quote that never closes and after a line that is too long", () => {
    const text = `value,description\na.example,"open\n${"x".repeat(70_000)}\nb.example,fine\n`;
    const file = readIndicators("a.csv", text);
    expect(values(file)).toEqual(["domain b.example"]);
    expect(rejections(file)).toEqual(["2 unterminated-quote", "3 line-too-long"]);
  });

  it("reads back whatever RFC 4180 cells were written", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", ";", " ", "é"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { maxLength: 5 }), (table) => {
        const quoted = table.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")).join("\n");
        expect([...rows(quoted, ",")].map(({ cells }) => cells)).toEqual(
          table.map((row) => row.map((text) => text.trim())),
        );
      }),
    );
  });
});

describe("lists", () => {
  it("reads one or several a line, with comments, and hosts files", () => {
    const text = [
      "# from the field",
      "; another comment",
      "evil[.]example   # seen today",
      "192.0.2.1, 192.0.2.2;192.0.2.3",
      "http://evil.example/a;b,c?x=#frag hxxp://two.example/",
      "0.0.0.0 ads.example trackers.example",
      "these words are prose",
      "evil.example nonsense",
    ].join("\n");
    const file = readIndicators("list.txt", text);
    expect(file.format).toBe("list");
    expect(values(file)).toEqual([
      "domain evil.example",
      "ipv4 192.0.2.1",
      "ipv4 192.0.2.2",
      "ipv4 192.0.2.3",
      "url http://evil.example/a;b,c?x=",
      "url http://two.example/",
      "domain ads.example",
      "domain trackers.example",
    ]);
    expect(rejections(file)).toEqual(["7 not-an-indicator", "8 not-an-indicator"]);
    expect(file.ignored).toEqual([{ what: "sink address 0.0.0.0 of a hosts file", count: 1 }]);
    expect(file.occurrences[0]).toBe(2);
  });

  it("takes a byte order mark, CR LF and a missing last line end", () => {
    expect(values(readIndicators("a.txt", utf8("\ufeffevil.example\r\nbad.example")))).toEqual([
      "domain evil.example",
      "domain bad.example",
    ]);
  });
});

describe("limits", () => {
  it("refuses whole files that are no text or too large", () => {
    const code = (content: Uint8Array | string): string | undefined => readIndicators("x", content).rejected[0]?.code;
    expect(code(Uint8Array.of(0xff, 0xfe, 0x41))).toBe("not-utf8");
    expect(code("evil.example\0")).toBe("not-utf8");
    expect(code(new Uint8Array(64 * 1024 * 1024 + 1))).toBe("file-too-large");
    expect(code(" \n")).toBe("unknown-format");
  });

  it("keeps a file of nothing but mistakes small", () => {
    const file = readIndicators("x", "nonsense-here\n".repeat(20_000));
    expect(file.rejectedCount).toBe(20_000);
    expect(file.rejected.length).toBe(10_000);
  });
});
