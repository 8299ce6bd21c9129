import { expect, it } from "vitest";
import type { IndexedItem } from "../indicator-index.ts";
import { sieveModule } from "../testing/sieve.ts";
import { IndicatorImage } from "./image.ts";

function* repeated(count: number): Generator<IndexedItem<number>> {
  for (let ref = 0; ref < count; ref++) yield { kind: "cidr4", value: "10.20.0.0/16", ref };
}

it("has no more room for a network than all addresses need, however often it comes", () => {
  const count = 200_000;
  const { image } = IndicatorImage.build(sieveModule, repeated(count), 7n);
  // Of each entry some fifty bytes; of 2^24 networks of 256 addresses each a word of eight bytes for three.
  expect(image.bytes.length).toBeLessThan(50 * count + (8 * (2 ** 24 + count)) / 3);
  const found = image.lookup.ipv4(0x0a14_0101);
  expect(found).toHaveLength(count);
});
