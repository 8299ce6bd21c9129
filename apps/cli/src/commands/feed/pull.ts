import { one, optional, size, wholeNumber, yes } from "../../args.ts";
import { command } from "../../command.ts";

export const MAX_EVENTS = 20_000;

export type Flags = {
  readonly output?: string;
  readonly private: boolean;
  readonly maxEvents?: number;
  readonly maxBytes?: number;
};

export const feedPullCommand = command<Flags, [string]>({
  brief: "Bring a copy of a MISP feed up to date, and say what is new",
  about:
    "SOURCE is a directory or an https address with manifest.json, events and hashes.csv, as MISP and its feed generator " +
    "write them. Only events that are new or changed are fetched; those that the feed names no longer are removed from the " +
    "copy: withdraw what you shared of them. Nothing is shared by this: look at the files, then `detente share` or " +
    "`detente gate` them. Run it again after an interruption. Exit code 2: some of it could not be taken, and was named.",
  examples: [
    "detente feed pull https://misp.example/feeds/osint -o feeds/osint",
    "detente feed pull https://misp.example/feeds/osint -o feeds/osint --json | jq -r '.added[]' | xargs -r detente gate",
  ],
  flags: {
    output: optional(String, "dir", "the directory of the copy"),
    private: yes("the server may be at a private address, and speak plain http"),
    maxEvents: optional(wholeNumber, "n", `events of one run (default: ${MAX_EVENTS}); the rest comes with the next`),
    maxBytes: optional(size, "size", "bytes of one run (default: 2GiB)"),
  },
  aliases: { o: "output" },
  args: one(String, "SOURCE", "a directory, or an address"),
  load: () => import("./pull.run.ts"),
});
