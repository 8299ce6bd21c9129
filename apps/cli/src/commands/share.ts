import { isUuid } from "@detente/intel/uuid";
import { type Tlp, TLP_LABELS } from "@detente/record/vocabulary";
import { list, optional, several, yes } from "../args.ts";
import { command } from "../command.ts";

export type Flags = {
  readonly title?: string;
  readonly tlp?: Tlp;
  readonly whole: boolean;
  readonly own: boolean;
  readonly force: boolean;
  readonly to?: readonly string[];
  readonly source?: string;
  readonly sharingGroup?: readonly (readonly [string, readonly string[]])[];
  readonly dryRun: boolean;
};

export const shareCommand = command<Flags, string[]>({
  brief: "Share the indicators of files with the unit, or with some of its parties",
  about:
    "Reads CSV (with or without a heading), plain lists, STIX 2.1 bundles and MISP events; defanged forms are understood. " +
    "Domains, IPv4 and IPv6 addresses and networks, URLs, e-mail addresses, MD5, SHA-1 and SHA-256. What is not understood " +
    "is left out and named with file and line; so is what MISP's distribution and TLP tags keep from this audience. With " +
    "--to, the other parties see no more than that something was said. " +
    "With --whole the objects of STIX bundles are shared as they stand, of every type. What STIX marks TLP:AMBER or stricter " +
    "goes to others only if this party marked it itself: it names one of the identities in station.json as its creator, or " +
    "--own says so. What the gate (see `detente gate`) knows to be benign is refused without --force.",
  examples: [
    'detente share phishing.csv --title "Phishing against poll workers"',
    "detente share bundle.json --tlp red --to charlie",
    "detente share report.json --whole --tlp green",
    "detente share indicators.txt --dry-run",
  ],
  flags: {
    title: optional(String, "text", "a title (default: how many indicators of which kinds)"),
    tlp: {
      kind: "enum",
      values: TLP_LABELS,
      brief: "Traffic Light Protocol 2.0 (default: the strictest label on objects of STIX files, else amber)",
      optional: true,
    },
    whole: yes("share STIX objects as they stand"),
    own: yes("this party marked the objects of STIX files itself"),
    force: yes("share also what the gate knows to be benign"),
    to: list("party", "only for these parties, separated by commas (default: the whole unit)"),
    source: optional(String, "text", "where the indicators come from"),
    sharingGroup: {
      ...optional(sharingGroup, "UUID=PARTY,…", "which parties a sharing group of MISP stands for"),
      variadic: true,
    },
    dryRun: yes("only say what would be shared"),
  },
  args: several("FILE", "files with indicators"),
  load: () => import("./share.run.ts"),
});

function sharingGroup(text: string): readonly [string, readonly string[]] {
  const [uuid = "", parties = "", ...more] = text.split("=");
  if (!isUuid(uuid.toLowerCase()) || !/^[a-z0-9-]+(?:,[a-z0-9-]+)*$/.test(parties) || more.length > 0)
    throw new Error(`"${text}" is not UUID=PARTY,PARTY`);
  return [uuid.toLowerCase(), parties.split(",")];
}
