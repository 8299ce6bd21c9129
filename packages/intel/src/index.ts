export * from "./canonical/canonical.ts";
export { canonicalValue } from "./canonical/canonical-value.ts";
export * from "./canonical/cidr.ts";
export * from "./canonical/domain.ts";
export * from "./canonical/ip.ts";
export * from "./canonical/kinds.ts";
export { isPublicSuffix, registrableName, type RegistrableName } from "./canonical/public-suffix.ts";
export { unicodeName } from "./canonical/punycode.ts";
export * from "./canonical/refang.ts";
export * from "./canonical/url.ts";
export { encodeItem, type Item, mergeItems, parseItem } from "./item.ts";
export * from "./read/read-indicators.ts";
export {
  type Finding,
  type Ignored,
  type IndicatorFile,
  type IndicatorFormat,
  type RejectionCode,
  type RemarkCode,
} from "./read/report.ts";
export * from "./text.ts";
export * from "./time.ts";
export * from "./generate/files.ts";
export * from "./generate/intelligence.ts";
export { Prng } from "./generate/prng.ts";
export * from "./generate/telemetry.ts";
