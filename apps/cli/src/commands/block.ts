import type { VerdictLabel } from "@detente/intel";
import { BLOCK_FORMATS, type BlockFormat } from "@detente/intel/block-formats";
import { list, optional, wholeNumber, yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";

export type Flags = {
  readonly format?: BlockFormat;
  readonly output?: string;
  readonly why?: string;
  readonly confidence: number;
  readonly parties?: readonly string[];
  readonly labels: readonly VerdictLabel[];
  readonly publish: boolean;
};

const LABELS: readonly VerdictLabel[] = ["block", "inform", "known-benign"];

export const blockCommand = command<Flags, []>({
  brief: "Write what was shared as a block list of a resolver, firewall, proxy or sensor",
  about:
    "Only what the gate labels block (see `detente gate`; its lists and assets are those in station.json), what is in effect, " +
    "not withdrawn, not too old (30 days after it was last seen for addresses, 60 for networks and URLs, 120 for names, 365 for " +
    "fingerprints, 730 for files), touches no special-purpose addresses and has --confidence left. What other parties saw, or found to be wrong, " +
    "counts; not so the word of whoever shared it. Every line says who " +
    "shared it and until when it counts. The file is replaced whole; two formats (suricata-datasets, squid) are several " +
    "files, and -o is their directory. Run it from a timer, so that what is withdrawn goes. --why says of one value " +
    "whether it is in the list, and why not. Exit code 1: the list is empty, or the value is not in it.",
  examples: [
    "detente block --format rpz -o /var/cache/bind/detente.rpz && rndc reload detente.rpz",
    "detente block --format nftables --confidence 70 --parties bravo -o /etc/nftables.d/detente.nft",
    "detente block --format rpz --why login.example.com",
  ],
  flags: {
    format: { kind: "enum", values: [...BLOCK_FORMATS], brief: "the tool's format", optional: true },
    output: optional(String, "path", "the file, or the directory, that is to be replaced"),
    why: optional(String, "value", "say whether this indicator is in the list, and why not"),
    confidence: {
      kind: "parsed",
      parse: percentage,
      placeholder: "n",
      default: "0",
      brief: "0 to 100; above 0, what states no confidence is left out",
    },
    parties: list("party", "only what these parties shared"),
    labels: {
      kind: "parsed",
      parse: labelsOf,
      placeholder: "labels",
      default: "block",
      brief: "what the gate may label it: block, inform, known-benign, separated by commas",
    },
    publish: yes("others will read the list: only TLP:CLEAR"),
  },
  aliases: { o: "output" },
  args: NO_ARGS,
  load: () => import("./block.run.ts"),
});

function labelsOf(text: string): readonly VerdictLabel[] {
  return text.split(",").map((name) => {
    const label = LABELS.find((known) => known === name.trim());
    if (label === undefined) throw new Error(`"${name}" is no label; they are ${LABELS.join(", ")}`);
    return label;
  });
}

function percentage(text: string): number {
  const number = wholeNumber(text);
  if (number > 100) throw new Error(`"${text}" is not between 0 and 100`);
  return number;
}
