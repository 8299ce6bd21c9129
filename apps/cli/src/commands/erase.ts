import { one } from "../args.ts";
import { command, type CommonFlags } from "../command.ts";
import { amount, short } from "../ui/text.ts";

export const eraseCommand = command<CommonFlags, [string]>({
  brief: "Erase the items of a share from this station, for good",
  about:
    "They are no longer found, screened for or given to others, and never fetched again. That they were shared stays on the " +
    "record, and changes no state; what other stations and backups hold is not touched, so withdraw a share of your own first.",
  examples: ["detente erase 1a2b3c4d5e6f"],
  flags: {},
  args: one(String, "SHARE", "the share's hash, or its first digits"),
  async run(cli, _flags, share) {
    const { shares } = await cli.withStation(async (station) => {
      const { leafHash } = await station.statement(share);
      return station.post<{ readonly shares: readonly string[] }>("/api/erase", { share: leafHash });
    });
    const named = shares.map((hash) => short(hash)).join(", ");
    return { json: { erased: shares }, text: [`Erased the items of ${amount(shares.length, "share")} here: ${named}`] };
  },
});
