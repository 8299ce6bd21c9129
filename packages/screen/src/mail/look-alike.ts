import { canonicalHostname, type RegistrableName, registrableName, unicodeName } from "@detente/intel/canonical";
import { editDistance } from "./edit-distance.ts";
import { skeleton } from "./skeleton.ts";

/**
 * How a name imitates another one, the clearest way first:
 * - `confusable`: it looks the same, by letters of other scripts, digits or pairs of letters;
 * - `embedded`: the whole name, set into a foreign one (`google.com-securitysettingpage.tk`);
 * - `hyphen`: hyphens were added or left out;
 * - `typo`: one letter away, or two in a long name;
 * - `other-suffix`: the same label under another public suffix;
 * - `label`: its label among others, between dots or hyphens (`google-login.example`);
 * - `part`: its label inside a longer word (`googlemail.com`).
 */
export type LookAlikeReason = "confusable" | "embedded" | "hyphen" | "typo" | "other-suffix" | "label" | "part";

export type Severity = "high" | "medium" | "low";

export interface LookAlike {
  /** The protected domain, in canonical form. */
  readonly protected: string;
  readonly reason: LookAlikeReason;
  readonly severity: Severity;
}

const SEVERITY: Readonly<Record<LookAlikeReason, Severity>> = {
  confusable: "high",
  embedded: "high",
  hyphen: "high",
  typo: "high",
  "other-suffix": "medium",
  label: "medium",
  part: "low",
};
const REASONS = Object.keys(SEVERITY) as readonly LookAlikeReason[];

/** Shorter labels are a letter away from too many others; from the second length on two letters may differ. */
const MIN_TYPO = 5;
const MIN_TWO_TYPOS = 10;
const MIN_LABEL = 3;
const MIN_PART = 6;

/**
 * Tells how a domain imitates one of the protected ones: the clearest of all ways. A domain under the same registered
 * name as a protected one is its owner's and imitates none.
 * @param domain as it stands; what is no host name imitates nothing
 * @param protectedDomains as they stand; those that are no domains protect nothing
 */
export function lookAlike(domain: string, protectedDomains: readonly string[]): LookAlike | undefined {
  const name = read(domain);
  if (name === undefined) return undefined;
  const guarded = readAll(protectedDomains);
  if (guarded.some((own) => own.registered === name.registered)) return undefined;
  let best: LookAlike | undefined;
  for (const own of guarded) {
    const reason = reasonFor(name, own);
    if (reason === undefined || (best && REASONS.indexOf(best.reason) <= REASONS.indexOf(reason))) continue;
    best = { protected: own.name, reason, severity: SEVERITY[reason] };
  }
  return best;
}

/** Whether a domain belongs to the owner of a protected one. */
export function isProtected(domain: string, protectedDomains: readonly string[]): boolean {
  const name = read(domain);
  return name !== undefined && readAll(protectedDomains).some((own) => own.registered === name.registered);
}

/** A host name, taken apart, as people see it. */
interface Name {
  readonly name: string;
  /** The name that somebody registered, which says whose the host is. */
  readonly registered: string;
  readonly label: string;
  /** Skeletons of the label, of what somebody registered, and of the whole name, without its suffix too. */
  readonly looks: string;
  readonly registeredLooks: string;
  readonly wholeLooks: string;
  readonly bareLooks: string;
}

/** Lists are asked about once for each name of every message. */
const known = new WeakMap<readonly string[], readonly Name[]>();

function readAll(texts: readonly string[]): readonly Name[] {
  const names = known.get(texts) ?? texts.flatMap((text) => read(text) ?? []);
  known.set(texts, names);
  return names;
}

function read(text: string): Name | undefined {
  const canonical = canonicalHostname(text);
  const parts: RegistrableName | undefined = canonical.ok ? registrableName(canonical.value) : undefined;
  if (!canonical.ok || parts === undefined) return undefined;
  const { suffix } = parts;
  const label = unicodeName(parts.label);
  const registered = `${parts.label}.${suffix}`;
  const name = canonical.value;
  const shown = unicodeName(name);
  const bareLooks = skeleton(shown.slice(0, -unicodeName(suffix).length));
  const registeredLooks = skeleton(registered);
  return { name, registered, label, looks: skeleton(label), registeredLooks, wholeLooks: skeleton(shown), bareLooks };
}

function reasonFor(name: Name, own: Name): LookAlikeReason | undefined {
  const { label, looks } = name;
  const ownLooks = own.looks;
  if (label !== own.label && looks === ownLooks) return "confusable";
  if (isEmbedded(name.wholeLooks, own.registeredLooks)) return "embedded";
  if (label !== own.label && looks.replaceAll("-", "") === ownLooks.replaceAll("-", "")) return "hyphen";
  const limit = own.label.length >= MIN_TWO_TYPOS ? 2 : 1;
  if (label !== own.label && own.label.length >= MIN_TYPO && editDistance(looks, ownLooks, limit) <= limit)
    return "typo";
  if (label === own.label) return "other-suffix";
  if (own.label.length < MIN_LABEL) return undefined;
  const words = name.bareLooks.split(/[.-]/);
  const ownWords = ownLooks.split("-");
  if (words.some((_, i) => ownWords.every((word, k) => words[i + k] === word))) return "label";
  return own.label.length >= MIN_PART && looks.includes(ownLooks) ? "part" : undefined;
}

/** Whether a name, its dots written as dots or hyphens, stands whole in another one, which goes on after it. */
function isEmbedded(name: string, own: string): boolean {
  const [dotted, sought] = [name, own].map((text) => text.replaceAll("-", ".")) as [string, string];
  return `.${dotted}.`.includes(`.${sought}.`) && !dotted.endsWith(`.${sought}`);
}
