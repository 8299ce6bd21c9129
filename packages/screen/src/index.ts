export * from "./hit.ts";
export { buildIndicatorIndex, type IndexedItem, type IndicatorIndex, type RefusedItem } from "./indicator-index.ts";
export * from "./screener.ts";
