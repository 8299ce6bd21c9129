import { one, optional, required } from "../../args.ts";
import { command } from "../../command.ts";
import { REMOTE_FLAGS, type RemoteFlags } from "../../taxii/remote-flags.ts";

export type Flags = RemoteFlags & { readonly collection: string; readonly state: string; readonly output?: string };

export const taxiiPullCommand = command<Flags, [string]>({
  brief: "Fetch what is new in a collection of a TAXII 2.1 server",
  about:
    "The state remembers how far it came and holds the objects, so an interruption loses nothing: run it again. With -o what " +
    "was not written out before is written as a STIX bundle, each object in the bytes of its source. Nothing is shared by this: look at " +
    "the file, then `detente gate` or `detente share` it. A station can do this on a schedule (taxii in station.json). " +
    "Exit code 1: nothing is new.",
  examples: [
    "detente taxii pull https://taxii.example/api/ --collection 91a7b528-80eb-42ed-a74d-c6fbd5a26116 --state partner.sqlite -o new.json",
  ],
  flags: {
    ...REMOTE_FLAGS,
    collection: required(String, "id", "the collection, as `detente taxii collections` shows it"),
    state: required(String, "file", "where it is kept how far this came"),
    output: optional(String, "file", "the bundle to be written; it must not exist yet"),
  },
  aliases: { o: "output" },
  args: one(String, "URL", "of the API root"),
  load: () => import("./pull.run.ts"),
});
