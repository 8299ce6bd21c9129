import { itemName, type ItemName, one, required } from "../../args.ts";
import { command } from "../../command.ts";
import { saidLine, stateAbout, TO_FLAG } from "../../statements.ts";

export const falsePositiveCommand = command<{ readonly reason: string; readonly to?: readonly string[] }, [ItemName]>({
  brief: "Say that a shared indicator matches what is harmless",
  examples: ['detente observe false-positive 1a2b3c4d5e6f:17 --reason "address of a content delivery network"'],
  flags: { reason: required(String, "text", "why it is harmless"), to: TO_FLAG },
  args: one(itemName, "SHARE:INDEX", "the item, as `detente intel` prints it"),
  async run(cli, { reason, to }, { share, index }) {
    const said = { type: "observe", kind: "false-positive", content: { item: { index }, reason }, to } as const;
    const appended = await cli.withStation((station) => stateAbout(station, [share], said));
    return { json: appended, text: [saidLine("False positive", appended)] };
  },
});
