import { err, type Fault, ok, type Result } from "@detente/basics";
import { quote } from "../text.ts";
import { canonicalHostname } from "./domain.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "./ip.ts";
import type { CanonicalNote } from "./kinds.ts";

/** RFC 3986 §3, without the relative forms. */
const PARTS = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[^/?#:[\]@]*)(?::([0-9]*))?([/?][^#]*)?(#.*)?$/is;
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ftp: 21,
  ftps: 990,
  sftp: 22,
  ssh: 22,
  ws: 80,
  wss: 443,
};
/** Longer ones are no use as indicators and would not fit the overlap of a screened window. */
export const MAX_URL = 4096;

export interface CanonicalUrl {
  readonly scheme: string;
  /** Host and, unless it is the scheme's default, `:port`. */
  readonly authority: string;
  /** The host alone; an IPv6 address has no brackets here. */
  readonly host: string;
  /** Path and query, at least `/`. */
  readonly target: string;
  readonly notes: readonly CanonicalNote[];
}

export type UrlFault = Fault<"bad-url" | "unsupported-scheme" | "too-long">;

/**
 * The canonical form of a URL: scheme and host lower case (A-labels, RFC 5952), default port, user and fragment
 * dropped. Path and query are kept byte for byte (RFC 3986 §6.2.2 normalisations change what some servers serve);
 * only what cannot stand in a URL, spaces and non-ASCII, is percent-encoded.
 */
export function parseUrl(text: string): Result<CanonicalUrl, UrlFault> {
  if (text.length > MAX_URL) return err("too-long", `${quote(text)} is longer than ${MAX_URL} characters`);
  const parts = PARTS.exec(text);
  if (parts === null) return bad(text, "is not of the form scheme://host/path");
  const [, rawScheme = "", user, rawHost = "", rawPort = "", rawTarget = "/", fragment] = parts;
  const scheme = rawScheme.toLowerCase();
  const defaultPort = DEFAULT_PORTS[scheme];
  if (!Object.hasOwn(DEFAULT_PORTS, scheme) || defaultPort === undefined) {
    const known = Object.keys(DEFAULT_PORTS).join(", ");
    return err("unsupported-scheme", `${quote(text)} has the scheme ${quote(rawScheme)}; understood are ${known}`);
  }
  const host = canonicalHost(rawHost);
  if (host === undefined) return bad(text, "has a host that is neither a name nor an address in canonical form");
  const port = rawPort === "" ? defaultPort : Number(rawPort);
  if (port < 1 || port > 65535) return bad(text, "has a port outside 1 to 65535");
  const target = encodeTarget(rawTarget);
  if (target === undefined) return bad(text, "has a control character or a broken character in its path");
  const notes: CanonicalNote[] = [];
  if (user !== undefined) notes.push("user-dropped");
  if (fragment !== undefined) notes.push("fragment-dropped");
  const bracketed = host.includes(":") ? `[${host}]` : host;
  const authority = port === defaultPort ? bracketed : `${bracketed}:${port}`;
  const url = { scheme, authority, host, target, notes };
  return formatUrl(url).length > MAX_URL ? err("too-long", `${quote(text)} is over ${MAX_URL} characters`) : ok(url);
}

export function formatUrl(url: Pick<CanonicalUrl, "scheme" | "authority" | "target">): string {
  return `${url.scheme}://${url.authority}${url.target}`;
}

function canonicalHost(text: string): string | undefined {
  if (text.startsWith("[")) {
    const groups = parseIpv6(text.slice(1, -1));
    return groups && formatIpv6(groups);
  }
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return formatIpv4(v4);
  const name = canonicalHostname(text);
  return name.ok ? name.value : undefined;
}

function encodeTarget(text: string): string | undefined {
  if (/[\u0000-\u001f\u007f]/.test(text)) return undefined;
  const rooted = text.startsWith("/") ? text : `/${text}`;
  try {
    return rooted.replace(/[^\u0021-\u007e]+/g, (run) => encodeURIComponent(run));
  } catch {
    return undefined;
  }
}

function bad(text: string, why: string): Result<never, Fault<"bad-url">> {
  return err("bad-url", `${quote(text)} ${why}`);
}
