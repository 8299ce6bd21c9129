import type { Json } from "@detente/basics";
import { SCOPES } from "@detente/station/vocabulary";
import { one, optional, seconds } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";
import { moment } from "../../ui/text.ts";

type Flags = CommonFlags & { readonly scope: readonly string[]; readonly expires?: number };

interface Granted {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly expires?: number;
  readonly secret: string;
}

export const tokenAddCommand = command<Flags, [string]>({
  brief: "Make a token with which a machine may ask the station",
  about:
    "Its secret is shown this once and kept nowhere. A machine may read what its scopes name and never speaks for the party: " +
    "record:read is status, statements, proofs and exports; intel:read is search and indicators; taxii:read and taxii:sealed are what was shared with the unit, and with fewer, over TAXII; what taxii:write brings over TAXII waits until an officer shares it (`detente release`).",
  examples: [
    "detente token add siem --scope intel:read --expires 90d",
    "detente token add grafana --scope record:read",
  ],
  flags: {
    scope: {
      kind: "parsed",
      parse: scope,
      brief: `what it may do: ${SCOPES.join(", ")}`,
      placeholder: "scope",
      variadic: ",",
    },
    expires: optional(seconds, "span", "how long it is good (else until it is revoked)"),
  },
  args: one(String, "LABEL", "what it is for"),
  async run(cli, { scope: scopes, expires }, label) {
    const body: Json = {
      label,
      scopes: [...scopes],
      ...(expires === undefined ? {} : { expires: cli.context.now() + expires * 1000 }),
    };
    const granted = await cli.withStation((station) => station.post<Granted>("/api/tokens", body));
    const end = granted.expires === undefined ? "it is revoked" : moment(granted.expires);
    cli.remark(
      `Token ${granted.id} for ${granted.scopes.join(", ")}, good until ${end}; its secret is not shown again`,
    );
    return { json: granted, text: [granted.secret] };
  },
});

function scope(text: string): string {
  if (!SCOPES.some((known) => known === text)) throw new Error(`"${text}" is none of ${SCOPES.join(", ")}`);
  return text;
}
