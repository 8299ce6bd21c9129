import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { screenAll } from "../testing/screening.ts";

const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
]);

describe("CSV", () => {
  it("names fields by its header, and follows quoted cells through lines (RFC 4180)", async () => {
    const text = [
      "timestamp,src ip,note,host",
      "2026-05-01T12:00:00Z,198.51.100.7,,evil.example",
      '2026-05-01T12:00:01Z,10.0.0.1,"said ""evil.example"", then',
      "evil.example",
      'and 198.51.100.7",www.evil.example',
      "2026-05-01T12:00:02Z,198.51.100.7,x,y,z",
      '2026-05-01T12:00:03Z,"198.51.100.7","evil.example, no more",a',
      "",
      "2026-05-01T12:00:04Z,198.51.100.7,,",
    ].join("\r\n");
    const at = (second: number): string => `2026-05-01T12:00:0${second}.000Z`;
    expect(await screenAll(index, text)).toMatchObject({
      format: "csv",
      hits: [
        `2:22 src ip 1 exact-field ${at(0)}`,
        `2:36 host 0 exact-field ${at(0)}`,
        `3:39 note 0 embedded ${at(1)}`,
        `4:1 note 0 embedded ${at(1)}`,
        `5:5 note 1 embedded ${at(1)}`,
        `5:19 host 0 subdomain ${at(1)}`,
        `6:22 text 1 embedded ${at(2)}`,
        `7:23 src ip 1 exact-field ${at(3)}`,
        `7:38 note 0 embedded ${at(3)}`,
        `9:22 src ip 1 exact-field ${at(4)}`,
      ],
      flags: ["not-in-format 1 6"],
    });
  });

  it("with tabs, semicolons or bars, with quoted names, and when told so", async () => {
    for (const mark of ["\t", ";", "|"]) {
      const text = ["_time", '"dest.ip"', "q"].join(mark) + `\n1777636800${mark}198.51.100.7${mark}evil.example`;
      expect(await screenAll(index, text)).toMatchObject({
        format: "csv",
        hits: ["2:12 dest.ip 1 exact-field 2026-05-01T12:00:00.000Z", "2:25 q 0 exact-field 2026-05-01T12:00:00.000Z"],
      });
    }
    const odd = "evil.example,1\n198.51.100.7,2\n";
    expect(await screenAll(index, odd)).toMatchObject({ format: "text" });
    expect(await screenAll(index, odd, { format: "csv" })).toMatchObject({
      hits: ["1:1 text 0 embedded -", "2:1 evil.example 1 exact-field -"],
    });
  });

  it("is not told from prose, lists or one column", async () => {
    for (const text of [
      "Hello, world\nfoo, bar\n",
      "evil.example\n198.51.100.7\n",
      "a,b\n",
      "a,b\n1\n2\n",
      "198.51.100.7,evil.example\n198.51.100.7,evil.example\n",
    ]) {
      expect((await screenAll(index, text)).format).toBe("text");
    }
  });

  // As Palo Alto's firewalls, Splunk, Microsoft Sentinel and Excel's users write them.
  it.each([
    ["Receive Time", "2026/05/01 12:00:00"],
    ["_time", "2026-05-01T14:00:00.000+02:00"],
    ["TimeGenerated [UTC]", "2026-05-01 12:00:00"],
    ["Date and Time", "2026-05-01 12:00"],
    ["event_time", "1777636800"],
  ])("has a time in a column %s", async (name, value) => {
    const { hits } = await screenAll(index, `host,${name}\nevil.example,${value}\n`);
    expect(hits).toEqual(["2:1 host 0 exact-field 2026-05-01T12:00:00.000Z"]);
  });

  it("may have headings in any language", async () => {
    const { format, hits } = await screenAll(index, "Größe;Ziel\n5;evil.example\n");
    expect([format, hits]).toEqual(["csv", ["2:3 Ziel 0 exact-field -"]]);
  });

  it("has none in a column of another name, and none that could be two", async () => {
    for (const text of ["host,uptime\nevil.example,1777636800\n", "host,time\nevil.example,05/01/2026 12:00:00\n"]) {
      expect((await screenAll(index, text)).hits).toEqual(["2:1 host 0 exact-field -"]);
    }
  });

  it("a quote that never closes ends after a thousand lines, and is flagged", async () => {
    const text = `a,b\n"x,y\n${"evil.example\n".repeat(1500)}`;
    const { hits, flags, summary } = await screenAll(index, text, { format: "csv" });
    expect(summary.hits).toBe(1500);
    expect(hits[500]).toBe("503:1 a 0 embedded -");
    expect(flags[0]).toMatch(/^not-in-format \d+ 1001$/);
  });

  it("finds in every cell what stands there, whatever the cells hold", async () => {
    const cell = fc.oneof(
      fc.constantFrom("evil.example", "198.51.100.7", "", '"', "a,b", "x\ny"),
      fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", ";") }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), async (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = ["one,two", ...rows.map((row) => row.map(quoted).join(","))].join("\n");
        const { hits, flags } = await screenAll(index, text, { format: "csv" });
        const expected = rows.flatMap((row) =>
          row.flatMap((value, i) => {
            const ref = ["evil.example", "198.51.100.7"].indexOf(value);
            return ref < 0 ? [] : [`${i === 0 ? "one" : "two"} ${ref} exact-field -`];
          }),
        );
        expect(hits.map((hit) => hit.replace(/^\S+ /, ""))).toEqual(expected);
        expect(flags).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
