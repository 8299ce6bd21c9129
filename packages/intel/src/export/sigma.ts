import type { IndicatorKind } from "@detente/record";
import type { BlockList, Entry } from "./block-list.ts";
import { headerOf, instant, joinLines, notInFormat, remarkOf, renderEach, type Rendering } from "./rendering.ts";
import { uuid5 } from "../uuid.ts";

/** Under which the ids of our rules are names; drawn once for this purpose. */
const NAMESPACE = "5b0f6f5e-6d3c-4f0a-9d0c-7a3f1c2e8b41";

interface Source {
  readonly title: string;
  readonly kinds: readonly IndicatorKind[];
  readonly logsource: readonly string[];
  /** Each a list of values under one field; any of them is a match. */
  readonly selections: readonly { readonly field: string; readonly value: (entry: Entry) => string | undefined }[];
}

const whole = ({ value }: Entry): string => escaped(value);
const of =
  (...kinds: readonly IndicatorKind[]) =>
  (entry: Entry): string | undefined =>
    kinds.includes(entry.kind) ? escaped(entry.value) : undefined;
const HASH_NAME: Readonly<Partial<Record<IndicatorKind, string>>> = { md5: "MD5", sha1: "SHA1", sha256: "SHA256" };

const SOURCES: readonly Source[] = [
  {
    title: "DNS query",
    kinds: ["domain"],
    logsource: ["category: dns"],
    selections: [
      { field: "query", value: whole },
      { field: "query|endswith", value: ({ value }) => escaped(`.${value}`) },
    ],
  },
  {
    title: "Web request through a proxy",
    kinds: ["domain", "url"],
    logsource: ["category: proxy"],
    selections: [
      { field: "c-uri", value: of("url") },
      { field: "cs-host", value: of("domain") },
      {
        field: "cs-host|endswith",
        value: ({ kind, value }) => (kind === "domain" ? escaped(`.${value}`) : undefined),
      },
    ],
  },
  {
    title: "Connection",
    kinds: ["ipv4", "ipv6", "cidr4", "cidr6"],
    logsource: ["category: firewall"],
    selections: [
      { field: "dst_ip", value: of("ipv4", "ipv6") },
      { field: "dst_ip|cidr", value: of("cidr4", "cidr6") },
    ],
  },
  {
    title: "Process",
    kinds: ["md5", "sha1", "sha256"],
    logsource: ["category: process_creation", "product: windows"],
    selections: [{ field: "Hashes|contains", value: ({ kind, value }) => `${HASH_NAME[kind] ?? ""}=${value}` }],
  },
];

/** Sigma rules (sigmahq.io, specification 2.0), one document for each log source. */
export function renderSigma(list: BlockList): Rendering {
  const bySource = new Map<Source, Entry[]>(SOURCES.map((source) => [source, []]));
  const { leftOut } = renderEach(list, (entry) => {
    const sources = SOURCES.filter(({ kinds }) => kinds.includes(entry.kind));
    for (const source of sources) bySource.get(source)?.push(entry);
    return sources.length === 0 ? notInFormat("Sigma has no common log source that holds it") : "";
  });
  const documents = [...bySource].flatMap(([source, entries]) =>
    entries.length === 0 ? [] : documentOf(source, entries, list.at),
  );
  const header = headerOf(list, list.entries.length - leftOut.length, leftOut).map((line) => `# ${line}`);
  return { files: [{ name: "detente.sigma.yml", text: joinLines(header, documents) }], leftOut };
}

function documentOf({ title, logsource, selections }: Source, entries: readonly Entry[], at: number): string[] {
  const filled = selections.flatMap(({ field, value }) => {
    const lines = entries.flatMap((entry) => {
      const text = value(entry);
      return text === undefined ? [] : [`      - ${quoted(text)} # ${remarkOf(entry)}`];
    });
    return lines.length === 0 ? [] : [{ field, lines }];
  });
  return [
    "---",
    `title: ${title} of what parties of the unit shared`,
    `id: ${uuid5(NAMESPACE, logsource.join(" "))}`,
    "status: experimental",
    "description: Indicators from a block list; who shared each and until when it counts is beside it",
    "author: detente",
    `date: ${instant(at).slice(0, 10)}`,
    "logsource:",
    ...logsource.map((line) => `  ${line}`),
    "detection:",
    ...filled.flatMap(({ field, lines }, i) => [`  selection_${i}:`, `    ${field}:`, ...lines]),
    "  condition: 1 of selection_*",
    "falsepositives:",
    "  - Shared infrastructure",
    "level: high",
  ];
}

/** `*`, `?` and a backslash before them or before another backslash mean something in a value of Sigma. */
function escaped(text: string): string {
  return text.replace(/[\\*?]/g, (char) => `\\${char}`);
}

/** A single-quoted scalar of YAML 1.2 (§7.3.2). */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
