import { present, sha256, utf8 } from "@detente/basics";
import { parseUrl } from "../canonical/url.ts";
import type { BlockList, Entry, Obstacle } from "./block-list.ts";
import { headerOf, joinLines, notInFormat, plainRemarkOf, renderEach, type Rendering } from "./rendering.ts";

/** Local rules may use any number that nobody else has; feeds in use stay below 100 million (sidallocation.org). */
const SID_START = 1_000_000_000;
const SID_RANGE = 1_000_000_000;
const MAX_MESSAGE = 300;
/** A rule is one line of at most 8192 bytes. */
const MAX_RULE = 8000;

/** Rules for Suricata 6 and later: names with all below them, addresses, networks, URLs, fingerprints of TLS clients. */
export function renderSuricataRules(list: BlockList): Rendering {
  const sids = new RuleNumbers();
  const { lines, leftOut } = renderEach(list, (entry) => {
    const heads = headsOf(entry);
    if (!Array.isArray(heads)) return heads as Obstacle;
    const rules = (heads as readonly RuleHead[]).map((head) => ruleOf(entry, head, sids.take(head.action, entry)));
    return rules.some((rule) => rule.length > MAX_RULE)
      ? notInFormat("its rule would be longer than 8,192 bytes")
      : rules.join("\n");
  });
  const header = headerOf(list, list.entries.length - leftOut.length, leftOut).map((line) => `# ${line}`);
  return { files: [{ name: "detente.rules", text: joinLines(header, lines) }], leftOut };
}

/** Gives each rule the same number in every list, as long as no two fall together. */
export class RuleNumbers {
  readonly #taken = new Set<number>();

  take(what: string, { kind, value }: Pick<Entry, "kind" | "value">): number {
    const digest = sha256(utf8(`${what} ${kind} ${value}`));
    const hash = new DataView(digest.buffer, digest.byteOffset).getUint32(0);
    let sid = hash % SID_RANGE;
    while (this.#taken.has(sid)) sid = (sid + 1) % SID_RANGE;
    this.#taken.add(sid);
    return SID_START + sid;
  }
}

interface RuleHead {
  readonly action: string;
  readonly options: string;
}

function ruleOf(entry: Entry, { action, options }: RuleHead, sid: number): string {
  return `alert ${action} (msg:"detente ${entry.kind}: ${plainRemarkOf(entry, MAX_MESSAGE)}"; ${options}sid:${sid}; rev:1;)`;
}

function headsOf({ kind, value }: Entry): readonly RuleHead[] | Obstacle {
  switch (kind) {
    case "domain": {
      const below = `dotprefix; content:"${content(`.${value}`)}"; nocase; endswith; `;
      return [
        { action: "dns any any -> any any", options: `dns.query; ${below}` },
        { action: "tls any any -> any any", options: `tls.sni; ${below}` },
      ];
    }
    case "ipv4":
    case "ipv6":
    case "cidr4":
    case "cidr6":
      return [{ action: `ip any any <> [${value}] any`, options: "" }];
    case "url":
      return urlHeads(value);
    case "ja3":
      return [{ action: "tls any any -> any any", options: `ja3.hash; content:"${content(value)}"; ` }];
    case "ja4":
      return notInFormat("Suricata knows JA4 from version 8 on");
    case "email":
      return notInFormat("Suricata has no buffer of mail addresses");
    case "md5":
    case "sha1":
    case "sha256":
      return notInFormat("Suricata takes digests of files from lists; see suricata-datasets");
  }
}

/** Suricata sees the target of an https URL where it is behind a proxy that decrypts. */
function urlHeads(value: string): readonly RuleHead[] | Obstacle {
  const parsed = parseUrl(value);
  const { scheme, authority, host, target } = present(parsed.ok ? parsed.value : undefined, "a canonical URL");
  if (scheme !== "http" && scheme !== "https") return notInFormat(`Suricata sees no targets of ${scheme}`);
  const port = /:([0-9]+)$/.exec(authority)?.[1] ?? "any";
  // What Suricata calls the host is without a port, and an address of IPv6 without brackets (http.host).
  return [
    {
      action: `http any any -> any ${authority.endsWith("]") ? "any" : port}`,
      options: `http.host; content:"${content(host)}"; startswith; endswith; http.uri.raw; content:"${content(target)}"; startswith; endswith; `,
    },
  ];
}

/** A content pattern: everything but letters, digits and a few harmless characters as hexadecimal. */
function content(text: string): string {
  return text.replace(/[^A-Za-z0-9./_-]/g, (char) => `|${char.charCodeAt(0).toString(16).padStart(2, "0")}|`);
}
