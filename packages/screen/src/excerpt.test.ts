import * as fc from "fast-check";
import { expect, it } from "vitest";
import { excerpt } from "./excerpt.ts";
import { buildIndicatorIndex } from "./indicator-index.ts";
import { bytesToLatin1 } from "./latin1.ts";
import { createScreener } from "./screener.ts";

const latin1 = (text: string): string => bytesToLatin1(new TextEncoder().encode(text));

it("is the whole line where that is short, and says where something is left out", () => {
  expect(excerpt(latin1("Müller → evil.example"), 11)).toBe("Müller → evil.example");
  expect(excerpt("a".repeat(500), 250)).toBe(`…${"a".repeat(360)}…`);
  expect(excerpt("a".repeat(500), 0)).toBe(`${"a".repeat(240)}…`);
  expect(excerpt("a".repeat(500), 490)).toBe(`…${"a".repeat(130)}`);
});

it("cuts no character, and is a part of the line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 900 }), fc.nat(900), (text, place) => {
      const line = latin1(text);
      const shown = excerpt(line, Math.min(place, line.length)).replace(/^…|…$/g, "");
      // What the text itself has of these was not cut.
      expect(text.includes(shown.replace(/^…|…$/g, ""))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it("comes with hits where it was asked for: of logs, of windows of long lines, of what mail decodes to", async () => {
  const index = buildIndicatorIndex([{ kind: "domain", value: "evil.example", ref: 0 }]);
  async function contexts(log: string, withContext: boolean): Promise<(string | undefined)[]> {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(log);
    }
    const found: (string | undefined)[] = [];
    for await (const hit of createScreener(index).screen(source(), { name: "log", withContext }))
      found.push(hit.context);
    return found;
  }
  expect(await contexts("10.0.0.1 asked for evil.example\n", true)).toEqual(["10.0.0.1 asked for evil.example"]);
  expect(await contexts("10.0.0.1 asked for evil.example\n", false)).toEqual([undefined]);
  const long = `${"x ".repeat(2 ** 20)}evil.example${" y".repeat(1000)}`;
  expect(await contexts(long, true)).toEqual([`…${"x ".repeat(60)}evil.example${" y".repeat(114)}…`]);
  const mail = "From: a@b.example\nTo: c@d.example\nContent-Transfer-Encoding: base64\n\n";
  expect(await contexts(`${mail}${Buffer.from("see evil.example there").toString("base64")}\n`, true)).toEqual([
    "see evil.example there",
  ]);
});
