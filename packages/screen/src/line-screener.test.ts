import * as fc from "fast-check";
import { expect, it } from "vitest";
import { buildIndicatorIndex } from "./indicator-index.ts";
import { screenAll } from "./testing/screening.ts";

const MD5 = "9e107d9d372bb6826bd81d3542a419d6";
const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "192.0.2.7", ref: 1 },
  { kind: "cidr4", value: "198.51.100.0/24", ref: 2 },
  { kind: "md5", value: MD5, ref: 3 },
]);

/** Pieces of a run of name characters, which together may spell more than each of them. */
const part = fc.constantFrom("evil.example", "EVIL", "198.51.100.9", "192.0.2.7", MD5, ".", "-", "_", "a", "1", "..");
const run = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));

it("finds in a line that is a single run what it finds in the run beside something else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 12 }), async (runs) => {
      const alone = await screenAll(index, runs.join("\n"), { format: "text" });
      const beside = await screenAll(index, runs.map((text) => `%(${text}`).join("\n"), { format: "text" });
      const moved = alone.hits.map((hit) => hit.replace(/:(\d+)/, (_, column) => `:${Number(column) + 2}`));
      expect(beside.hits).toEqual(moved);
    }),
    { numRuns: 60 },
  );
  const { hits } = await screenAll(index, ["198.51.100.9-192.0.2.7", `www.evil.example`, MD5, "1.2"].join("\n"));
  expect(hits.map((hit) => hit.split(" text")[0])).toEqual(["1:1", "1:14", "2:1", "3:1"]);
});
