import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";

export const tokenRevokeCommand = command<CommonFlags, [string]>({
  brief: "Make a token worthless",
  examples: ["detente token revoke 5f1c09a2b3d4"],
  flags: {},
  args: one(String, "ID", "as `detente token list` shows it"),
  async run(cli, _flags, id) {
    await cli.withStation((station) => station.post<{ readonly id: string }>("/api/tokens/revoke", { id }));
    return { json: { revoked: id }, text: [`Revoked ${id}`] };
  },
});
