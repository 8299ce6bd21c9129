export * from "./hit.ts";
export {
  buildIndicatorIndex,
  type IndexedItem,
  type IndicatorIndex,
  type MapIndex,
  type RefusedItem,
} from "./indicator-index.ts";
export { IndicatorImage } from "./engine/image.ts";
export { ImageIndex } from "./engine/image-index.ts";
export { SieveModule } from "./engine/sieve-module.ts";
export { createSieveScreener } from "./engine/sieve-screener.ts";
export * from "./screener.ts";
