import { expect, it } from "vitest";
import { buildIndicatorIndex, type IndexedItem } from "../indicator-index.ts";
import { createScreener, type Screener } from "../screener.ts";
import type { Hit, LogFormat } from "../hit.ts";
import { imageIndex } from "../testing/sieve.ts";
import { createSieveScreener } from "./sieve-screener.ts";

const ITEMS: readonly IndexedItem<number>[] = (
  [
    ["url", "http://evil.example/x"],
    ["url", "http://192.0.2.9:8080/x"],
    ["url", "https://xn--bcher-kva.example/x"],
    ["url", "http://[2001:db8::1]/x"],
    ["domain", "other.example"],
  ] as const
).map(([kind, value], ref) => ({ kind, value, ref }));

/** Hosts as logs write them: each asks for the URL of an item at `/x`. */
const HOSTS: readonly (readonly [string, number])[] = [
  ["evil.example", 0],
  ["EVIL.example:80", 0],
  ["evil.example.", 0],
  ["192.0.2.9", 1],
  ["192.0.2.9:8080", 1],
  ["bücher.example", 2],
  ["xn--bcher-kva.example", 2],
  ["[2001:db8::1]", 3],
];

/** What stands beside host and target, of which the sieve may mark something or nothing. */
const BESIDE = ["-", "other.example"];

const LINES: Readonly<Partial<Record<LogFormat, (host: string, before: string, behind: string) => string>>> = {
  eve: (host, before, behind) =>
    `{"timestamp":"2026-10-01T06:00:00","a":"${before}","dest_port":8080,"http":{"hostname":"${host}","b":"${behind}","url":"\\/x"}}`,
  "zeek-json": (host, before, behind) =>
    `{"ts":1790000000.5,"a":"${before}","uri":"/x","b":"${behind}","host":"${host}","id.resp_p":8080}`,
  "zeek-tsv": (host, before, behind) => `1790000000.5\t8080\t${before}\t${host}\t${behind}\t/x`,
};
const HEADER =
  "#separator \\x09\n#fields\tts\tid.resp_p\ta\thost\tb\turi\n#types\ttime\tport\tstring\tstring\tstring\tstring";

async function hitsOf(screener: Screener<number>, format: LogFormat, text: string): Promise<Hit<number>[]> {
  const log = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  const hits: Hit<number>[] = [];
  for await (const hit of screener.screen(log, { name: "log", format })) hits.push(hit);
  return hits;
}

it("finds a request of two fields by the mark at its host, whatever else is marked", async () => {
  const walker = createScreener(buildIndicatorIndex(ITEMS));
  const sieve = createSieveScreener(imageIndex(ITEMS));
  for (const [format, line] of Object.entries(LINES)) {
    for (const [host, ref] of HOSTS) {
      for (const [before, behind] of BESIDE.flatMap((one) => BESIDE.map((two) => [one, two] as const))) {
        const text = `${HEADER}\n\n${line(host, before, behind)}\n`;
        const hits = await hitsOf(sieve, format as LogFormat, text);
        expect(hits).toEqual(await hitsOf(walker, format as LogFormat, text));
        expect(hits.filter((hit) => hit.class === "url").map((hit) => hit.indicator.ref)).toEqual([ref]);
      }
    }
  }
});
