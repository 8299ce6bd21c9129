import type { MailAddress } from "./addresses.ts";
import type { AuthenticationResult } from "./authentication.ts";
import { isProtected, lookAlike, type LookAlikeReason, type Severity } from "./look-alike.ts";
import type { AddressField, MailLink, MessageFacts } from "./message-facts.ts";
import { registrableName, canonicalHostname } from "@detente/intel/canonical";

/**
 * What is suspicious about a message:
 * - `look-alike`: a name imitates a protected domain;
 * - `name-is-address`: the name shown for a sender is another domain's address;
 * - `link-text`: a link shows a URL or a protected domain, and leads elsewhere;
 * - `not-authentic`: DMARC failed, or SPF did and no signature speaks for the sender;
 * - `not-aligned`: neither the envelope's sender nor a signature is of the domain that the message names.
 */
export type MailFindingReason = "look-alike" | "name-is-address" | "link-text" | "not-authentic" | "not-aligned";

export interface MailFinding {
  readonly reason: MailFindingReason;
  readonly severity: Severity;
  /** Where the message begins, and where what was found does; from 1. */
  readonly message: number;
  readonly line: number;
  readonly field: string;
  /** The name, address or link, as it is meant. */
  readonly subject: string;
  /** What it imitates or contradicts. */
  readonly against: string | null;
  readonly how: LookAlikeReason | null;
}

/** Judges a message by what is known of it. */
export function findingsOf(facts: MessageFacts, protectedDomains: readonly string[]): readonly MailFinding[] {
  const senders = [facts.from, ...facts.others].filter((field) => field !== undefined);
  const found = [
    ...senders.flatMap((field) =>
      field.addresses.flatMap((address) => senderFindings(facts, field, address, protectedDomains)),
    ),
    ...facts.links.flatMap((link) => linkFindings(facts, link, protectedDomains)),
    ...authenticationFindings(facts, protectedDomains),
  ];
  // A link is often there twice, as a picture and as text.
  return [...new Map(found.map((one) => [`${one.reason} ${one.field} ${one.subject} ${one.against}`, one])).values()];
}

type Place = Pick<MailFinding, "line" | "field">;

function finding(
  { line: message }: MessageFacts,
  { line, field }: Place,
  reason: MailFindingReason,
  severity: Severity,
  subject: string,
  more: Partial<Pick<MailFinding, "against" | "how">> = {},
): MailFinding {
  return { reason, severity, message, line, field, subject, against: null, how: null, ...more };
}

function imitation(
  facts: MessageFacts,
  place: Place,
  domain: string,
  subject: string,
  guarded: readonly string[],
): MailFinding[] {
  const found = lookAlike(domain, guarded);
  if (found === undefined) return [];
  const { severity, reason: how, protected: against } = found;
  return [finding(facts, place, "look-alike", severity, subject, { against, how })];
}

const ADDRESS = /[^\s@<>"'(),;:]{1,64}@([^\s@<>"'(),;:]{1,253})/u;

function senderFindings(
  facts: MessageFacts,
  field: AddressField,
  { name, address, domain }: MailAddress,
  guarded: readonly string[],
): readonly MailFinding[] {
  const [shown, shownDomain = ""] = ADDRESS.exec(name) ?? [];
  const isOther = shown !== undefined && isForeign(shownDomain, domain);
  const severity = isProtected(shownDomain, guarded) ? "high" : "medium";
  return [
    ...imitation(facts, field, domain, address, guarded),
    ...(isOther ? [finding(facts, field, "name-is-address", severity, address, { against: shown })] : []),
  ];
}

/** What a reader takes for a place: a URL, a name that begins with www, or nothing but a name. */
const SHOWN = /^(?:https?:\/\/(?:[^/?#@]*@)?|(?=www\.)|(?=[^\s/]+$))([^/?#:@\\\s]+\.[^/?#:@\\\s]+)/i;

function linkFindings(facts: MessageFacts, link: MailLink, guarded: readonly string[]): readonly MailFinding[] {
  const host = hostOf(link.href);
  if (host === undefined) return [];
  const found = imitation(facts, link, host, link.href, guarded);
  const shown = SHOWN.exec(link.text ?? "")?.[1] ?? "";
  const isGuarded = isProtected(shown, guarded);
  // A lone name may be a file's or a product's (`Node.js`), unless it is one that somebody may imitate.
  const isPlace = isGuarded || /^(?:https?:\/\/|www\.)/i.test(link.text ?? "");
  if (!isPlace || shown === "" || !isForeign(shown, host)) return found;
  return [...found, finding(facts, link, "link-text", isGuarded ? "high" : "medium", link.href, { against: shown })];
}

/** Where a link leads, as browsers read it: of several `@` the last counts, backslashes are slashes, line ends nothing. */
function hostOf(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const { protocol, hostname } = new URL(href);
  return /^https?:$/.test(protocol) ? hostname : undefined;
}

/** Every author that the message names is judged: which of several a program shows is up to it. */
function authenticationFindings(facts: MessageFacts, guarded: readonly string[]): readonly MailFinding[] {
  const authors = facts.from?.addresses ?? [];
  return authors.flatMap((author) => authorFindings(facts, author, guarded));
}

function authorFindings(facts: MessageFacts, sender: MailAddress, guarded: readonly string[]): readonly MailFinding[] {
  const { from, authentication, envelope } = facts;
  if (authentication === undefined) return [];
  const { results } = authentication;
  const of = (method: string): readonly AuthenticationResult[] => results.filter((result) => result.method === method);
  // What passed may be another author: there may be two fields, or two in one.
  const isPassed = of("dmarc").some(({ result, properties }) => {
    return result === "pass" && !isForeign(domainOf(properties.get("header.from") ?? sender.domain), sender.domain);
  });
  const isSigned = of("dkim").some(({ result, properties }) => {
    const signer = properties.get("header.d") ?? domainOf(properties.get("header.i") ?? "");
    return result === "pass" && !isForeign(signer, sender.domain);
  });
  if (isPassed || isSigned) return [];
  const severity = isProtected(sender.domain, guarded) ? "high" : "medium";
  const failed = [...of("dmarc"), ...of("spf")].find(({ result }) => /^(?:fail|softfail)$/.test(result));
  if (failed !== undefined) {
    const against = `${failed.method}=${failed.result}`;
    return [finding(facts, authentication, "not-authentic", severity, sender.address, { against })];
  }
  const mailFrom = of("spf")
    .find(({ properties }) => properties.has("smtp.mailfrom"))
    ?.properties.get("smtp.mailfrom");
  const sent = domainOf(mailFrom ?? envelope?.addresses[0]?.domain ?? "");
  if (sent === "" || !isForeign(sent, sender.domain)) return [];
  const weight = severity === "high" ? "high" : "low";
  return [finding(facts, from as AddressField, "not-aligned", weight, sender.address, { against: sent })];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** Whether two host names are of different owners, as DMARC's relaxed alignment has it (RFC 7489 §3.1). */
function isForeign(a: string, b: string): boolean {
  return registeredOf(a) !== registeredOf(b);
}

function registeredOf(text: string): string | undefined {
  const name = canonicalHostname(text);
  const parts = name.ok ? registrableName(name.value) : undefined;
  return parts && `${parts.label}.${parts.suffix}`;
}
