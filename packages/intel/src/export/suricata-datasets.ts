import { toBase64, utf8 } from "@detente/basics";
import type { IndicatorKind } from "@detente/record";
import type { BlockList } from "./block-list.ts";
import { headerOf, joinLines, notInFormat, remarkOf, renderEach, type Rendering } from "./rendering.ts";
import { RuleNumbers } from "./suricata-rules.ts";

interface Dataset {
  readonly kinds: readonly IndicatorKind[];
  readonly name: string;
  /** A line of the file. */
  readonly line: (value: string) => string;
  /** Protocols, and the options that ask the file. */
  readonly rules: readonly { readonly action: string; readonly options: (file: string) => string }[];
}

const base64 = (value: string): string => toBase64(utf8(value));
const same = (value: string): string => value;
const FILE_PROTOCOLS = ["http", "smtp", "ftp-data", "smb", "nfs"];

const DATASETS: readonly Dataset[] = [
  {
    kinds: ["domain"],
    name: "domains",
    line: base64,
    rules: [
      {
        action: "dns any any -> any any",
        options: (file) => `dns.query; to_lowercase; ${isset("domains", "string", file)}`,
      },
      {
        action: "tls any any -> any any",
        options: (file) => `tls.sni; to_lowercase; ${isset("domains", "string", file)}`,
      },
    ],
  },
  {
    kinds: ["ipv4", "ipv6"],
    name: "addresses",
    line: same,
    rules: [
      { action: "ip any any -> any any", options: (file) => `ip.src; ${isset("addresses", "ip", file)}` },
      { action: "ip any any -> any any", options: (file) => `ip.dst; ${isset("addresses", "ip", file)}` },
    ],
  },
  {
    kinds: ["ja3"],
    name: "ja3",
    line: base64,
    rules: [{ action: "tls any any -> any any", options: (file) => `ja3.hash; ${isset("ja3", "string", file)}` }],
  },
  ...(["md5", "sha1", "sha256"] as const).map((kind) => ({
    kinds: [kind],
    name: kind,
    line: same,
    rules: FILE_PROTOCOLS.map((protocol) => ({
      action: `${protocol} any any -> any any`,
      options: (file: string) => `file${kind}:${file}; `,
    })),
  })),
];

/**
 * Datasets for Suricata 7 and later (doc: "Datasets", "File Keywords"): a few rules, and a file for each kind, for
 * lists that are too long to be rules. Names are compared as a whole: those below a listed one do not match. The files
 * have no comments, so who asks for an indicator is in `detente-provenance.tsv` only.
 */
export function renderSuricataDatasets(list: BlockList): Rendering {
  const numbers = new RuleNumbers();
  const files = new Map<Dataset, string[]>();
  const provenance: string[] = [];
  const { leftOut } = renderEach(list, (entry) => {
    const dataset = DATASETS.find(({ kinds }) => kinds.includes(entry.kind));
    if (dataset === undefined) return notInFormat("datasets hold names, single addresses and digests");
    const lines = files.get(dataset);
    if (lines === undefined) files.set(dataset, [dataset.line(entry.value)]);
    else lines.push(dataset.line(entry.value));
    provenance.push([entry.kind, entry.value, remarkOf(entry)].join("\t"));
    return "";
  });
  const rules = [...files.keys()].flatMap(({ name, rules: heads }) =>
    heads.map(({ action, options }) => {
      const sid = numbers.take(`${action} ${options("")}`, { kind: "domain", value: name });
      return `alert ${action} (msg:"detente ${name}"; ${options(fileOf(name))}sid:${sid}; rev:1;)`;
    }),
  );
  const header = headerOf(list, provenance.length, leftOut).map((line) => `# ${line}`);
  return {
    files: [
      { name: "detente-datasets.rules", text: joinLines(header, rules) },
      ...[...files].map(([{ name }, lines]) => ({ name: fileOf(name), text: joinLines(lines) })),
      { name: "detente-provenance.tsv", text: joinLines(provenance) },
    ],
    leftOut,
  };
}

function isset(name: string, type: string, file: string): string {
  return `dataset:isset,detente-${name},type ${type},load ${file}; `;
}

function fileOf(name: string): string {
  return `detente-${name}.lst`;
}
