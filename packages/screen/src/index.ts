export { Flattened } from "./flattened.ts";
export { documentFormat } from "./formats/document.ts";
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
export { type Candidate, Sieve, type SieveMode, type SievePlace } from "./engine/sieve.ts";
export { takeWindow } from "./engine/sieve-session.ts";
export { createSieveScreener } from "./engine/sieve-screener.ts";
export { type LinePart, LineSplitter, MAX_LINE } from "./lines.ts";
export type { AuthenticationResult, AuthenticationResults } from "./mail/authentication.ts";
export type { MailFinding, MailFindingReason } from "./mail/findings.ts";
export { lookAlike, type LookAlike, type LookAlikeReason, type Severity } from "./mail/look-alike.ts";
export type { MailOptions } from "./mail/mail-screener.ts";
export { type Observable, ObservableCollector } from "./observables.ts";
export * from "./screener.ts";
export { Session } from "./session.ts";
export { Tally } from "./tally.ts";
