import { list } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly file?: readonly string[] };

export const lookupCommand = command<Flags, [string, ...string[]]>({
  brief: "Ask a partner whether it knows indicators, without telling it which",
  about:
    "The partner learns that you ask, and for how many (1, 16, 64, 256 or 1,024 at a time), neither what nor whether it hits: " +
    "that is looked up here. It proves that it used the key on the record. Of a name those above it are asked too, of a URL " +
    "and an address of mail those of its host. What was answered is kept: it costs nothing again, and a run that was broken " +
    "off is gone on with by repeating it. Exit code 0: hits, 1: none, 2: trouble.",
  examples: [
    "detente match lookup bravo evil.example",
    "detente match lookup bravo 203.0.113.7 hxxps://evil[.]example/login",
    "detente match lookup bravo --file suspicious.csv --json",
  ],
  flags: { file: list("file", "indicators in any form that `detente share` takes") },
  args: {
    kind: "array",
    parameter: { parse: String, placeholder: "PARTNER VALUE", brief: "the partner, then what is looked up" },
    minimum: 1,
  },
  load: () => import("./lookup.run.ts"),
});
