import type { Json } from "@detente/basics";
import { isUuid, type SharingGoal } from "@detente/intel";
import type { Tlp } from "@detente/record";
import type { Appended, ShareInput } from "@detente/station";
import { list, optional, several, yes } from "../args.ts";
import { command } from "../command.ts";
import { kindsText, readIndicatorFiles } from "../indicators.ts";
import { saidLine } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { amount, audienceText } from "../ui/text.ts";

const TLP: readonly Tlp[] = ["clear", "green", "amber", "amber+strict", "red"];

type Flags = {
  readonly title?: string;
  readonly tlp: Tlp;
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
    "is left out and named with file and line; so is what MISP's distribution and TLP tags keep from this audience. With --to, the other parties see no more than that something was said.",
  examples: [
    'detente share phishing.csv --title "Phishing against poll workers"',
    "detente share bundle.json --tlp red --to charlie",
    "detente share indicators.txt --dry-run",
  ],
  flags: {
    title: optional(String, "text", "a title (default: how many indicators of which kinds)"),
    tlp: { kind: "enum", values: TLP, default: "amber", brief: "Traffic Light Protocol 2.0" },
    to: list("party", "only for these parties, separated by commas (default: the whole unit)"),
    source: optional(String, "text", "where the indicators come from"),
    sharingGroup: {
      ...optional(sharingGroup, "UUID=PARTY,…", "which parties a sharing group of MISP stands for"),
      variadic: true,
    },
    dryRun: yes("only say what would be shared"),
  },
  args: several("FILE", "files with indicators"),
  async run(cli, { title, tlp, to, source, sharingGroup: groups = [], dryRun }, ...paths) {
    const goal: SharingGoal = { audience: to ?? "unit", tlp, groups: new Map(groups) };
    const { items, rows, findings, rejected } = await readIndicatorFiles(paths, goal);
    cli.remark(...findings);
    if (items.length === 0)
      throw new Trouble(paths.join(", "), "holds no indicator", "see what is said about its rows");
    const input: ShareInput = {
      title: title ?? kindsText(items),
      tlp,
      audience: goal.audience,
      ...(source === undefined ? {} : { source }),
      items: items as unknown as readonly Json[],
    };
    const summary = { title: input.title, tlp, audience: input.audience, indicators: items.length, rows, rejected };
    const counted = `${amount(items.length, "indicator")} (${kindsText(items)}) for ${audienceText(input.audience)}, TLP:${tlp.toUpperCase()}`;
    const left = rejected === 0 ? [] : [`${amount(rejected, "row was", "rows were")} left out`];
    if (dryRun) return { json: { ...summary, shared: false }, text: [`Would share ${counted}`, ...left] };
    const appended = await cli.withStation((station) =>
      station.post<Appended>("/api/shares", input as unknown as Json),
    );
    return {
      json: { ...summary, shared: true, ...appended },
      text: [`Shared ${counted}`, ...left, saidLine(input.title, appended)],
    };
  },
});

function sharingGroup(text: string): readonly [string, readonly string[]] {
  const [uuid = "", parties = "", ...more] = text.split("=");
  if (!isUuid(uuid.toLowerCase()) || !/^[a-z0-9-]+(?:,[a-z0-9-]+)*$/.test(parties) || more.length > 0)
    throw new Error(`"${text}" is not UUID=PARTY,PARTY`);
  return [uuid.toLowerCase(), parties.split(",")];
}
