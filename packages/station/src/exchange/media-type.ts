/** The media type of TAXII 2.1 (§1.6.8.1). */
export const TAXII_MEDIA_TYPE = "application/taxii+json;version=2.1";
export const STIX_MEDIA_TYPE = "application/stix+json;version=2.1";

interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  /** 0 to 1. */
  readonly quality: number;
}

/** How exactly a range names the type, from any to this version of it; the more exact one decides (RFC 9110 §12.5.1). */
const EXACTNESS: Readonly<Record<string, number>> = { "*/*": 1, "application/*": 2, "application/taxii+json": 3 };

/** Whether an `Accept` header takes TAXII 2.1. One without a version takes any; none at all too. */
export function acceptsTaxii(header: string | undefined): boolean {
  if (header === undefined || header.trim() === "") return true;
  let best = 0;
  let quality = 0;
  for (const range of header.split(",").map(parseRange)) {
    if (range.version !== undefined && range.version !== "2.1") continue;
    const exactness = (EXACTNESS[range.type] ?? 0) + (range.version === undefined ? 0 : 0.5);
    if (exactness < 1 || exactness < best) continue;
    quality = exactness > best ? range.quality : Math.max(quality, range.quality);
    best = exactness;
  }
  return quality > 0;
}

/** Whether a `Content-Type` is TAXII 2.1, the version named or not. */
export function isTaxii(header: string | undefined | null): boolean {
  const { type, version } = parseRange(header ?? "");
  return type === "application/taxii+json" && (version === undefined || version === "2.1");
}

function parseRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  let version: string | undefined;
  let quality = 1;
  for (const parameter of parameters) {
    const [, name, value = ""] = /^([a-z]+)\s*=\s*"?([^"]*)"?$/.exec(parameter) ?? [];
    if (name === "version") version = value;
    if (name === "q") quality = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : 0;
  }
  return { type, version, quality };
}
