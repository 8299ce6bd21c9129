import { INDICATOR_KINDS } from "@detente/record";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateIntelligence } from "../generate/intelligence.ts";
import { canonicalIndicator } from "./canonical.ts";
import { canonicalValue } from "./canonical-value.ts";

const samples = generateIntelligence("canonical value", 300, Date.UTC(2026, 9, 1)).map(({ value }) => value);

/** Texts that are or almost are canonical: generated ones, cut and joined with what changes their meaning. */
const text = fc.oneof(
  fc.constantFrom(...samples),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...samples),
        fc.constantFrom(
          "com",
          "co.uk",
          "in-addr.arpa",
          "a.b",
          "_x.example",
          "1.2.3.4",
          "/24",
          "/32",
          "/7",
          "::1",
          "::ffff:1.2.3.4",
        ),
        fc.constantFrom(
          ".",
          "-",
          "@",
          "/",
          ":",
          "[.]",
          "\\.",
          "{.}",
          "hxxp:",
          "http://",
          "#a",
          "?b",
          "%41",
          "é",
          " ",
          "'",
          '"',
          "<",
          "mailto:",
        ),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join("")),
);

describe("a canonical value", () => {
  it("is what canonicalIndicator makes of the text, for every kind", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...INDICATOR_KINDS), (value, kind) => {
        const full = canonicalIndicator(value, [kind]);
        const bare = full.ok ? { ok: true, value: { kind: full.value.kind, value: full.value.value } } : full;
        expect(canonicalValue(kind, value)).toEqual(bare);
      }),
      { numRuns: 3000 },
    );
  });
});
