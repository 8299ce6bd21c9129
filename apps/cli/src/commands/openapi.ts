import type { Json } from "@detente/basics";
import { command, type CommonFlags, NO_ARGS } from "../command.ts";

export const openApiCommand = command<CommonFlags, []>({
  brief: "Print the OpenAPI 3.1 description of the station's interface for this party's own tools",
  about:
    "It is made from the schemas that check each request. Access to it takes any token; what each operation takes is in it.",
  examples: ["detente openapi > openapi.json"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const document = await cli.withStation((station) => station.get<Json>("/api/openapi.json"));
    return { json: document, text: [JSON.stringify(document, undefined, 2)] };
  },
});
