export * from "./hit.ts";
export { buildIndicatorIndex, type IndexedItem, type IndicatorIndex, type RefusedItem } from "./indicator-index.ts";
export type { AuthenticationResult, AuthenticationResults } from "./mail/authentication.ts";
export type { MailFinding, MailFindingReason } from "./mail/findings.ts";
export { lookAlike, type LookAlike, type LookAlikeReason, type Severity } from "./mail/look-alike.ts";
export type { MailOptions } from "./mail/mail-screener.ts";
export * from "./screener.ts";
