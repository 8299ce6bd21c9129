import { readFileSync } from "node:fs";
import { ImageIndex } from "../engine/image-index.ts";
import { IndicatorImage } from "../engine/image.ts";
import { SieveModule } from "../engine/sieve-module.ts";
import type { IndexedItem } from "../indicator-index.ts";

/** The program that the build made. */
export const sieveModule: SieveModule = new SieveModule(
  readFileSync(new URL("../../dist/sieve.wasm", import.meta.url)),
);

/** An index over an image of these items. */
export function imageIndex<Ref>(items: readonly IndexedItem<Ref>[], seed = 0x1234_5678_9abc_def0n): ImageIndex<Ref> {
  const numbered = items.map(({ kind, value }, ref) => ({ kind, value, ref }));
  const { image } = IndicatorImage.build(sieveModule, numbered, seed);
  return new ImageIndex(image, (ref) => (items[ref] as IndexedItem<Ref>).ref);
}
