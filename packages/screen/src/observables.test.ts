import { utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { buildIndicatorIndex } from "./indicator-index.ts";
import { ObservableCollector } from "./observables.ts";
import { createScreener } from "./screener.ts";

// What is expected was read off the lines by hand, by the rules of docs/formats.md for canonical values.

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield utf8(text);
}

async function collect(text: string, limit = 1000): Promise<ObservableCollector> {
  const collector = new ObservableCollector(limit);
  for await (const hit of createScreener(collector).screen(once(text), { name: "log" })) expect(hit).toBeUndefined();
  return collector;
}

async function seenIn(text: string): Promise<string[]> {
  return [...(await collect(text)).observables()].map(({ kind, value }) => `${kind}:${value}`).sort();
}

it("sees what an indicator could match, each once, and nothing of this house alone", async () => {
  const log = [
    '203.0.113.7 - - [23/Nov/2026:10:00:00 +0000] "GET /index.html HTTP/1.1" 200 12 "https://WWW.Evil.example/a?b" "curl"',
    "10.1.2.3 asked 192.168.0.1 for nas.local and update.evil.example, wrote access.log, 2001:DB8::1 and fe80::1",
    `file d41d8cd98f00b204e9800998ecf8427e from mail to Alice@evil.example, 203.0.113.7 again`,
  ].join("\n");
  expect(await seenIn(log)).toEqual([
    "domain:evil.example",
    "domain:update.evil.example",
    "domain:www.evil.example",
    "email:Alice@evil.example",
    "ipv4:203.0.113.7",
    "ipv6:2001:db8::1",
    "ja3:d41d8cd98f00b204e9800998ecf8427e",
    "md5:d41d8cd98f00b204e9800998ecf8427e",
    "url:https://www.evil.example/a?b",
  ]);
});

it("misses nothing that screening for it would find", async () => {
  const name = fc.constantFrom(
    "a.evil.example",
    "evil.example",
    "198.51.100.4",
    "2001:db8::7",
    "https://evil.example/x",
  );
  const glue = fc.constantFrom(" ", '"', ",", "=", "\n", " [", "] ");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, glue), { minLength: 1, maxLength: 8 }), async (parts) => {
      const text = parts.flat().join("");
      const seen = new Set(await seenIn(text));
      const all = buildIndicatorIndex(
        parts.map(([value]) => {
          const kind = value.startsWith("http")
            ? "url"
            : value.includes("::")
              ? "ipv6"
              : /^\d/.test(value)
                ? "ipv4"
                : "domain";
          return { kind, value, ref: `${kind}:${value}` } as const;
        }),
      );
      for await (const { indicator } of createScreener(all).screen(once(text), { name: "log" })) {
        expect(seen).toContain(indicator.ref);
      }
    }),
    { numRuns: 60 },
  );
});

it("remembers no more than it may, and says so", async () => {
  const { count, left } = await collect("a.example b.example c.example", 2);
  expect([count, left]).toEqual([2, 1]);
});
