import { INDICATOR_KINDS, type IndicatorKind } from "@detente/record";
import { partsOfType, type TypePart } from "../read/types.ts";

/** How an attribute names an indicator: its type, and of a composite type the other half (a port, a file name). */
export interface AttributeForm {
  readonly type: string;
  readonly companion?: string;
}

/** The type by which an indicator of a kind is exported; MISP has none for JA4 fingerprints. */
export const TYPE_OF_KIND: Readonly<Record<Exclude<IndicatorKind, "ja4">, string>> = {
  domain: "domain",
  ipv4: "ip-dst",
  ipv6: "ip-dst",
  cidr4: "ip-dst",
  cidr6: "ip-dst",
  url: "url",
  email: "email-src",
  md5: "md5",
  sha1: "sha1",
  sha256: "sha256",
  ja3: "ja3-fingerprint-md5",
};

const DEFAULT_TYPES: ReadonlySet<string> = new Set(Object.values(TYPE_OF_KIND));
/** `misp:type="ip-src"`, as MISP's own converters to STIX label it, or `misp:filename|sha256="a.exe"`. */
const FORM_LABEL = /^misp:(type|[a-z0-9-]+\|[a-z0-9-]+)="(.*)"$/;
const CATEGORY_LABEL = /^misp:category="(.*)"$/;

/** MISP's categories (core format, "Attribute Attributes"). */
const CATEGORIES: ReadonlySet<string> = new Set([
  "Antivirus detection",
  "Artifacts dropped",
  "Attribution",
  "External analysis",
  "Financial fraud",
  "Internal reference",
  "Network activity",
  "Other",
  "Payload delivery",
  "Payload installation",
  "Payload type",
  "Persistence mechanism",
  "Person",
  "Social network",
  "Support Tool",
  "Targeting data",
]);

/** The parts of an attribute's type; `undefined` for a type that has no counterpart among our kinds. */
export function partsOfAttribute(type: string): readonly TypePart[] | undefined {
  // The value of a sample is the name and the MD5 of the file that stands, packed, in `data`.
  return partsOfType(type === "malware-sample" ? "filename|md5" : type);
}

/** A value taken apart as its type says. Only the last bar divides: names of files may have bars too. */
export function piecesOf(value: string, parts: readonly TypePart[]): readonly string[] {
  const bar = value.lastIndexOf("|");
  return parts.length < 2 || bar < 0 ? [value] : [value.slice(0, bar), value.slice(bar + 1)];
}

/** The form of a piece of an attribute. */
export function formOf(type: string, pieces: readonly string[], at: number): AttributeForm {
  if (pieces.length < 2) return { type };
  return { type: type === "malware-sample" ? "filename|md5" : type, companion: pieces[1 - at] ?? "" };
}

/** Whether export gives this form to what says nothing else. */
export function isDefaultForm({ type }: AttributeForm): boolean {
  return DEFAULT_TYPES.has(type);
}

export function formLabel({ type, companion }: AttributeForm): string {
  return companion === undefined ? `misp:type="${type}"` : `misp:${type}="${companion}"`;
}

export function categoryLabel(category: string): string {
  return `misp:category="${category}"`;
}

/** The category that export gives to a type: where MISP's own interface suggests it. */
export function defaultCategory(type: string): string {
  return /^(?:email|filename|md5|sha)/.test(type) ? "Payload delivery" : "Network activity";
}

export function isCategory(text: string): boolean {
  return CATEGORIES.has(text);
}

/** How an indicator is exported by what its labels say, and the labels that are left. */
export interface Forms {
  /** Empty for a kind that MISP has no type for. */
  readonly forms: readonly AttributeForm[];
  readonly category: string | undefined;
  readonly rest: readonly string[];
}

/** Reads the labels that `formLabel` and `categoryLabel` wrote. Others may write them too: what does not fit is a label. */
export function formsFrom(kind: IndicatorKind, labels: readonly string[]): Forms {
  const forms: AttributeForm[] = [];
  const rest: string[] = [];
  let category: string | undefined;
  for (const label of labels) {
    const [, name = "", text = ""] = FORM_LABEL.exec(label) ?? [];
    const form = name === "type" ? { type: text } : { type: name, companion: text };
    const stated = CATEGORY_LABEL.exec(label)?.[1];
    if (name !== "" && isFor(kind, form)) forms.push(form);
    else if (stated !== undefined && isCategory(stated) && category === undefined) category = stated;
    else rest.push(label);
  }
  const usual = kind === "ja4" ? [] : [{ type: TYPE_OF_KIND[kind] }];
  return { forms: forms.length > 0 ? forms : usual, category, rest };
}

/** An indicator's value in a form. */
export function valueIn(kind: IndicatorKind, value: string, { type, companion }: AttributeForm): string {
  if (companion === undefined) return value;
  return placeOf(kind, type) === 0 ? `${value}|${companion}` : `${companion}|${value}`;
}

function isFor(kind: IndicatorKind, { type, companion }: AttributeForm): boolean {
  return placeOf(kind, type) !== undefined && (companion !== undefined) === type.includes("|");
}

/** Which part of a type holds an indicator of a kind. */
function placeOf(kind: IndicatorKind, type: string): number | undefined {
  const parts = partsOfType(type) ?? [];
  const at = parts.findIndex((part) => part !== undefined && (part.allowed ?? INDICATOR_KINDS).includes(kind));
  return at < 0 ? undefined : at;
}
