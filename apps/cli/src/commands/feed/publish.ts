import { type Tlp, TLP_LABELS } from "@detente/record/vocabulary";
import { list, one, yes } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly tlp: Tlp; readonly sealed: boolean; readonly parties?: readonly string[] };

export const feedPublishCommand = command<Flags, [string]>({
  brief: "Write what was shared as a MISP feed: a directory that a MISP server can subscribe to",
  about:
    "An event for each share that is in effect and was not withdrawn, by the party that shared it. Only what is TLP:CLEAR, " +
    "unless --tlp names a stricter label, and only what was shared with the whole unit, unless --sealed: whoever can read " +
    "the directory, or the web server that it lies on, gets all of it. Events first, then the list of them; those of shares " +
    "that were withdrawn are removed. Run it from a timer. Exit code 1: there is nothing in it.",
  examples: [
    "detente feed publish /srv/www/misp-feed",
    "detente feed publish feed --tlp amber --parties bravo,charlie   # for this party's own MISP",
  ],
  flags: {
    tlp: { kind: "enum", values: TLP_LABELS, default: "clear", brief: "the strictest label that may be in it" },
    sealed: yes("also what was shared with some parties only"),
    parties: list("party", "only what these parties shared"),
  },
  args: one(String, "DIR", "the directory of the feed"),
  load: () => import("./publish.run.ts"),
});
