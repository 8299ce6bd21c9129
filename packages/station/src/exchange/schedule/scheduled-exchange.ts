import { isAbsolute } from "node:path";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { isAudience } from "@detente/record/audience";
import { TLP_LABELS } from "@detente/record/vocabulary";
import { type Static, Type } from "typebox";
import { checkOutbound } from "../client/outbound.ts";

const Path = Type.String({ minLength: 1, maxLength: 4096 });

/** A collection of a server outside that is pulled from, or pushed to, at intervals: an entry of `taxii` in station.json. */
export const ScheduledExchange = Type.Object(
  {
    /** Names what was pulled: `pulled/NAME`. */
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$" }),
    direction: Type.Enum(["pull", "push"]),
    /** Of the API root. */
    url: Type.String({ minLength: 1, maxLength: 1000 }),
    collection: Type.String({ minLength: 1, maxLength: 250 }),
    /** Seconds from the end of one run to the next. */
    interval: Type.Integer({ minimum: 60, maximum: 7 * 86_400 }),
    /** Files, from the root; they are read anew for each run. */
    tokenFile: Type.Optional(Path),
    user: Type.Optional(Type.String({ minLength: 1, maxLength: 250 })),
    passwordFile: Type.Optional(Path),
    /** Whether the server may be at a private address, and speak plain http. */
    private: Type.Optional(Type.Boolean()),
    /** Of the objects that are pulled, all runs together; 4 GiB unless said otherwise. */
    maxBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    /** What is pushed: what was shared with this audience; the whole unit unless said otherwise. */
    audience: Type.Optional(
      Type.Union([Type.Literal("unit"), Type.Array(Type.String(), { minItems: 1, maxItems: 64 })]),
    ),
    /** The strictest label that is pushed; CLEAR unless said otherwise. */
    tlp: Type.Optional(Type.Enum([...TLP_LABELS])),
  },
  { additionalProperties: false },
);

export type ScheduledExchange = Static<typeof ScheduledExchange>;

/** Checks what the schema cannot. */
export function checkExchanges(
  exchanges: readonly ScheduledExchange[],
): Result<readonly ScheduledExchange[], Fault<"bad-taxii">> {
  const names = new Set<string>();
  for (const [i, exchange] of exchanges.entries()) {
    const flaw = names.has(exchange.name) ? `/name: there is another "${exchange.name}" already` : flawOf(exchange);
    if (flaw !== undefined) return err("bad-taxii", `/taxii/${i}${flaw}`);
    names.add(exchange.name);
  }
  return ok(exchanges);
}

function flawOf({ direction, url, private: allowPrivate = false, ...more }: ScheduledExchange): string | undefined {
  const address = checkOutbound(url, { allowPrivate });
  if (!address.ok) return `/url: ${address.fault.message}`;
  const { tokenFile, user, passwordFile, maxBytes, audience, tlp } = more;
  for (const [name, path] of Object.entries({ tokenFile, passwordFile })) {
    if (path !== undefined && !isAbsolute(path)) return `/${name}: does not begin at the root: write the whole path`;
  }
  if ((user === undefined) !== (passwordFile === undefined)) return ": user and passwordFile belong together";
  if (tokenFile !== undefined && user !== undefined) return ": a token and a password are two ways; name one";
  if (direction === "push" && maxBytes !== undefined) return "/maxBytes: says how much is pulled at most";
  if (direction === "pull" && (audience ?? tlp) !== undefined)
    return ": audience and tlp say what is pushed; what is pulled is shared by nobody but an officer";
  return audience === undefined || isAudience(audience) ? undefined : "/audience: names of parties, ascending";
}
